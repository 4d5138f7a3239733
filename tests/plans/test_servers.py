"""What only servers have, and what goes wrong only there."""

import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from databases import SERVERS

from kept.connectors.errors import StoreDeniedError
from kept.connectors.sql.store import SqlStore
from kept.errors import RefusedError
from kept.plans.errors import CatalogChangedError, PlanRefusedError
from kept.vocabulary.right import Right

POSTGRESQL = pytest.mark.parametrize("engine", [SERVERS[0]])
MARIADB = pytest.mark.parametrize("engine", [SERVERS[1]])
BOTH = pytest.mark.parametrize("engine", SERVERS)

MAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "{erasing}"
identity = {{ email = "email" }}
[stores.app.datasets.customer.fields]
name = {{ categories = ["user.name"] }}
[stores.app.datasets.orders]
state = "decided"
on_erasure = "{erasing}"
references = [{{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }}]
[stores.app.datasets.orders.fields]
note = {{ categories = ["user.content"] }}
"""
SQL = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id), note TEXT);
INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana'), (2, 'bo@example.com', 'Bo');
INSERT INTO orders VALUES (1, 1, 'a'), (2, 2, 'b');
"""


@POSTGRESQL
def test_columns_of_any_type_are_blanked_by_values_that_are_true_to_it(
    shop: Callable, engine: str
) -> None:
    fields = {
        "a": ("mood NOT NULL", "'sad'"),
        "b": ("jsonb NOT NULL", '\'{"who": "Ana"}\''),
        "c": ("json NOT NULL", '\'{"who": "Ana"}\''),
        "d": ("text[] NOT NULL", "'{Ana}'"),
        "e": ("word NOT NULL", "'Ana'"),
        "f": ("timestamptz NOT NULL", "'1990-01-02'"),
        "g": ("uuid NOT NULL UNIQUE", "'1b4e28ba-2fa1-11d2-883f-0016d3cca427'"),
        "h": ("inet NOT NULL", "'10.1.2.3'"),
        "i": ("numeric(6,2) NOT NULL", "1234.56"),
        "j": ("bytea NOT NULL", "'\\xff'"),
        "k": ("character(5) NOT NULL", "'Ana'"),
        "l": ("varchar(4) NOT NULL UNIQUE", "'Ana'"),
        "m": ("interval NOT NULL", "'3 days'"),
        "n": ("boolean NOT NULL", "true"),
        "o": ("date NOT NULL CHECK (o > '1950-01-01')", "'1990-01-02'"),
        "p": ("int4range NOT NULL", "'[1,5)'"),
        "q": ("point NOT NULL", "'(1,2)'"),
        "r": ("tsvector NOT NULL", "'ana'"),
        "s": ("macaddr NOT NULL", "'08:00:2b:01:02:03'"),
        "t": ("money NOT NULL", "12.5"),
        "u": ("bit(3) NOT NULL", "B'101'"),
        "v": ("xml NOT NULL", "'<who>Ana</who>'"),
        "w": ("smallint NOT NULL UNIQUE", "77"),
        "x": ("integer[] NOT NULL", "'{1,2}'"),
    }
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in fields.items())
    made = shop(
        "CREATE TYPE mood AS ENUM ('glad', 'sad');"
        "CREATE DOMAIN word AS varchar(8) CHECK (value ~ '^[A-Z][a-z]*$');"
        f"CREATE TABLE customer (id integer PRIMARY KEY, email text NOT NULL UNIQUE, {columns},"
        " n2 bigint GENERATED ALWAYS AS IDENTITY, shown text GENERATED ALWAYS AS (lower(l)) STORED);",
        MAP.format(erasing="blank").split("name =")[0]
        + "".join(f'{name} = {{ categories = ["user.content"] }}\n' for name in fields)
        + 'shown = { categories = ["user.content"] }\n',
    )
    names = ", ".join(["id", "email", *fields])
    for at, email in enumerate(("ana@example.com", "bo@example.com")):
        values = ", ".join(
            value if at == 0 or "UNIQUE" not in kind else f"'{'1' * (at + 1)}'" if "varchar" in kind
            else "gen_random_uuid()" if "uuid" in kind else "78"
            for kind, value in fields.values()
        )  # fmt: skip
        made.base.raw(f"INSERT INTO customer ({names}) VALUES ({at}, '{email}', {values})")
    before = made.base.query("SELECT * FROM customer WHERE id = 1")
    made.erase(email="ana@example.com")
    assert made.base.query("SELECT * FROM customer WHERE id = 1") == before, engine
    checked = " OR ".join(
        f"{name}::text = {value}::{kind.partition(' NOT')[0]}::text"
        for name, (kind, value) in fields.items()
        # Of two labels, the one that stands for all may be the person's own.
        if name not in {"n", "a"}
    )
    assert made.base.query(f"SELECT id FROM customer WHERE id = 0 AND ({checked})") == []
    assert made.base.query("SELECT count(*) FROM customer WHERE id = 0 AND email LIKE 'ana%'") == [
        (0,)
    ]


