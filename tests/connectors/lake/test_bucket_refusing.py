"""An object store that refuses credentials, asks for patience, or fails in the middle."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import polars as pl
import pytest

from kept.connectors.errors import StoreDeniedError, StoreUnreachableError
from kept.connectors.lake.store import LakeStore
from kept.connectors.survey import survey
from kept.errors import KeptError

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

CANARY = "canary-7f3a@example.com"
LISTED = """<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
<Prefix></Prefix><KeyCount>{count}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>
{files}</ListBucketResult>"""
FILE = """<Contents><Key>{key}</Key><LastModified>2026-08-31T01:00:00.000Z</LastModified>
<ETag>"{tag}"</ETag><Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"""
CODES = {403: "AccessDenied", 503: "SlowDown", 401: "InvalidAccessKeyId"}


def _parquet() -> bytes:
    into = io.BytesIO()
    pl.DataFrame({"mail": [CANARY] * 50}).write_parquet(into)
    return into.getvalue()


FILES = {"a.parquet": _parquet(), "b.csv": f"mail,n\n{CANARY},1\n".encode()}


class _Bucket(BaseHTTPRequestHandler):
    """Speaks as much of S3 as a reader asks for, and refuses as it is told to."""

    protocol_version = "HTTP/1.1"
    listing = 200
    reading = 200
    fails_first = 0
    asked = 0

    def do_HEAD(self) -> None:
        self._object(body=False)

    def do_GET(self) -> None:
        cls = type(self)
        path, _, query = self.path.partition("?")
        if path.strip("/") == "b" or "list-type" in query:
            cls.asked += 1
            if cls.asked <= cls.fails_first:
                self._refuse(503)
            elif cls.listing != 200:
                self._refuse(cls.listing)
            else:
                files = "".join(
                    FILE.format(key=key, tag=len(content), size=len(content))
                    for key, content in FILES.items()
                )
                self._give(200, LISTED.format(count=len(FILES), files=files).encode())
            return
        self._object(body=True)

    def _object(self, *, body: bool) -> None:
        content = FILES.get(self.path.partition("?")[0].removeprefix("/b/"), b"")
        if type(self).reading != 200:
            self._refuse(type(self).reading, body=body)
            return
        start, end = 0, len(content) - 1
        asked = self.headers.get("Range", "")
        if asked.startswith("bytes=-"):
            start = max(0, len(content) - int(asked[7:]))
        elif asked:
            first, _, last = asked.removeprefix("bytes=").partition("-")
            start, end = int(first), min(end, int(last)) if last else end
        part = content[start : end + 1]
        told = {"Content-Range": f"bytes {start}-{end}/{len(content)}"} if asked else {}
        self._give(206 if asked else 200, part, body=body, **told)

    def _refuse(self, status: int, *, body: bool = True) -> None:
        said = f"<Error><Code>{CODES[status]}</Code><Message>{CANARY}</Message></Error>"
        self._give(status, said.encode(), body=body)

    def _give(self, status: int, content: bytes, *, body: bool = True, **told: str) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Length": str(len(content)),
            "Content-Type": "application/xml",
            "ETag": f'"{len(content)}"',
            "Last-Modified": "Mon, 31 Aug 2026 01:00:00 GMT",
            "Accept-Ranges": "bytes",
            **told,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def bucket(**how: int) -> Iterator[tuple[LakeStore, type[_Bucket]]]:
    kind = type("Bucket", (_Bucket,), how)
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        at = f"http://127.0.0.1:{server.server_port}"
        yield LakeStore("lake", f"s3://key:geheim@b?endpoint={at}"), kind
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _silent(error: BaseException) -> None:
    told = f"{error!r} {error} {error.__cause__!r} {vars(error)}"
    assert CANARY not in told
    assert "geheim" not in told


def test_a_bucket_that_answers_is_read() -> None:
    with bucket() as (store, _):
        seen = survey([store])
    assert not seen.failures
    assert not seen.unread
    assert {sample.values["mail"] for sample in seen.samples.values()} == {(CANARY,)}


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_are_said_to_be_refused(status: int) -> None:
    with bucket(listing=status) as (store, _), pytest.raises(StoreDeniedError) as caught:
        store.catalog()
    assert "s3:ListBucket" in caught.value.remedy
    _silent(caught.value)


def test_a_store_that_asks_for_patience_for_good_is_given_up_in_time_and_others_go_on() -> None:
    began = time.monotonic()
    with bucket(listing=503) as (slow, kind), bucket() as (other, _):
        other.name = "other"
        seen = survey([slow, other])
        assert 1 < kind.asked < 10
    assert time.monotonic() - began < 60
    assert {name: error.code for name, error in seen.failures.items()} == {
        "lake": "stores.unreachable"
    }
    assert set(seen.catalogs) == {"other"}
    _silent(seen.failures["lake"])


def test_a_store_that_asks_for_patience_once_is_asked_again() -> None:
    with bucket(fails_first=2) as (store, kind):
        assert [table.name for table in store.catalog().tables]
        assert kind.asked == 3


@pytest.mark.parametrize(
    ("status", "expected"), [(403, StoreDeniedError), (503, StoreUnreachableError)]
)
@pytest.mark.parametrize("name", ["a.parquet", "b.csv"])
def test_a_refusal_in_the_middle_is_no_damaged_file(
    status: int, expected: type[KeptError], name: str
) -> None:
    with bucket() as (store, kind):
        tables = {table.name: table for table in store.catalog().tables}
        (found,) = (table for each, table in tables.items() if each.startswith(name[0]))
        kind.reading = status
        with pytest.raises(expected) as caught:
            list(store.scan(found.name, ["mail"]))
    _silent(caught.value)
