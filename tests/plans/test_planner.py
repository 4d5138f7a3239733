import json
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from kept.inventory.catalog import Column, Table
from kept.plans.explain import as_json, in_words
from kept.plans.graph import ordered_groups
from kept.plans.plan import RemarkCode
from kept.plans.replacement import replacements, shape_of
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.right import Right

GRAPHS = st.dictionaries(
    st.integers(0, 12), st.lists(st.integers(0, 12), max_size=4).map(tuple), max_size=12
)


@given(GRAPHS)
def test_everything_comes_after_what_it_comes_after_or_in_a_circle_with_it(
    after: dict[int, tuple[int, ...]],
) -> None:
    groups = ordered_groups(after)
    place = {node: at for at, group in enumerate(groups) for node in group}
    assert sorted(place) == sorted(after)
    assert sum(map(len, groups)) == len(after)
    for node, befores in after.items():
        for before in befores:
            if before in after:
                assert place[before] <= place[node]


def test_a_chain_may_be_as_long_as_it_likes() -> None:
    chain = {at: (at + 1,) for at in range(20_000)}
    assert ordered_groups(chain)[0] == (19_999,)


SQL = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, password TEXT, company_id INTEGER);
CREATE TABLE company (id INTEGER PRIMARY KEY, title TEXT);
CREATE TABLE review (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id));
CREATE TABLE lonely (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE theirs (id INTEGER PRIMARY KEY, email TEXT);
"""
DATAMAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "blank"
identity = { email = "email" }
references = [{ fields = ["company_id"], to = "company(id)", whose = "referenced" }]
[stores.app.datasets.customer.fields]
password = { categories = ["user.authorization.password"] }
[stores.app.datasets.company]
state = "decided"
about = "none"
[stores.app.datasets.review]
state = "decided"
on_erasure = "delete"
[stores.app.datasets.lonely]
state = "decided"
on_erasure = "delete"
[stores.app.datasets.lonely.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.theirs]
state = "decided"
held_as = "processor"
client = "Client Ltd"
identity = { email = "email" }
on_erasure = "delete"
[stores.app.datasets.gone]
state = "decided"
on_erasure = "delete"
"""


def test_a_plan_is_the_same_every_time_and_holds_no_value(shop: Callable) -> None:
    made = shop(SQL, DATAMAP)
    for right in (Right.ACCESS, Right.ERASURE):
        one, two = made.plan(right), made.plan(right)
        assert one == two
        assert json.dumps(as_json(one)) == json.dumps(as_json(two))
        assert list(in_words(one)) == list(in_words(two))


def test_a_plan_says_what_it_does_not_reach(shop: Callable) -> None:
    planned = shop(SQL, DATAMAP).plan(Right.ACCESS)
    assert {(each.code, each.dataset) for each in planned.remarks} == {
        (RemarkCode.REFERENCE_UNDECIDED, "review"),
        (RemarkCode.NOT_SEARCHED, "lonely"),
        (RemarkCode.NOT_SEARCHED, "gone"),
        (RemarkCode.HELD_FOR_CLIENT, "theirs"),
    }
    assert [(each.dataset, each.action) for each in planned.tasks] == [
        ("lonely", "search-by-hand"),
        ("theirs", "pass-to-client"),
    ]
    words = "\n".join(in_words(planned))
    assert "password: not shown (it is a secret)" in words
    assert "rows whose email is the person's email" in words


COLUMNS = st.builds(
    Column,
    name=st.just("c"),
    type=st.sampled_from(
        [
            "TEXT",
            "VARCHAR(3)",
            "CHAR(1)",
            "INTEGER",
            "SMALLINT",
            "NUMERIC(4,1)",
            "REAL",
            "DATE",
            "DATETIME",
            "TIME",
            "BOOLEAN",
            "BLOB",
            "UUID",
            "JSON",
            "",
        ]
    ),
    nullable=st.booleans(),
    length=st.one_of(st.none(), st.integers(1, 60)),
)


@given(COLUMNS, st.booleans(), st.text(max_size=20), st.lists(st.integers(), unique=True))
def test_a_replacement_is_true_to_type_and_length_and_comes_from_the_key_alone(
    column: Column,
    unique: bool,
    seed: str,
    keys: list[int],
) -> None:
    table = Table(name="t", columns=(column,), uniques=(("c",),) if unique else ())
    for category in (DataCategory.USER_CONTACT_EMAIL, DataCategory.USER_NAME):
        ladder = list(replacements(table, column, frozenset({category}), seed))
        assert ladder
        assert (ladder[0].value(()) is None) is column.nullable
        for key in keys:
            value = ladder[-1].value((key,))
            again = list(replacements(table, column, frozenset({category}), seed))[-1]
            assert again.value((key,)) == value
            first = ladder[0].value((key,))
            if isinstance(first, str) and column.length and shape_of(column.type).name == "TEXT":
                assert len(first) <= column.length


def test_replacements_of_many_rows_differ_where_they_must() -> None:
    column = Column(name="c", type="VARCHAR(40)", nullable=False, length=40)
    table = Table(name="t", columns=(column,), uniques=(("c",),))
    first = next(replacements(table, column, frozenset(), "seed"))
    assert len({first.value((at,)) for at in range(5_000)}) == 5_000
