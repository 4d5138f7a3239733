from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kept.inventory.change import (
    Change,
    Happened,
    SeenDataset,
    SeenField,
    SeenStore,
    changes,
)
from kept.inventory.change_seen import as_kept, from_kept
from kept.inventory.shape import Shape, shape_of

ADDRESSES = [f"person{number}@example.com" for number in range(50)]
MAIL = shape_of(ADDRESSES, read=50, nulls=0, distinct=50)
TOWN = shape_of(["Berlin", "Lahore", "Lyon"], read=50, nulls=0, distinct=3)


def field(name: str, *categories: str, shape: Shape | None = None, kind: str = "TEXT") -> SeenField:
    return SeenField(name=name, type=kind, categories=dict.fromkeys(categories, 0.97), shape=shape)


EMAIL = field("email", "user.contact.email", shape=MAIL)
CITY = field("city", "user.contact.address.city", shape=TOWN)
NUMBER = field("id", kind="INTEGER")


def store(*datasets: SeenDataset, unread: tuple[str, ...] = ()) -> SeenStore:
    return SeenStore(store="app", engine="sqlite", datasets=datasets, unread=unread)


def dataset(name: str, *fields: SeenField) -> SeenDataset:
    return SeenDataset(name=name, rows=50, fields=fields)


def told(found: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(each.happened.value, each.dataset, each.field) for each in found]


def test_the_same_look_twice_differs_in_nothing() -> None:
    look = store(dataset("people", NUMBER, EMAIL, CITY))
    assert changes(look, look) == ()


def test_a_column_that_came_appears_and_one_that_went_vanishes() -> None:
    before = store(dataset("people", NUMBER, EMAIL))
    after = store(dataset("people", NUMBER, CITY))
    assert told(changes(before, after)) == [
        ("appeared", "people", "city"),
        ("vanished", "people", "email"),
    ]


def test_a_column_with_another_name_and_the_same_values_has_moved() -> None:
    before = store(dataset("people", NUMBER, EMAIL, CITY))
    after = store(dataset("people", NUMBER, replace(EMAIL, name="mail_address"), CITY))
    (found,) = changes(before, after)
    assert (found.happened, found.field, found.was) == (
        Happened.MOVED,
        "mail_address",
        ("people", "email"),
    )


def test_a_table_is_known_again_although_a_column_was_renamed_and_one_went_with_it() -> None:
    before = store(dataset("customer", NUMBER, EMAIL, CITY, field("note")))
    after = store(dataset("client", NUMBER, replace(EMAIL, name="mail_address"), CITY))
    assert told(changes(before, after)) == [
        ("moved", "client", ""),
        ("moved", "client", "mail_address"),
        ("vanished", "client", "note"),
    ]


def test_a_column_that_moved_to_a_table_with_more_rows_is_known_again() -> None:
    often = shape_of(["Berlin", "Lahore", "Lyon"], read=500, nulls=400, distinct=3)
    before = store(dataset("people", NUMBER, EMAIL, CITY), dataset("orders", NUMBER))
    after = store(
        dataset("people", NUMBER, EMAIL), dataset("orders", NUMBER, replace(CITY, shape=often))
    )
    (found,) = changes(before, after)
    assert (found.happened, found.dataset, found.was) == (
        Happened.MOVED,
        "orders",
        ("people", "city"),
    )


def test_a_column_with_the_same_label_and_other_values_has_not_moved() -> None:
    hashes = shape_of(["a9f0" * 10, "77c1" * 10], read=50, nulls=0, distinct=2)
    before = store(dataset("people", EMAIL))
    after = store(dataset("people", replace(EMAIL, name="contact", shape=hashes)))
    assert {each.happened for each in changes(before, after)} == {
        Happened.APPEARED,
        Happened.VANISHED,
    }


def test_where_two_could_be_the_one_that_went_none_is_said_to_have_moved() -> None:
    before = store(dataset("people", EMAIL))
    after = store(dataset("people", replace(EMAIL, name="a1"), replace(EMAIL, name="a2")))
    assert Happened.MOVED not in {each.happened for each in changes(before, after)}


