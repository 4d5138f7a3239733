import json
from collections.abc import Iterable

import pytest

from kept.checks.comparison import Comparison, Looked, Sureness, compare
from kept.checks.comparison_report import as_json
from kept.inventory.catalog import Catalog, Table
from kept.inventory.connector import Sample
from kept.inventory.dataset import (
    Because,
    Classified,
    Dataset,
    DatasetId,
    DecidedBy,
    Field,
    Inventory,
    State,
)
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Register
from kept.vocabulary.data_category import DataCategory as C

POLICY = """# Privacy

We collect your name, your e-mail address and your telephone number.

You give us your name and your e-mail address when you sign up.

We use your e-mail address only to answer your questions.

We share your name with the firm that delivers our parcels.

We do not collect information about your health.
"""
PEOPLE = DatasetId("app", "people")


@pytest.fixture(scope="module")
def register() -> Register:
    return read([Source("policy.md", POLICY.encode())])


def field(name: str, *categories: C, score: float = 0.97, source: str = "") -> Field:
    return Field(
        name=name,
        type="TEXT",
        source=source,
        decided_by=DecidedBy.DISCOVERY if categories else DecidedBy.NOBODY,
        categories=tuple(
            Classified(
                category=each,
                score=score,
                because=(Because(evidence=f"the name says '{name}'", weight=3.0),),
            )
            for each in categories
        ),
    )


def people(*fields: Field, whole: bool = True, state: State = State.PROPOSED) -> Looked:
    dataset = Dataset(id=PEOPLE, state=state, fields=fields, rows=50, only_sampled=not whole)
    return Looked(
        inventory=Inventory(datasets=(dataset,)),
        systems={"app": "Shop"},
        regions={"app": "DE"},
    )


NAME, EMAIL = field("name", C.USER_NAME), field("email", C.USER_CONTACT_EMAIL)


def found(comparison: Comparison) -> set[tuple[str, str]]:
    return {(each.field, each.sureness.value) for each in comparison.undeclared}


def test_what_is_held_and_not_declared_is_named_with_what_was_seen_and_what_is_listed(
    register: Register,
) -> None:
    looked = people(NAME, field("married", C.USER_DEMOGRAPHIC_MARITAL_STATUS))
    (each,) = compare(looked, register).undeclared
    assert (each.field, each.sureness) == ("married", Sureness.PROVEN)
    assert "the name says" in each.because
    assert each.words is not None
    assert each.words.quote in POLICY


def test_a_map_with_only_what_is_declared_has_nothing_undeclared(register: Register) -> None:
    assert compare(people(NAME, EMAIL), register).undeclared == ()


def test_what_nobody_is_sure_of_is_only_suspected(register: Register) -> None:
    looked = people(field("m", C.USER_DEMOGRAPHIC_MARITAL_STATUS, score=0.6))
    assert found(compare(looked, register)) == {("m", "suspected")}


def test_what_is_declared_and_nowhere_is_proven_absent_only_where_everything_was_read(
    register: Register,
) -> None:
    (whole,) = compare(people(NAME, EMAIL), register).never_found
    assert whole.category is C.USER_CONTACT_PHONE_NUMBER
    assert whole.sureness is Sureness.PROVEN
    assert "telephone number" in whole.words[0].quote
    (part,) = compare(people(NAME, EMAIL, whole=False), register).never_found
    assert part.sureness is Sureness.SAMPLED
    assert part.partly == (PEOPLE,)


def test_a_silent_store_may_hold_what_was_not_found(register: Register) -> None:
    looked = people(NAME, EMAIL)
    silent = Looked(inventory=looked.inventory, silent=("crm",))
    assert {each.sureness for each in compare(silent, register).never_found} == {Sureness.SAMPLED}


def test_a_store_in_no_system_and_a_table_that_nobody_listed_are_uncovered(
    register: Register,
) -> None:
    looked = people(NAME, EMAIL, state=State.UNLISTED)
    told = compare(Looked(inventory=looked.inventory), register).uncovered
    assert [(each.store, each.dataset) for each in told] == [("app", ""), ("app", "people")]
    covered = people(NAME, EMAIL)
    assert compare(covered, register).uncovered == ()


