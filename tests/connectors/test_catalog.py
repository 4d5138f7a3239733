import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.connectors.sql.dialects.sqlite_words import checks, trigger_event, words
from kept.connectors.sql.store import SqlStore
from kept.inventory.catalog import Catalog, ForeignKey, Table

SHARED = Path(__file__).resolve().parents[2].parent / "shared"

Made = Callable[[str], Catalog]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def make(statements: str) -> Catalog:
        path = tmp_path / "made.sqlite"
        connection = sqlite3.connect(path)
        connection.executescript(statements)
        connection.close()
        return SqlStore("made", f"sqlite:///{path}").catalog()

    return make


def _only(catalog: Catalog) -> Table:
    assert len(catalog.tables) == 1
    return catalog.tables[0]


def test_types_lengths_defaults_and_nullability_are_told(made: Made) -> None:
    table = _only(
        made(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name NVARCHAR(40) NOT NULL, price DECIMAL(10,2),"
            " state TEXT DEFAULT 'new', untyped, code CHARACTER VARYING ( 7 ))"
        )
    )
    told = {
        column.name: (column.type, column.nullable, column.length, column.default)
        for column in table.columns
    }
    assert told == {
        "id": ("INTEGER", False, None, False),
        "name": ("NVARCHAR(40)", False, 40, False),
        "price": ("DECIMAL(10,2)", True, None, False),
        "state": ("TEXT", True, None, True),
        "untyped": ("", True, None, False),
        "code": ("CHARACTER VARYING ( 7 )", True, 7, False),
    }


def test_a_primary_key_that_sqlite_lets_be_null_is_told_as_nullable(made: Made) -> None:
    catalog = made(
        "CREATE TABLE loose (code TEXT PRIMARY KEY);"
        "CREATE TABLE exact (code TEXT PRIMARY KEY) WITHOUT ROWID;"
        "CREATE TABLE counted (id INTEGER PRIMARY KEY)"
    )
    nullable = {table.name: table.columns[0].nullable for table in catalog.tables}
    assert nullable == {"loose": True, "exact": False, "counted": False}


def test_the_key_is_in_the_order_of_the_key_and_not_of_the_columns(made: Made) -> None:
    table = _only(made("CREATE TABLE t (a INTEGER, b INTEGER, c TEXT, PRIMARY KEY (b, a))"))
    assert table.key == ("b", "a")
    assert [column.key for column in table.columns] == [True, True, False]


def test_without_a_primary_key_the_first_unique_key_that_is_never_null_serves(made: Made) -> None:
    table = _only(
        made(
            "CREATE TABLE t (a TEXT UNIQUE, b TEXT NOT NULL, c TEXT NOT NULL);"
            "CREATE UNIQUE INDEX some ON t (b) WHERE b <> '';"
            "CREATE UNIQUE INDEX whole ON t (b, c)"
        )
    )
    assert table.key == ("b", "c")


def test_a_table_without_any_key_says_how_its_rows_are_numbered(made: Made) -> None:
    catalog = made(
        "CREATE TABLE plain (a TEXT);"
        "CREATE TABLE hidden (rowid TEXT, a TEXT);"
        "CREATE TABLE deep (rowid TEXT, _rowid_ TEXT, OID TEXT);"
        "CREATE TABLE none (a TEXT PRIMARY KEY) WITHOUT ROWID"
    )
    told = {table.name: (table.key, table.row_number) for table in catalog.tables}
    assert told == {
        "plain": ((), "rowid"),
        "hidden": ((), "_rowid_"),
        "deep": ((), ""),
        "none": (("a",), ""),
    }


def test_every_unique_key_is_told_also_over_an_expression_or_a_part(made: Made) -> None:
    table = _only(
        made(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT, c TEXT, d TEXT,"
            " UNIQUE (b, c));"
            "CREATE UNIQUE INDEX lowered ON t (lower(d));"
            "CREATE UNIQUE INDEX partly ON t (c) WHERE b IS NOT NULL;"
            "CREATE INDEX plain ON t (d)"
        )
    )
    assert table.uniques[0] == ("id",)
    assert set(table.uniques) == {("id",), ("a",), ("b", "c"), ("d",)}
    assert {("id",), ("a",), ("b", "c"), ("d",)} == set(table.indexes)


def test_check_constraints_are_told_whole_and_nothing_else_is(made: Made) -> None:
    table = _only(
        made(
            "CREATE TABLE t (\n"
            "  a TEXT CHECK (a IN ('x)', 'check (y)')), -- check (commented)\n"
            "  b TEXT DEFAULT 'CHECK (b > 1)',\n"
            '  "check" TEXT, /* CHECK (0) */\n'
            '  CONSTRAINT both CHECK ((a <> b) AND length("check") < 3))'
        )
    )
    assert table.checks == ("a IN ('x)', 'check (y)')", '(a <> b) AND length("check") < 3')


def test_generated_columns_are_told_and_marked(made: Made) -> None:
    table = _only(
        made(
            "CREATE TABLE t (a TEXT, b TEXT GENERATED ALWAYS AS (lower(a)) VIRTUAL,"
            " c TEXT AS (upper(a)) STORED)"
        )
    )
    assert [(column.name, column.generated) for column in table.columns] == [
        ("a", False),
        ("b", True),
        ("c", True),
    ]