@POSTGRESQL
def test_a_partitioned_table_is_erased_in_every_partition(shop: Callable, engine: str) -> None:
    made = shop("", MAP.format(erasing="delete"))
    made.base.raw(
        "CREATE TABLE customer (id integer PRIMARY KEY, email text, name text);"
        "CREATE TABLE orders (id integer, customer_id integer, note text, at timestamptz,"
        " PRIMARY KEY (id, at)) PARTITION BY RANGE (at);"
        "CREATE TABLE old PARTITION OF orders FOR VALUES FROM ('2000-01-01') TO ('2020-01-01');"
        "CREATE TABLE new PARTITION OF orders FOR VALUES FROM ('2020-01-01') TO ('2040-01-01');"
        "INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana'), (2, 'bo@example.com', 'Bo');"
        "INSERT INTO orders VALUES (1, 1, 'a', '2001-01-01'), (1, 2, 'b', '2001-01-02'),"
        " (1, 1, 'c', '2021-01-01'), (2, 2, 'd', '2021-01-01')"
    )
    made.erase(email="ana@example.com")
    assert made.base.query("SELECT note FROM orders ORDER BY 1") == [("b",), ("d",)], engine


@POSTGRESQL
def test_rows_of_tables_that_inherit_are_never_taken_for_those_of_the_parent(
    shop: Callable, engine: str
) -> None:
    made = shop(
        SQL + "CREATE TABLE old_orders () INHERITS (orders);"
        "INSERT INTO old_orders VALUES (1, 2, 'Bo, under a number of Ana');",
        MAP.format(erasing="delete"),
    )
    with pytest.raises(PlanRefusedError, match=r"app\.orders has no key"):
        made.erase(email="ana@example.com")
    assert len(made.rows("orders")) == 3, engine


@POSTGRESQL
@pytest.mark.parametrize("deferrable", [True, False])
def test_a_circle_that_nothing_may_open_goes_at_once_or_not_at_all(
    shop: Callable, engine: str, *, deferrable: bool
) -> None:
    made = shop("", MAP.format(erasing="delete"))
    put_off = " DEFERRABLE" if deferrable else ""
    made.base.raw(
        "CREATE TABLE customer (id integer PRIMARY KEY, email text, name text,"
        " first_order integer NOT NULL);"
        "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL, note text);"
        "INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana', 1), (2, 'bo@x.com', 'Bo', 2);"
        "INSERT INTO orders VALUES (1, 1, 'a'), (2, 2, 'b');"
        f"ALTER TABLE customer ADD FOREIGN KEY (first_order) REFERENCES orders(id){put_off};"
        f"ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customer(id){put_off};"
    )
    before = made.dump()
    if deferrable:
        made.erase(email="ana@example.com")
        assert made.dump() == {"customer": [(2, "bo@x.com", "Bo", 2)], "orders": [(2, 2, "b")]}
    else:
        with pytest.raises(RefusedError):
            made.erase(email="ana@example.com")
        assert made.dump() == before, engine