def test_sensitive_data_has_a_ground_only_where_the_words_name_it() -> None:
    sensitive = people(field("blood", C.USER_HEALTH))
    silent = read([Source("policy.md", POLICY.encode())])
    (bare,) = compare(sensitive, silent).without_ground
    assert bare.field == "blood"
    consent = "We collect information about your health only with your explicit consent.\n"
    stated = read([Source("policy.md", f"{POLICY}\n{consent}".encode())])
    assert compare(sensitive, stated).without_ground == ()


def test_a_ground_for_customers_is_none_for_staff() -> None:
    consent = "We collect information about your health only with your explicit consent.\n"
    stated = read([Source("policy.md", f"{POLICY}\n{consent}".encode())])
    dataset = Dataset(
        id=DatasetId("app", "staff"),
        state=State.DECIDED,
        about="staff",
        fields=(field("blood", C.USER_HEALTH),),
    )
    (bare,) = compare(Looked(inventory=Inventory(datasets=(dataset,))), stated).without_ground
    assert not bare.spoken_of


def sample(nulls: int, *, rows: int, read: int) -> Sample:
    return Sample(
        dataset="people",
        rows=rows,
        read=read,
        values={"name": ("A",), "fax": ()},
        nulls={"name": 0, "fax": nulls},
        distinct={"name": 1, "fax": 0},
    )


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (sample(50, rows=50, read=50), [("fax", True)]),
        (sample(20, rows=5_000, read=20), [("fax", False)]),
        (sample(49, rows=50, read=50), []),
        (sample(0, rows=0, read=0), []),
    ],
    ids=["all rows", "a sample", "one value", "no rows"],
)
def test_a_field_that_is_always_empty_is_advice_and_says_how_much_was_read(
    seen: Sample, expected: list[tuple[str, bool]], register: Register
) -> None:
    looked = people(NAME, field("fax"))
    told = compare(Looked(inventory=looked.inventory, samples={PEOPLE: seen}), register).unneeded
    assert [(each.field, each.proven) for each in told] == expected
    assert all(each.proven or "only sampled" in each.evidence for each in told)


def catalog(**more: object) -> Catalog:
    table = Table(name="people", columns=(), **more)  # type: ignore[arg-type] # what a test says
    return Catalog(store="app", engine="postgresql", tables=(table,))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"never_read": True}, [""]),
        ({"never_read": None}, []),
        ({"always_null": ("fax",)}, ["fax"]),
    ],
)
def test_what_the_engine_says_nobody_reads_or_fills_is_told(
    table: dict[str, object], expected: list[str], register: Register
) -> None:
    looked = people(NAME, field("fax"))
    told = compare(
        Looked(inventory=looked.inventory, catalogs=(catalog(**table),)), register
    ).unneeded
    assert [each.field for each in told] == expected


def test_each_field_says_its_source_purpose_recipient_and_region_or_that_nobody_does(
    register: Register,
) -> None:
    by = {each.field: each for each in compare(people(NAME, EMAIL), register).origins}
    assert by["email"].region == "DE"
    assert any("answer your questions" in each.quote for each in by["email"].purposes)
    assert any("parcels" in each.quote for each in by["name"].recipients)
    assert "recipient" in by["email"].missing


def test_without_a_policy_what_needs_none_is_still_said() -> None:
    told = compare(people(field("blood", C.USER_HEALTH)), None)
    assert not told.read
    assert told.undeclared == told.never_found == ()
    assert [each.field for each in told.without_ground] == ["blood"]


def test_every_promise_named_in_the_json_stands_there_with_its_words(register: Register) -> None:
    looked = people(NAME, field("married", C.USER_DEMOGRAPHIC_MARITAL_STATUS))
    told = json.loads(json.dumps(as_json(compare(looked, register))))
    named = set(_ids(told))
    assert named
    assert named == set(told["words"])
    assert all(each["quote"] in POLICY for each in told["words"].values())


def _ids(told: dict[str, list[dict[str, list[str]]]]) -> Iterable[str]:
    for entries in (value for value in told.values() if isinstance(value, list)):
        for each in entries:
            for name in ("promises", "grounds", "denied_by", "sources", "purposes", "recipients"):
                yield from each.get(name, [])