def test_triggers_are_told_by_event_and_by_the_text_that_was_reviewed(made: Made) -> None:
    first = made(
        "CREATE TABLE t (a TEXT); CREATE VIEW v AS SELECT a FROM t;"
        'CREATE TRIGGER "insert" AFTER UPDATE OF a ON T BEGIN DELETE FROM t WHERE 0; END;'
        "CREATE TRIGGER gone BEFORE DELETE ON t BEGIN SELECT 1; END;"
        "CREATE TRIGGER instead INSTEAD OF INSERT ON v BEGIN SELECT 1; END"
    )
    assert [(each.name, each.event) for each in first.table("t").triggers] == [
        ("gone", "DELETE"),
        ("insert", "UPDATE"),
    ]
    assert [each.event for each in first.table("v").triggers] == ["INSERT"]
    second = made("DROP TRIGGER gone; CREATE TRIGGER gone BEFORE DELETE ON t BEGIN SELECT 2; END")
    assert second.table("t").triggers[0].body != first.table("t").triggers[0].body
    assert second.fingerprint != first.fingerprint


def test_foreign_keys_name_their_parent_as_the_parent_is_spelt(made: Made) -> None:
    catalog = made(
        "CREATE TABLE Customer (CustomerId INTEGER PRIMARY KEY);"
        "CREATE TABLE orders (id INTEGER PRIMARY KEY,"
        " c1 INTEGER REFERENCES CUSTOMER,"
        " c2 INTEGER REFERENCES customer (customerid) ON DELETE CASCADE ON UPDATE SET NULL,"
        " c3 INTEGER REFERENCES nowhere (id), c4 INTEGER REFERENCES nobody)"
    )
    assert catalog.table("orders").foreign_keys == (
        ForeignKey(fields=("c1",), to="Customer", to_fields=("CustomerId",)),
        ForeignKey(
            fields=("c2",),
            to="Customer",
            to_fields=("CustomerId",),
            on_delete="CASCADE",
            on_update="SET NULL",
        ),
        ForeignKey(fields=("c3",), to="nowhere", to_fields=("id",)),
        ForeignKey(fields=("c4",), to="nobody", to_fields=()),
    )


def test_a_foreign_key_over_several_columns_keeps_its_pairs(made: Made) -> None:
    catalog = made(
        "CREATE TABLE p (tenant INTEGER, id INTEGER, PRIMARY KEY (tenant, id));"
        "CREATE TABLE c (id INTEGER, tenant INTEGER, p INTEGER,"
        " FOREIGN KEY (tenant, p) REFERENCES p)"
    )
    (key,) = catalog.table("c").foreign_keys
    assert (key.fields, key.to_fields) == (("tenant", "p"), ("tenant", "id"))


ODD = [
    "Order Details",
    "sélect",
    'a"b',
    "select",
    "MixedCase",
    "a.b",
    "1st",
    "it's",
    "x]y",
    "emoji🎵",
    "",
]


@pytest.mark.parametrize("name", ODD)
def test_any_name_of_a_table_or_column_is_told_exactly_and_can_be_read(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "odd.sqlite"
    quoted = '"' + name.replace('"', '""') + '"'
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE {quoted} (id INTEGER PRIMARY KEY, {quoted} TEXT)")
        connection.execute(f"INSERT INTO {quoted} VALUES (1, 'held')")
    connection.close()
    store = SqlStore("odd", f"sqlite:///{path}")
    table = _only(store.catalog())
    assert (table.name, table.columns[1].name) == (name, name)
    assert store.sample(name, [name]).values == {name: ("held",)}
    assert list(store.scan(name, [name])) == [[("held",)]]
    assert store.contained(name, name, ["held", "other"]) == 1


def test_views_strict_and_virtual_tables_are_told_for_what_they_are(made: Made) -> None:
    catalog = made(
        "CREATE TABLE base (id INTEGER PRIMARY KEY, note TEXT) STRICT;"
        "CREATE VIEW seen AS SELECT id, note AS said FROM base;"
        "CREATE VIEW broken AS SELECT * FROM gone;"
        "CREATE VIRTUAL TABLE search USING fts5 (note, content='')"
    )
    assert [table.name for table in catalog.tables] == ["base", "broken", "search", "seen"]
    base, broken, search, seen = catalog.tables
    assert (base.strict, base.view, base.virtual) == (True, False, "")
    assert (seen.view, [column.name for column in seen.columns]) == (True, ["id", "said"])
    assert (broken.view, broken.columns) == (True, ())
    assert (search.virtual, [column.name for column in search.columns]) == ("fts5", ["note"])


def test_the_fingerprint_is_the_same_for_the_same_structure_alone(made: Made) -> None:
    first = made("CREATE TABLE t (a TEXT, b TEXT)")
    assert made("INSERT INTO t VALUES ('x', 'y')").fingerprint == first.fingerprint
    assert made("CREATE INDEX i ON t (b)").fingerprint != first.fingerprint


def test_a_structure_that_changes_under_us_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "changing.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a TEXT)")
    store = SqlStore("s", f"sqlite:///{path}")
    assert [column.name for column in store.catalog().table("t").columns] == ["a"]
    connection.execute("ALTER TABLE t ADD COLUMN b TEXT")
    connection.close()
    assert [column.name for column in store.catalog().table("t").columns] == ["a", "b"]
    assert store.sample("t", ["b"]).rows == 0


@given(st.text(max_size=200))
@settings(deadline=None)
def test_cutting_any_text_into_words_ends_and_keeps_its_places(text: str) -> None:
    last = 0
    for word in words(text):
        assert last <= word.start < word.end <= len(text)
        last = word.end
    checks(text)
    trigger_event(text)


def test_chinook_is_told_whole() -> None:
    path = SHARED / "databases" / "chinook.sqlite"
    if not path.exists():
        pytest.skip("the public sample database is not beside the project")
    catalog = SqlStore("music", f"sqlite:///{path}").catalog()
    assert len(catalog.tables) == 11
    customer = catalog.table("Customer")
    assert customer.key == ("CustomerId",)
    assert customer.column("Email").length == 60
    assert customer.foreign_keys[0].to == "Employee"