@POSTGRESQL
def test_rows_without_a_key_are_told_by_where_they_lie(shop: Callable, engine: str) -> None:
    """Two rows alike in everything are two, and a row that is written lies elsewhere then."""
    sql = SQL.replace("orders (id INTEGER PRIMARY KEY,", "orders (id INTEGER,").replace(
        "INSERT INTO orders VALUES (1, 1, 'a')",
        "INSERT INTO orders VALUES (1, 1, 'a'), (1, 1, 'a')",
    )
    for erasing, left in (("delete", [(2, 2, "b")]), ("blank", [(1, 1, None)] * 2 + [(2, 2, "b")])):
        made = shop(sql, MAP.format(erasing=erasing))
        assert len(made.read(email="ana@example.com").records) == 3
        done = made.erase(email="ana@example.com")
        assert sum(each.erased + each.blanked for each in done.counts) == 3
        assert made.rows("orders") == left, engine
        assert made.store.left(done.touched) == 0


@BOTH
def test_a_structure_that_changes_under_a_plan_is_seen_behind_the_locks(
    shop: Callable, engine: str
) -> None:
    made = shop(SQL, MAP.format(erasing="delete"))
    part = made.plan(Right.ERASURE).parts[0]
    before = made.dump()
    changes = [
        "ALTER TABLE orders ADD COLUMN phone VARCHAR(20)",
        "CREATE TABLE fresh (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id))",
        "ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'x'",
        "CREATE INDEX by_note ON orders (note)",
    ]
    for change in changes:
        made.run(change)
        with pytest.raises(CatalogChangedError):
            made.store.erase(
                part, made.who(email="ana@example.com"), operation="x", today=made_today()
            )
        part = made.plan(Right.ERASURE).parts[0]
    assert made.dump()["customer"] == before["customer"], engine


def made_today() -> Any:  # noqa: ANN401 - a date
    from datetime import date

    return date(2026, 11, 22)


@BOTH
def test_a_row_that_changes_hands_meanwhile_is_not_erased_with_its_former_owner(
    shop: Callable, engine: str
) -> None:
    """While an erasure holds its rows, whoever wants to change them waits."""
    made = shop(SQL, MAP.format(erasing="blank"))
    changed = threading.Event()

    def meanwhile() -> None:
        made.base.fresh("UPDATE orders SET customer_id = 2 WHERE id = 1")
        changed.set()

    waiting = threading.Thread(target=meanwhile)

    def begin(_: object) -> None:
        waiting.start()
        assert not changed.wait(0.5), "a row was changed under the erasure"

    part = made.plan(Right.ERASURE).parts[0]
    made.store.erase(
        part, made.who(email="ana@example.com"), operation="x", today=made_today(),
        before_commit=begin,
    )  # fmt: skip
    waiting.join(20)
    assert changed.is_set()
    assert made.base.query("SELECT note FROM orders WHERE id = 1") == [(None,)], engine


@BOTH
def test_erasures_that_lock_each_other_out_are_begun_anew(shop: Callable, engine: str) -> None:
    made = shop(SQL, MAP.format(erasing="blank"))
    part = made.plan(Right.ERASURE).parts[0]
    words = made.store.sql.dialect.words
    tries: list[int] = []
    lock = type(words).lock

    def collide(self: object, connection: Any, part: object) -> None:  # noqa: ANN401 - a connection
        tries.append(1)
        lock(self, connection, part)
        if len(tries) < 3:
            deadlock = (
                "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"
                if engine == "postgresql"
                else "SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213"
            )
            connection.exec_driver_sql(deadlock)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(words), "lock", collide)
        made.store.erase(part, made.who(email="ana@example.com"), operation="x", today=made_today())
    assert len(tries) == 3
    assert made.base.query("SELECT note FROM orders WHERE id = 1") == [(None,)]


