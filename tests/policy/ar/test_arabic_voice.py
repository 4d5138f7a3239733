"""Who is read to speak in Arabic policies, in which person and in the words of which region."""

import pytest

from kept.policy.languages.loading import load
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Category, Kind, Promise


def _said(text: str) -> list[Promise]:
    return list(read([Source("policy.txt", f"سياسة الخصوصية\n\n{text}\n".encode())]).promises)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("تُشعر الهيئة صاحب البيانات فور علمها بأي تسرب.", Category.INCIDENT),
        ("يُتلف البنك سجلات العمليات بعد عشر سنوات من إغلاق الحساب.", Category.RETENTION),
        ("لا تُباع بيانات الزبائن لأي طرف.", Category.NO_SALE),
        ("ما نبيع بياناتك لأحد.", Category.NO_SALE),
        ("لا يجوز كراء المعطيات للأغيار.", Category.NO_SALE),
        ("تحيل الوزارة الطلبات وبياناتها إلى السلطات المختصة.", Category.SHARE),
        ("يمكن رفع شكاية إلى اللجنة الوطنية.", Category.RIGHTS),
    ],
)
def test_what_is_promised_does_not_depend_on_the_person_or_the_region(
    text: str, category: Category
) -> None:
    (promise,) = _said(text)
    assert promise.category is category


@pytest.mark.parametrize(
    "text",
    [
        "عندما ترسل بياناتك",
        "البيانات التي تحذف من جهازك",
        "إذا كنت تطلب الخدمة",
        "تزودنا المدرسة بالأسماء",
    ],
)
def test_what_others_do_is_not_read_as_done_by_the_writer(text: str) -> None:
    language = load("ar")
    words = language.words(text, 0, len(text))
    assert not [form for form in words.others.values() if form.startswith("ن")]


def test_what_begins_a_question_denies_nothing() -> None:
    for text in ("ما نجمعه من بيانات", "كل ما نجمع من بيانات", "كما يجوز لنا الكشف عنها"):
        assert "لا" not in load("ar").words(text, 0, len(text)).others.values()


def test_a_question_heads_its_answer() -> None:
    promises = _said(
        "س: هل تبيعون بياناتي؟\nج: لا نبيع بياناتك لأحد.\n\nس: كم تحتفظون بها؟\nج: نحتفظ بها سنتين."
    )
    assert [each.category for each in promises] == [Category.NO_SALE, Category.RETENTION]
    assert promises[0].clause.quote == "لا نبيع بياناتك لأحد"


def test_verbs_that_share_an_object_are_one_clause() -> None:
    (promise,) = _said("توضح هذه السياسة كيف نجمع، ونستخدم، ونحمي بياناتك عند زيارة موقعنا.")
    assert promise.category is Category.SCOPE
    assert promise.clause.quote.endswith("موقعنا")


def test_recipients_in_a_limited_list_are_disclosed_and_cases_are_conditions() -> None:
    text = "نشارك بياناتك فقط مع:\n- شركات التوصيل\n- السلطات إذا ألزمنا القانون بذلك\n"
    _, firms, law = _said(text)
    assert (firms.kind, law.kind) == (Kind.DISCLOSURE, Kind.CONDITIONAL)
