"""How Arabic is written, and what of it the reader must not mind."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.policy.languages.affixes import Affixes
from kept.policy.languages.loading import load
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Promise, Register

Read = Callable[[str], Register]


@pytest.fixture
def read_arabic() -> Read:
    def read_one(text: str) -> Register:
        return read([Source("policy.txt", text.encode())], languages=("en", "ar"))

    return read_one


def only(register: Register) -> Promise:
    (promise,) = register.promises
    return promise


def affixes() -> Affixes:
    found = load("ar").affixes
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("وسنبلغكم", "نبلغ"),
        ("وبياناتك", "بيانات"),
        ("للبيانات", "بيانات"),
        ("بالمعلومات", "معلومات"),
        ("خصوصيتك", "خصوصيه"),
        ("فسنخطرك", "نخطر"),
        ("شركاؤنا", "شركاء"),
        ("يوما", "يوم"),
    ],
)
def test_a_word_is_looked_up_without_the_particles_joined_to_it(word: str, bare: str) -> None:
    assert bare in affixes().forms(word)


@given(st.text(alphabet="ابتكلمنهويسفةءئؤ", min_size=1, max_size=24))
def test_every_word_has_few_forms_and_is_one_of_them(word: str) -> None:
    forms = affixes().forms(word)
    assert word.replace("ة", "ه") in forms
    assert len(forms) == len(set(forms)) <= 400


@pytest.mark.parametrize(
    "written",
    [
        "نحتفظ ببياناتك لمدة 30 يوما بعد إغلاق حسابك.",
        "نَحتفظُ ببياناتِك لمُدّة ٣٠ يومًا بعد إغلاق حسابك.",
        "نحتفـــظ ببياناتك لمدة 30 يومًا بعد اغلاق حسابك.",
        "\u200fنحتفظ \u202bببياناتك\u202c لمدة ۳۰ يوماً بعد إغلاق حسابك.",
        unicodedata.normalize("NFD", "نحتفظ ببياناتك لمدة 30 يوما بعد إغلاق حسابك."),
    ],
)
def test_dress_changes_nothing_and_quotes_stay_exact(written: str, read_arabic: Read) -> None:
    promise = only(read_arabic(written))
    assert promise.category == "retention"
    assert promise.terms == {"at_most": "30 days", "counted_from": "account closed"}
    assert written[promise.clause.start : promise.clause.end] == promise.clause.quote
    assert promise.clause.quote == written.lstrip("\u200f").rstrip(".")


@pytest.mark.parametrize(
    ("period", "read_as"),
    [
        ("30 يومًا", "30 days"),
        ("ثلاثة أشهر", "3 months"),
        ("سنتين", "2 years"),
        ("٢٤ شهرا", "24 months"),
        ("اثني عشر شهرا", "12 months"),
        ("سنة واحدة", "1 year"),
        ("خمس سنوات", "5 years"),
        ("ثلاثين (30) يوما", "30 days"),
    ],
)
def test_periods_are_read_as_numbers_with_units(
    period: str, read_as: str, read_arabic: Read
) -> None:
    promise = only(read_arabic(f"نحتفظ ببياناتك لمدة {period}."))
    assert promise.terms["at_most"] == read_as


@pytest.mark.parametrize(
    ("date", "iso"),
    [
        ("18-02-2024", "2024-02-18"),
        ("4 يناير 2025", "2025-01-04"),
        ("٤ كانون الثاني ٢٠٢٥", "2025-01-04"),
        ("1 غشت 2024", "2024-08-01"),
        ("20 تشرين الأول 2023", "2023-10-20"),
    ],
)
def test_dates_are_read_in_the_months_of_every_region(
    date: str, iso: str, read_arabic: Read
) -> None:
    register = read_arabic(f"تاريخ السريان: {date}\n\nنجمع اسمك وبريدك الإلكتروني.")
    assert register.documents[0].version_date == iso


def test_a_date_glued_to_the_next_word_is_an_entry_of_its_own(read_arabic: Read) -> None:
    register = read_arabic("آخر تحديث: 18-02-2024في هذه السياسة نوضح كيف نجمع بياناتك.")
    assert register.promises[0].clause.quote == "آخر تحديث: 18-02-2024"


def test_headings_glued_to_their_text_are_no_part_of_a_promise(read_arabic: Read) -> None:
    text = (
        "المعلومات التي نجمعها: نجمع اسمك ورقم هاتفك. الأمان:نستخدم تشفير TLS لنقل البيانات."
        " اتصل بنا: لأي استفسار يرجى التواصل معنا على privacy@example.com"
    )
    found = {each.category.value: each.clause.quote for each in read_arabic(text).promises}
    assert found["collect"] == "نجمع اسمك ورقم هاتفك"
    assert found["security"] == "نستخدم تشفير TLS لنقل البيانات"
    assert found["contact"].startswith("لأي استفسار")


def test_lines_after_a_lead_in_are_items_without_bullets(read_arabic: Read) -> None:
    text = "حقوقك\nيحق لك:\nالوصول إلى بياناتك\nتصحيح بياناتك\nحذف بياناتك\n"
    assert [each.rights[0].value for each in read_arabic(text).promises] == [
        "access",
        "rectification",
        "erasure",
    ]


@pytest.mark.parametrize(
    ("words", "category", "kind"),
    [
        ("لا نشارك بياناتك مع أي طرف ثالث.", "share", "firm"),
        ("قد نشارك بياناتك مع شركائنا.", "share", "hedged"),
        ("لا نشارك بياناتك مع أي طرف ثالث إلا بعد موافقتك.", "share", "conditional"),
        ("لا نجمع بيانات من الأطفال دون سن 13 عاما.", "children", "firm"),
        ("لن نبيع بياناتك لأي جهة.", "no-sale", "firm"),
        ("لا نجمع سوى البيانات الضرورية لتقديم الخدمة.", "minimise", "firm"),
        ("لا يمكننا ضمان أمان بياناتك المطلق.", "disclaimer", "disclaimer"),
        ("نتخذ تدابير أمنية مناسبة لحماية بياناتك.", "security", "vague"),
    ],
)
def test_negation_exception_and_hedge_decide_the_kind(
    words: str, category: str, kind: str, read_arabic: Read
) -> None:
    promise = only(read_arabic(words))
    assert (promise.category, promise.kind) == (category, kind)


def test_absolute_security_is_impossible_where_claimed_and_not_where_denied(
    read_arabic: Read,
) -> None:
    assert only(read_arabic("نضمن أمان بياناتك المطلق.")).impossible
    assert not only(read_arabic("لا يمكننا ضمان أمان بياناتك المطلق.")).impossible


def test_an_age_is_read_from_below_age(read_arabic: Read) -> None:
    promise = only(read_arabic("خدماتنا غير موجهة للأطفال دون سن ١٣ عامًا."))
    assert promise.terms["age"] == 13


@pytest.mark.parametrize(
    "other",
    [
        "ما اطلاعات شخصی شما را جمع‌آوری می‌کنیم و آن را با شرکت‌های دیگر به اشتراک نمی‌گذاریم.",
        "ہم آپ کی ذاتی معلومات جمع کرتے ہیں اور کسی تیسرے فریق کو نہیں دیتے ہیں۔",
    ],
)
def test_persian_and_urdu_are_not_taken_for_arabic(other: str, read_arabic: Read) -> None:
    register = read_arabic(f"نجمع اسمك وبريدك الإلكتروني عند إنشاء حسابك.\n\n{other}\n")
    assert len(register.promises) == 1
    assert "unread" in {finding.kind for finding in register.findings}


def test_a_lead_in_whose_list_is_missing_is_a_gap(read_arabic: Read) -> None:
    missing = "مشاركة البيانات: يجوز لنا الإفصاح عن بياناتك في الحالات التالية:\n"
    following = "الاحتفاظ بالبيانات: نحتفظ ببياناتك لمدة سنة.\n"
    listed = "- امتثالا لأمر قضائي\n- لحماية حقوقنا\n"
    assert "gap" in {each.kind for each in read_arabic(missing + following).findings}
    assert "gap" not in {each.kind for each in read_arabic(missing + listed + following).findings}