@BOTH
def test_a_trigger_that_nobody_reviewed_stops_an_erasure_on_a_server(
    shop: Callable, engine: str
) -> None:
    made = shop(SQL + "CREATE TABLE history (id INTEGER);", MAP.format(erasing="delete"))
    write = "INSERT INTO history VALUES (1)"
    if engine == "postgresql":
        made.base.raw(
            "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" {write}; RETURN NULL; END $$; CREATE TRIGGER noting AFTER DELETE ON orders"
            " FOR EACH ROW EXECUTE FUNCTION noted()"
        )
    else:
        made.base.raw(f"CREATE TRIGGER noting AFTER DELETE ON orders FOR EACH ROW {write}")
    before = made.dump()
    with pytest.raises(PlanRefusedError, match="'noting' on DELETE"):
        made.erase(email="ana@example.com")
    assert made.dump() == before
    body = made.store.catalog().table("orders").triggers[0].body
    reviewed = made.datamap.replace(
        "[stores.app.datasets.orders]\n",
        f'[stores.app.datasets.orders]\nreviewed_triggers = {{ noting = "{body}" }}\n',
    )
    made.mapped(reviewed).erase(email="ana@example.com")
    assert made.rows("orders") == [(2, 2, "b")]
    if engine == "postgresql":
        # The trigger is the same, and what it calls is another.
        made.base.raw("CREATE OR REPLACE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS"
                      " $$ BEGIN DELETE FROM orders; RETURN NULL; END $$")  # fmt: skip
        with pytest.raises(PlanRefusedError, match="'noting' on DELETE"):
            made.mapped(reviewed).erase(email="bo@example.com")


@MARIADB
def test_an_account_that_is_told_of_no_triggers_erases_nothing(shop: Callable, engine: str) -> None:
    made = shop(SQL, MAP.format(erasing="delete"))
    made.base.raw("CREATE USER IF NOT EXISTS blind@'127.0.0.1'")
    made.base.raw(f"GRANT SELECT, UPDATE, DELETE ON {made.base.name}.* TO blind@'127.0.0.1'")
    made.base.url = made.base.url.replace("kept@", "blind@")
    blind = made.mapped(made.datamap)
    assert len(blind.read(email="ana@example.com").records) == 2
    with pytest.raises(PlanRefusedError, match="not told of triggers"):
        blind.erase(email="ana@example.com")
    assert len(made.rows("orders")) == 2, engine


@BOTH
@pytest.mark.parametrize("erasing", ["delete", "blank"])
def test_the_grants_that_are_printed_are_enough_to_read_and_to_erase(
    shop: Callable, engine: str, erasing: str
) -> None:
    made = shop(SQL, MAP.format(erasing=erasing))
    reader, eraser = (f"{made.base.name}_{does}" for does in ("reads", "erases"))
    # The lines of `kept doctor --grants`, without those that make accounts.
    grants = {
        "postgresql": {
            reader: ["GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}"],
            eraser: ["GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}"],
        },
        "mariadb": {
            reader: ["GRANT SELECT, SHOW VIEW ON {base}.* TO {}@'127.0.0.1'"],
            eraser: [
                "GRANT SELECT, SHOW VIEW, UPDATE, DELETE, TRIGGER ON {base}.* TO {}@'127.0.0.1'"
            ],
        },
    }[engine]
    for account, lines in grants.items():
        if engine == "postgresql":
            made.base.raw(f"CREATE ROLE {account} LOGIN")
        else:
            made.base.raw(f"CREATE USER IF NOT EXISTS {account}@'127.0.0.1'")
        for each in lines:
            made.base.raw(each.format(account, base=made.base.name))
    own = "postgres@" if engine == "postgresql" else "kept@"
    reading, erasing_ = (made.base.url.replace(own, f"{account}@") for account in (reader, eraser))
    made.store = SqlStore("app", reading, erasing_)
    assert len(made.read(email="ana@example.com").records) == 2
    done = made.erase(email="ana@example.com")
    assert sum(each.erased + each.blanked for each in done.counts) == 2
    assert made.store.left(done.touched) == 0
    if engine == "postgresql":
        made.base.raw(f"DROP OWNED BY {reader}, {eraser}; DROP ROLE {reader}, {eraser}")


@MARIADB
@pytest.mark.parametrize("made_so", ["ENGINE = MyISAM", "WITH SYSTEM VERSIONING"])
def test_a_table_that_takes_nothing_back_or_forgets_nothing_is_refused(
    shop: Callable, engine: str, made_so: str
) -> None:
    made = shop(
        f"CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT) {made_so};"
        "INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana');",
        MAP.format(erasing="blank").split("[stores.app.datasets.orders]")[0],
    )
    with pytest.raises(PlanRefusedError):
        made.erase(email="ana@example.com")
    assert made.rows("customer")[0][1] == "ana@example.com", engine