def test_of_two_that_could_be_it_the_one_with_the_closer_name_has_moved() -> None:
    before = store(dataset("people", EMAIL))
    after = store(dataset("people", replace(EMAIL, name="e_mail"), replace(EMAIL, name="login")))
    assert ("moved", "people", "e_mail") in told(changes(before, after))


def test_a_table_with_another_name_and_the_same_columns_has_moved() -> None:
    before = store(dataset("people", NUMBER, EMAIL, CITY))
    after = store(dataset("persons", NUMBER, EMAIL, CITY))
    (found,) = changes(before, after)
    assert (found.happened, found.dataset, found.was[0]) == (Happened.MOVED, "persons", "people")


def test_a_column_that_went_over_to_another_table_has_moved() -> None:
    before = store(dataset("people", NUMBER, EMAIL), dataset("orders", NUMBER))
    after = store(dataset("people", NUMBER), dataset("orders", NUMBER, EMAIL))
    (found,) = changes(before, after)
    assert (found.happened, found.dataset, found.was) == (
        Happened.MOVED,
        "orders",
        ("people", "email"),
    )


def test_a_label_that_came_to_a_column_is_a_change() -> None:
    before = store(dataset("people", replace(CITY, categories={})))
    (found,) = changes(before, store(dataset("people", CITY)))
    assert found.happened is Happened.CHANGED
    assert found.categories == ("user.contact.address.city",)
    assert found.categories_before == ()


def test_labels_are_not_compared_where_no_value_was_read() -> None:
    blind = replace(dataset("people", replace(CITY, categories={})), sampled=False)
    assert changes(store(dataset("people", CITY)), store(blind)) == ()


def test_nothing_vanishes_from_a_schema_that_could_not_be_read() -> None:
    before = store(dataset("hr.people", EMAIL), dataset("people", EMAIL, CITY))
    after = store(dataset("people", EMAIL, CITY), unread=("hr",))
    assert changes(before, after) == ()


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
shapes = st.none() | st.builds(
    shape_of,
    st.lists(st.text(max_size=9) | st.integers() | st.binary(max_size=4), max_size=6),
    read=st.just(20),
    nulls=st.integers(0, 20),
    distinct=st.integers(0, 20),
)
fields = st.builds(
    SeenField,
    name=names,
    type=st.sampled_from(["TEXT", "INTEGER"]),
    categories=st.dictionaries(
        st.sampled_from(["user.name", "user.contact.email"]), st.just(0.9), max_size=2
    ),
    shape=shapes,
)
datasets = st.builds(
    SeenDataset,
    name=names,
    rows=st.none() | st.integers(0, 10**12),
    sampled=st.booleans(),
    fields=st.lists(fields, max_size=5, unique_by=lambda each: each.name).map(tuple),
)
stores = st.builds(
    SeenStore,
    store=st.just("app"),
    engine=st.just("sqlite"),
    datasets=st.lists(datasets, max_size=4, unique_by=lambda each: each.name).map(tuple),
)


@given(stores)
def test_a_look_comes_back_from_where_it_is_kept_as_it_was(seen: SeenStore) -> None:
    assert from_kept("app", as_kept(seen)) == seen


@given(stores, stores)
def test_whatever_came_or_went_is_told_once(before: SeenStore, after: SeenStore) -> None:
    found = changes(before, after)
    assert len(set(map(repr, found))) == len(found)
    now = {each.name for each in after.datasets}
    then = {each.name for each in before.datasets}
    spoken = {each.dataset for each in found if not each.field}
    spoken |= {each.was[0] for each in found if not each.field}
    assert (now ^ then) <= spoken


@given(stores)
def test_what_is_kept_holds_no_value(seen: SeenStore) -> None:
    kept = as_kept(seen)
    assert set(kept) == {"format", "engine", "unread", "datasets"}
    for each in kept["datasets"]:
        for name, type_, categories, shape in each["fields"]:
            assert isinstance(name, str)
            assert isinstance(type_, str)
            assert all(isinstance(score, float) for score in categories.values())
            assert shape is None or all(isinstance(share, int | float) for share in shape[1:])


def test_a_look_that_another_version_wrote_is_none() -> None:
    assert from_kept("app", {"format": 99}) is None


def test_a_shape_of_nothing_is_like_nothing() -> None:
    nothing = shape_of([], read=50, nulls=50, distinct=0)
    assert not nothing.like(nothing)
