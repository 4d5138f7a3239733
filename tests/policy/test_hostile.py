"""What the reader does with what is no policy, or was made to hurt it."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kept.errors import RefusedError
from kept.policy.decoding import MAX_BYTES
from kept.policy.density import MOST_STATEMENTS
from kept.policy.errors import (
    BinaryPolicyError,
    DamagedPolicyError,
    DuplicateSourceError,
    EmptyPolicyError,
    PolicyLanguageError,
    PolicyTooLargeError,
    UnreadablePolicyError,
)
from kept.policy.mojibake import repairs
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import FindingKind, Register

PIECES = st.sampled_from(
    [
        "we collect your data", "We", " do not ", "share", " your name ", ": ", ".", ";", ",", "\n",
        "\n\n", "- ", "• ", "1. ", "(a) ", "(b) ", "# ", "**", "| a | b |\n", "|---|---|\n", "[", "](",
        "http://x", ")", "a@example.com", "[email protected]", "24 months", "1 March 2026",
        "07/01/2026", "²", "٣", "'", "’", "\u200b", "\u0301", "ﬁ", "๐Ÿ›ก๏ธ", "Ã©", "نحن نجمع بياناتك",
        "Nous collectons vos données", "\r", "\t", "---\n", "don't ", "…", "under 16", " unless ",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=60).map("".join))


def assert_exact(text: str, register: Register) -> None:
    clauses = [each.clause for each in (*register.promises, *register.findings)]
    assert all(text[each.start : each.end] == each.quote != "" for each in clauses)
    assert all(each.duties for each in register.promises if each.impossible)
    assert len({each.id for each in register.promises}) == len(register.promises)


@given(TEXTS)
@example("²³ years we collect data and you")
@example("|a|b|\n|-|-|\n|we collect your data and|")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_exactly_or_refused(text: str) -> None:
    try:
        content = text.encode()
    except UnicodeEncodeError:
        return
    try:
        register = read([Source("any", content)])
    except UnreadablePolicyError:
        return
    decoded = text if register.documents[0].encoding == "utf-8" else text.removeprefix("\ufeff")
    assert_exact(decoded, register)


@given(st.binary(max_size=600))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        register = read([Source("any", content)])
    except UnreadablePolicyError:
        return
    assert_exact(content.decode(register.documents[0].encoding), register)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyPolicyError),
        (b" \n\t\n ", EmptyPolicyError),
        (b"%PDF-1.7 ...", DamagedPolicyError),
        (b"PK\x03\x04 a document", DamagedPolicyError),
        (bytes(range(256)) * 4, BinaryPolicyError),
        (b"a" * (MAX_BYTES + 1), PolicyTooLargeError),
        (b"Wir verarbeiten Ihre personenbezogenen Daten nur mit Ihrer Einwilligung.",
         PolicyLanguageError),
        (b"Recopilamos sus datos personales cuando usted utiliza nuestros servicios.",
         PolicyLanguageError),
        (b"Raccogliamo i dati personali degli utenti quando utilizzano il sito.",
         PolicyLanguageError),
        ("Kişisel verilerinizi size hizmet sunmak için işliyoruz.".encode(), PolicyLanguageError),
        ("ما اطلاعات شخصی شما را برای ارائه خدمات جمع آوری می کنیم.".encode(),
         PolicyLanguageError),
        ("ہم آپ کی ذاتی معلومات جمع کرتے ہیں اور کسی کو نہیں دیتے۔".encode(), PolicyLanguageError),
        ("我们收集您的个人信息。".encode(), PolicyLanguageError),
        ("Мы собираем ваши персональные данные.".encode(), PolicyLanguageError),
        (b"12345 67890", PolicyLanguageError),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_refused_with_its_reason(
    content: bytes, error: type[RefusedError]
) -> None:
    with pytest.raises(error) as refused:
        read([Source("policy", content)])
    assert refused.value.remedy
    assert refused.value.code.startswith("policy.")
    assert "policy" in str(refused.value)


def test_two_sources_of_one_name_are_refused() -> None:
    source = Source("policy", b"We do not sell your data.")
    with pytest.raises(DuplicateSourceError):
        read([source, source])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"]
)
def test_encodings_are_told(encoding: str) -> None:
    text = (
        "Our policy on your café account\n\nWe do not sell your personal data to anyone. "
        "We keep the résumé that you send us for 6 months.\n"
    )
    content = text.encode(encoding)
    if encoding == "utf-16-le":
        content = b"\xff\xfe" + content
    register = read([Source("policy", content)])
    assert [each.category for each in register.promises] == ["no-sale", "retention"]
    decoded = content.decode(register.documents[0].encoding)
    assert_exact(decoded, register)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Nous ne vendons pas vos données personnelles.", "Nous ne vendons pas vos données personnelles."),
        ("لا نبيع بياناتك الشخصية إلى أي طرف.", "لا نبيع بياناتك الشخصية إلى أي طرف."),
        ("Wir verkaufen Ihre Daten nicht und wir nutzen sie auch nicht.",
         "Wir verkaufen Ihre Daten nicht und wir nutzen sie auch nicht."),
    ],
)  # fmt: skip
def test_what_is_not_read_is_said_with_its_words(text: str, quote: str) -> None:
    mixed = f"Our policy\n\nWe do not sell your personal data.\n\n{text}\n"
    register = read([Source("policy", mixed.encode())], languages=("en",))
    unread = [each for each in register.findings if each.kind is FindingKind.UNREAD]
    assert [each.clause.quote for each in unread] == [quote]
    assert [each.clause.quote for each in register.promises] == [
        "We do not sell your personal data"
    ]


def test_wrongly_decoded_emoji_are_passed_over_and_offsets_stay() -> None:
    emoji = "๐Ÿ›ก๏ธ"
    text = f"{emoji} Our policy for you\n\n  • {emoji} We do not sell your data\n"
    register = read([Source("policy", text.encode())])
    assert [each.clause.quote for each in register.promises] == ["We do not sell your data"]
    assert_exact(text, register)


SIZE = 200_000
HARD: dict[str, Callable[[], str]] = {
    "a run of marks without an end": lambda: "We do not sell your data" + "?!" * 50_000 + "x",
    "tiny items": lambda: "".join(f"- we collect a{number}\n" for number in range(10_000)),
    "few items": lambda: "".join(f"- we collect a{number}\n" for number in range(3_900)),
    "tiny sentences": lambda: "".join(f"We share a{number}. " for number in range(12_000)),
    "lists": lambda: "".join(f"We collect:\n- a{at}\n- b{at}\n" for at in range(6_000)),
    "addresses without an end": lambda: "We share " + "a." * (SIZE // 2) + " with you",
    "names": lambda: "".join(f"Acme{at} collects data. " for at in range(SIZE // 24)),
    "three languages": lambda: "\n\n".join(
        f"{each} {at}."
        for each in (
            "We share your name with partner",
            "Nous partageons votre nom avec",
            "نشارك اسمك مع الشريك",
        )
        for at in range(590)
    ),
    "one word": lambda: "a" * SIZE,
    "one line": lambda: "we collect your data " * (SIZE // 21),
    "no sentence end": lambda: "and we share, or we sell; " * (SIZE // 26),
    "brackets": lambda: "[" * SIZE + " we collect your data",
    "open links": lambda: "[a](b" * (SIZE // 5),
    "tags": lambda: "<a" * (SIZE // 2),
    "stars": lambda: "**a** " * (SIZE // 6),
    "spaces": lambda: " " * SIZE + "we collect your data",
    "blank lines": lambda: "\n" * SIZE + "we collect your data",
    "dashes": lambda: "-" * SIZE + " we collect your data",
    "deep lists": lambda: "".join(" " * i + "- we collect:\n" for i in range(600)),
    "enumerations": lambda: "(a) we use (b) we share " * (SIZE // 24),
    "mojibake": lambda: "๐Ÿ›ก๏ธ" * (SIZE // 18) + " we collect your data",
    "marks": lambda: "a\u0301" * (SIZE // 3) + " we collect your data",
    "dots": lambda: "a." * (SIZE // 2) + "@",
    "rows": lambda: "|a|b|\n" * (SIZE // 6),
}


@pytest.mark.parametrize("case", HARD)
def test_time_grows_with_the_text_and_no_faster(case: str) -> None:
    content = HARD[case]().encode()
    read([Source("warm", b"We do not sell your data.")])
    begun = time.process_time()
    with suppress(UnreadablePolicyError):
        read([Source("hard", content)])
    assert time.process_time() - begun < 5 * max(0.5, len(content) / 1_000_000)


def test_a_heap_of_tiny_statements_is_refused_and_not_cut_short() -> None:
    heap = "".join(f"- we collect a{number}\n" for number in range(MOST_STATEMENTS + 1))
    with pytest.raises(PolicyTooLargeError, match="4,001 lines, cells and sentences") as refused:
        read([Source("heap", heap.encode())])
    assert "split it" in refused.value.remedy


def test_a_long_policy_of_ordinary_sentences_is_read_to_its_end() -> None:
    sentence = "We keep the records of order number {} for no longer than five years. "
    text = "\n\n".join(sentence.format(at) * 2 for at in range(MOST_STATEMENTS // 2))
    register = read([Source("long", text.encode())])
    assert len(register.promises) == MOST_STATEMENTS


SAID = {
    "fr": "Nous ne vendons pas vos données. Vos données sont effacées après 24 mois, à l’échéance.",
    "ar": "لا نبيع بياناتك الشخصية إلى أي طرف. نحتفظ بطلباتك لمدة 24 شهرا، ثم نحذفها.",
}


@pytest.mark.parametrize(
    ("tag", "encoding"),
    [
        *(("fr", each) for each in ("cp1256", "cp1250", "mac_roman", "cp437", "cp850", "latin_1")),
        *(("ar", each) for each in ("cp1256", "mac_roman", "cp437", "latin_1")),
    ],
)
def test_a_text_that_was_read_in_another_encoding_says_what_it_said(
    tag: str, encoding: str
) -> None:
    misread = SAID[tag].encode().decode(encoding)
    right, wrong = read([Source("r", SAID[tag].encode())]), read([Source("w", misread.encode())])
    assert [(each.category, each.duties, each.terms) for each in wrong.promises] == [
        (each.category, each.duties, each.terms) for each in right.promises
    ]
    assert_exact(misread, wrong)


@pytest.mark.parametrize(
    "text",
    [
        "نحن نجمع البريد فقط، ثم نحفظه في المبدأ، ولا نبيعه قط؛ هل تعلم؟ لا نشارك الخط، أو الحظ.",
        "«Nous» gardons l’œuvre — à côté — où ça gêne : été, août, Noël, naïf, cœur, ©, €, §.",
    ],
)
def test_a_text_that_is_right_is_left_as_it_is(text: str) -> None:
    assert list(repairs(text)) == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("tag", SAID)
def test_two_bytes_a_letter_are_known_without_a_mark(tag: str, encoding: str) -> None:
    register = read([Source("policy", SAID[tag].encode(encoding))])
    assert register.documents[0].encoding == encoding
    assert register.promises
    assert_exact(SAID[tag], register)