@MARIADB
def test_a_text_is_never_compared_as_a_number(shop: Callable, engine: str) -> None:
    """Elsewhere in MariaDB the text '7 dwarfs' equals the number 7, and 'x' equals 0."""
    made = shop(
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT);"
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, note TEXT);"
        "INSERT INTO customer VALUES (0, 'ana@example.com', 'Ana'), (7, 'bo@example.com', 'Bo');"
        "INSERT INTO orders VALUES (1, '7 dwarfs', 'x'), (2, '7', 'bo'), (3, 'x', 'x'),"
        " (4, '0', 'ana'), (5, '', 'x');",
        MAP.format(erasing="delete"),
    )
    made.erase(email="bo@example.com")
    assert [row[0] for row in made.rows("orders")] == [1, 3, 4, 5], engine
    made.erase(email="ana@example.com")
    assert [row[0] for row in made.rows("orders")] == [1, 3, 5]


@BOTH
def test_owners_whose_numbers_differ_in_letter_case_are_two(shop: Callable, engine: str) -> None:
    """A child that is compared without case must not be found by a parent that is not."""
    case = ' COLLATE "C"' if engine == "postgresql" else " COLLATE utf8mb4_bin"
    made = shop(
        f"CREATE TABLE customer (id VARCHAR(9){case} PRIMARY KEY, email TEXT, name TEXT);"
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id VARCHAR(9), note TEXT);"
        "INSERT INTO customer VALUES ('abc', 'ana@example.com', 'Ana'), ('ABC', 'b@x.com', 'Bo');"
        "INSERT INTO orders VALUES (1, 'abc', 'ana'), (2, 'ABC', 'bo');",
        MAP.format(erasing="delete"),
    )
    try:
        made.erase(email="ana@example.com")
    except RefusedError:
        assert len(made.rows("orders")) == 2
    else:
        assert made.rows("orders") == [(2, "ABC", "bo")]


@POSTGRESQL
def test_rows_that_are_hidden_from_a_reader_are_an_error(shop: Callable, engine: str) -> None:
    made = shop(SQL, MAP.format(erasing="delete"))
    made.base.raw("DROP ROLE IF EXISTS half_blind; CREATE ROLE half_blind LOGIN")
    made.base.raw("GRANT SELECT ON ALL TABLES IN SCHEMA public TO half_blind")
    made.base.raw("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")
    made.base.url = made.base.url.replace("postgres@", "half_blind@")
    with pytest.raises(StoreDeniedError):
        made.mapped(made.datamap).read(email="ana@example.com")
    made.base.raw("DROP OWNED BY half_blind; DROP ROLE half_blind")
    assert engine


def test_what_duckdb_cannot_do_in_one_transaction_it_refuses(tmp_path: Any) -> None:  # noqa: ANN401 - a path
    import duckdb

    from conftest import Shop, who  # type: ignore[import-not-found]  # of this folder

    path = tmp_path / "app.duckdb"
    with closing(duckdb.connect(path)) as filling:
        for statement in SQL.split(";"):
            if statement.strip():
                filling.execute(statement)
    base = type("Base", (), {"url": f"duckdb:///{path}", "engine": "duckdb"})()
    deleting = Shop(base, MAP.format(erasing="delete"))
    assert len(deleting.read(email="ANA@example.com").records) == 2
    with pytest.raises(PlanRefusedError, match="DuckDB cannot delete"):
        deleting.erase(email="ana@example.com")
    blanking = Shop(base, MAP.format(erasing="blank"))
    done = blanking.erase(email="ana@example.com")
    assert sum(each.blanked for each in done.counts) == 2
    assert who(email="x").given
    with closing(duckdb.connect(path)) as looking:
        assert looking.execute("SELECT * FROM orders ORDER BY 1").fetchall() == [
            (1, 1, None),
            (2, 2, "b"),
        ]
