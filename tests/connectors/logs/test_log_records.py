import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.connectors.files.lines import decoded, lines
from kept.connectors.logs.records import FORMS, records
from kept.connectors.logs.store import log_of
from kept.connectors.open_rows import Record

COMBINED = (
    '192.0.2.1 - ana [10/Oct/2026:13:55:36 +0000] "GET /a?email=x%40example.com&t=1&t=2 HTTP/1.1" '
    '200 5 "https://example.com/b?c=d" "Mozilla/5.0 (X11; \\"q\\")"'
)
NGINX = (
    "2026/10/10 13:55:36 [error] 12#12: *5 no, client: 192.0.2.7, server: a.example, "
    'request: "POST /x HTTP/1.1", host: "a.example"'
)


def read(text: str | bytes) -> list[Record]:
    raw = text.encode() if isinstance(text, str) else text
    return [each for each, _ in records(lines(io.BytesIO(raw), 0))]


def test_a_combined_line_is_read_in_the_words_of_its_format() -> None:
    assert read(COMBINED) == [
        {
            "remote_addr": "192.0.2.1",
            "remote_user": "ana",
            "time_local": "10/Oct/2026:13:55:36 +0000",
            "request": "GET /a?email=x%40example.com&t=1&t=2 HTTP/1.1",
            "query": '{"email": "x@example.com", "t": ["1", "2"]}',
            "status": 200,
            "body_bytes_sent": 5,
            "referer": "https://example.com/b?c=d",
            "user_agent": 'Mozilla/5.0 (X11; \\"q\\")',
        }
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'shop.example.com:443 2001:db8::1 - - [10/Oct/2026:13:55:36 +0000] "-" 408 -',
            {"vhost": "shop.example.com:443", "remote_addr": "2001:db8::1", "status": 408},
        ),
        (
            NGINX,
            {"remote_addr": "192.0.2.7", "request": "POST /x HTTP/1.1", "level": "error"},
        ),
        (
            "[Wed Oct 11 14:32:52.123456 2026] [core:error] [pid 35:tid 1] [client 192.0.2.9:1234] gone",
            {"remote_addr": "192.0.2.9", "module": "core", "message": "gone"},
        ),
        (
            '<34>1 2026-10-11T22:14:15.003Z web su 10 ID47 [x@1 user="ana"] failed for ana',
            {"hostname": "web", "structured_data": '{"user": "ana"}', "message": "failed for ana"},
        ),
        (
            "<34>Oct 11 22:14:15 web sshd[42]: Accepted password for ana",
            {"app_name": "sshd", "procid": "42", "message": "Accepted password for ana"},
        ),
        (
            "2026-10-11T22:14:15.003+00:00 web cron[1]: ran",
            {"timestamp": "2026-10-11T22:14:15.003+00:00", "app_name": "cron", "message": "ran"},
        ),
        (
            '{"level":"info","user":{"email":"ana@example.com"},"tags":["a"]}',
            {"level": "info", "user": '{"email": "ana@example.com"}', "tags": '["a"]'},
        ),
        (
            'ts=2026-01-01 level=info email=ana@example.com msg="hello \\"you\\""',
            {"email": "ana@example.com", "msg": 'hello "you"'},
        ),
        (
            "2026-01-31T12:00:00.123Z WARN  [http-nio-1] c.e.shop.Mailer - bounced ana@example.com",
            {"level": "WARN", "logger": "c.e.shop.Mailer", "message": "bounced ana@example.com"},
        ),
        ("nothing that anybody knows", {"message": "nothing that anybody knows"}),
    ],
)
def test_a_line_of_each_form_is_read(line: str, said: Record) -> None:
    (found,) = read(line)
    assert said.items() <= found.items()


def test_a_stack_trace_belongs_to_the_line_before_it() -> None:
    java = "2026-01-31 12:00:00,1 ERROR shop: no\njava.lang.IllegalStateException: x\n\tat a.b.C\nCaused by: y\n\t... 3 more\n"
    python = 'boom\nTraceback (most recent call last):\n  File "a.py", line 1\n    x()\nValueError: z\nnext\n'
    (first,) = read(java)
    assert str(first["message"]).endswith("... 3 more")
    assert [str(each["message"]).count("\n") for each in read(python)] == [4, 0]


LINES = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from([COMBINED, COMBINED[:90], '{"a": 1}', '{"a": ', "\tat x", "a=1 b=2", "}"]),
    ),
    max_size=12,
)


@given(LINES)
def test_no_line_is_lost_and_none_stops_the_reading(given_lines: list[str]) -> None:
    raw = "\n".join(given_lines).encode("utf-8", "surrogatepass")
    found = list(records(lines(io.BytesIO(raw), 0)))
    ends = [end for _, end in found]
    assert ends == sorted(set(ends))
    assert all(said for said, _ in found)
    # A reading that goes on where a record ended finds the others.
    if found:
        at = ends[len(ends) // 2]
        assert [said for said, end in found if end > at] == read(raw[at:])


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read(raw: bytes) -> None:
    found = read(raw)
    assert found == read(raw)
    assert all(found)
    # As text: bytes know fewer kinds of white space.
    assert bool(found) or not any(decoded(each).strip() for each in raw.split(b"\n"))


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=60
    )
)
def test_what_no_form_knows_is_kept_word_for_word(line: str) -> None:
    if line.strip() and not any(form(line) for form in FORMS):
        assert read(line) == [{"message": line}]


@pytest.mark.parametrize(
    ("name", "log"),
    [
        ("access.log", "access.log"),
        ("access.log.1", "access.log"),
        ("access.log.12.gz", "access.log"),
        ("access.log-20260131.xz", "access.log"),
        ("app-2026-01-31.3.log", "app.log"),
        ("app.2026-01.log.gz", "app.log"),
        ("web1/syslog.2.gz", "web1/syslog"),
        ("ssl_access_log-20260131", "ssl_access_log"),
        ("nginx/2026-01-31.log.gz", "nginx/*.log"),
        ("s3.log", "s3.log"),
    ],
)
def test_rotated_files_are_one_log(name: str, log: str) -> None:
    assert log_of(name) == log
