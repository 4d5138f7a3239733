"""Random schemas and people against a model that is written the slow and obvious way."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from databases import ENGINES, SERVERS, Database, Sqlite, database
from worlds import Made, Row, World, quoted

from kept.connectors.sql import erase_fate, erase_one
from kept.connectors.sql.dialects.postgresql_request import PostgresqlWords
from kept.connectors.sql.store import SqlStore
from kept.connectors.sql.transaction import Transaction
from kept.errors import RefusedError
from kept.inventory.datamap import parse_datamap
from kept.inventory.dataset import DatasetId
from kept.inventory.discovery import inventory_of
from kept.plans.errors import PlanRefusedError, RowsOfTwoError, refusal
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.request_stores import Erased, erase_everywhere

TODAY = date(2026, 11, 22)
COUNTS = {"sqlite": 160, "postgresql": 50, "mariadb": 30}
RARE = 6
CLASSES = (
    "owned", "forward", "referenced", "undecided", "self", "cycle", "composite",
    "null reference", "zero or empty", "falsy text key", "row of two people", "erased",
    "forward row", "spared forward row", "replacement", "cascade", "cascade refused",
    "not null", "unique", "check", "person who is staff", "two letter cases",
    "history trigger", "history refused", "second store", "registers again",
)  # fmt: skip


class Company:
    """One world in its databases."""

    def __init__(self, world: World, base: Database, folder: Path) -> None:
        self.world = world
        self.base = base
        self.stores = {"app": SqlStore("app", base.url)}
        if world.elsewhere:
            self.crm = Sqlite(folder)
            self.crm.run("CREATE TABLE visit (id INTEGER PRIMARY KEY, who INTEGER, note TEXT)")
            self.crm.many("INSERT INTO visit VALUES (?, ?, ?)", world.elsewhere)
            self.stores["crm"] = SqlStore("crm", self.crm.url)

    def dump(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for made in self.world.tables:
            columns = self.base.columns(made.name)
            found[made.name] = [
                dict(zip(columns, row, strict=True))
                for row in sorted(
                    (
                        tuple(map(_plain, row))
                        for row in self.base.query(f"SELECT * FROM {quoted(made.name)}")
                    ),
                    key=repr,
                )
            ]
        if self.world.elsewhere:
            found["visit"] = [{"row": row} for row in self.visits()]
        return found

    def visits(self) -> list[tuple[object, ...]]:
        return self.crm.query("SELECT * FROM visit ORDER BY id")

    def erase(self, person: int) -> tuple[dict[DatasetId, int], Erased]:
        catalogs = [store.catalog() for store in self.stores.values()]
        triggers = {
            each.name: each.body
            for catalog in catalogs
            for table in catalog.tables
            for each in table.triggers
        }
        datamap = parse_datamap(self.world.datamap(triggers))
        inventory = inventory_of(catalogs, datamap, classifies=lambda *_: {})
        planned = plan(Right.ERASURE, inventory, catalogs)
        if planned.obstacles:
            raise refusal(planned.obstacles)
        erased = erase_everywhere(
            self.stores,
            planned,
            (Identifier(IdentifierKind.EMAIL, f"p{person}@example.COM "),),
            operation="request/1",
            today=TODAY,
            before_commit=lambda *_: None,
            done=lambda *_: None,
        )
        assert not erased.failures
        located = {each.dataset: each.located for done in erased.done for each in done.counts}
        return located, erased


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _check(company: Company, seed: int, made: Counter[str]) -> None:
    world = company.world
    world.write(company.base)
    made.update(world.made)
    person = seed % len(world.root.rows)
    before = company.dump()
    own, forward, two = world.expect(person)
    if two:
        made["row of two people"] += 1
        with pytest.raises((RowsOfTwoError, PlanRefusedError)):
            company.erase(person)
        assert company.dump() == before
        return
    try:
        located, erased = company.erase(person)
    except PlanRefusedError as refused:
        # A cascade out of the plan, or a trigger that nobody reviewed, and nothing else.
        unreviewed = world.history is not None and not world.history[2]
        fired = "trigger" in str(refused)
        expected = unreviewed if fired else world.made["cascade"]
        if not expected or company.dump() != before:
            raise AssertionError("refused, or changed, for no reason") from refused
        made["history refused" if fired else "cascade refused"] += 1
        return
    made["erased"] += 1
    made["forward row"] += bool(forward)
    made["second store"] += bool(world.elsewhere)
    made["history trigger"] += world.history is not None
    after = company.dump()
    for table in world.tables:
        _check_table(world, table, (own, forward), (located, after), made)
    assert company.base.broken_references() == []
    if world.elsewhere:
        assert company.visits() == [each for each in world.elsewhere if each[1] != person]
    for done in erased.done:
        assert company.stores[done.operation.rpartition("/")[2]].left(done.touched) == 0
    again, _ = company.erase(person)
    assert sum(again.values()) == 0, "a second run found somebody"
    assert company.dump() == after
    _comes_back(company, person, erased, made)


def _check_table(
    world: World,
    table: Made,
    whose: tuple[set[tuple[str, int]], set[tuple[str, int]]],
    seen: tuple[dict[DatasetId, int], dict[str, list[Row]]],
    made: Counter[str],
) -> None:
    (own, forward), (located, after) = whose, seen
    mine = {at for name, at in own if name == table.name}
    found = located.get(DatasetId("app", world.shown(table.name)), 0)
    assert found == len(mine), f"{table.name}: {found} and not {len(mine)}"
    left = list(after[table.name])
    for at, row in enumerate(table.rows):
        here = (table.name, at)
        spared = here in forward and world.pointed_at_by_others(own, here)
        made["spared forward row"] += spared
        if at not in mine or spared:
            assert row in left, f"a row of {table.name} changed that was not the person's"
            left.remove(row)
    # What is left of the person's rows is blank: same keys, no personal value.
    for row in left:
        assert table.erasing == "blank" or _still_needed(world, table, row, after)
        kept = (*table.key, *(name for ref in table.refs for name in ref.fields))
        old = [each for at, each in enumerate(table.rows) if at in mine]
        same = [each for each in old if all(each[name] == row[name] for name in kept)]
        assert same, table.name
        if table.key:
            for name in table.personal:
                assert row[name] is None or row[name] != same[0][name]
                made["replacement"] += row[name] is not None


def _still_needed(world: World, table: Made, row: Row, after: dict[str, list[Row]]) -> bool:
    """Return whether a row that stays refers to this one, by a reference the store enforces."""
    for other in world.tables:
        for ref in other.refs:
            if ref.to == table.name and ref.declared:
                for each in after[other.name]:
                    if [each[name] for name in ref.fields] == [row[name] for name in table.key]:
                        return True
    return False


def _comes_back(company: Company, person: int, erased: Erased, made: Counter[str]) -> None:
    """Register the person again under the same number: that is no row that was left."""
    if company.world.root.erasing != "delete":
        return
    taken = company.base.query("SELECT id FROM person")
    if (person,) in taken:
        return
    company.base.many(
        'INSERT INTO person (id, email, "full name") VALUES (?, ?, ?)',
        [(person, f"p{person}@example.com", "New")],
    )
    made["registers again"] += 1
    (done,) = (each for each in erased.done if each.operation.endswith("/app"))
    assert company.stores["app"].left(done.touched) == 0
    others = company.dump()
    located, _ = company.erase(person)
    # Rows that were blanked still name the number, and are blank already.
    assert located[DatasetId("app", "person")] == 1
    now = company.dump()
    others["person"] = [row for row in others["person"] if row["id"] != person]
    assert now == others


def _seeds(engine: str) -> Iterator[int]:
    """Yield so many seeds as an engine has time for, and some whose worlds are rare."""
    yield from range(COUNTS[engine])
    rare: Counter[str] = Counter()
    for seed in range(COUNTS[engine], 2_000):
        world = World(seed, engine)
        own, forward, two = world.expect(seed % len(world.root.rows))
        spared = any(world.pointed_at_by_others(own, at) for at in forward)
        unreviewed = world.history is not None and not world.history[2]
        for kind, there in (("spared", spared), ("history", unreviewed)):
            if there and not two and not world.made["cascade"] and rare[kind] < RARE:
                rare[kind] += 1
                yield seed


def _run(
    engine: str, folder: Path, server: Callable[[str], str], seeds: Iterable[int]
) -> Counter[str]:
    made: Counter[str] = Counter()
    with database(engine, folder, server) as base:
        for seed in seeds:
            base.empty()
            try:
                _check(Company(World(seed, engine), base, folder), seed, made)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}: {error}") from error
    return made


@pytest.mark.parametrize("engine", ENGINES)
def test_an_erasure_takes_what_is_owned_and_nothing_else(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = _run(engine, tmp_path, request.getfixturevalue, _seeds(engine))
    for each in CLASSES:
        assert made[each], f"no run made: {each}"


# ── rows that row-level security hides ───────────────────────────────────────


@contextmanager
def _as_clerk(base: Database, row: Row) -> Iterator[None]:
    """Act as an account from which a row of the person is hidden."""
    base.raw("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN")
    base.raw("GRANT USAGE ON SCHEMA public TO clerk")
    base.raw("GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk")
    base.raw("ALTER TABLE person ENABLE ROW LEVEL SECURITY")
    base.raw(f"CREATE POLICY partly ON person TO clerk USING (id <> {row['id']})")
    plain = base.url
    base.url = plain.replace("postgres@", "clerk@")
    try:
        yield
    finally:
        base.url = plain
        base.raw("DROP OWNED BY clerk; DROP ROLE clerk")


def _hidden(folder: Path, server: Callable[[str], str], seeds: Iterable[int]) -> Counter[str]:
    made: Counter[str] = Counter()
    with ExitStack() as stack:
        base = stack.enter_context(database("postgresql", folder, server))
        for seed in seeds:
            base.empty()
            world = World(seed, "postgresql")
            world.history, world.elsewhere = None, []
            world.write(base)
            person = seed % len(world.root.rows)
            before = Company(world, base, folder).dump()
            with _as_clerk(base, world.root.rows[person]):
                try:
                    Company(world, base, folder).erase(person)
                except RefusedError as refused:
                    made[refused.code] += 1
                else:
                    raise AssertionError(f"seed {seed}: a hidden row was passed over in silence")
            assert Company(world, base, folder).dump() == before, seed
    return made


@pytest.mark.parametrize("engine", [SERVERS[0]])
def test_a_row_that_is_hidden_is_an_error_and_not_a_clean_answer(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = _hidden(tmp_path, request.getfixturevalue, range(8))
    assert made["stores.denied"], engine


# ── what these tests would not let pass ──────────────────────────────────────


def _without_not_exists(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(erase_one.Erasing, "_only", lambda *_: None)
    patch.setattr(erase_fate._Judging, "_pointed_at", lambda *_: {})


def _without_the_keys(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Transaction, "named", lambda *_: sa.true())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("mutant", [_without_not_exists, _without_the_keys])
def test_an_erasure_that_forgets_a_condition_is_caught(
    mutant: Callable[[pytest.MonkeyPatch], None],
    engine: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError, match="seed"):
        _run(engine, tmp_path, request.getfixturevalue, _seeds(engine))


@pytest.mark.parametrize("engine", [SERVERS[0]])
def test_an_erasure_that_lets_rows_be_hidden_is_caught(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PostgresqlWords, "prepare", lambda *_: None)
    with pytest.raises(AssertionError, match="passed over in silence"):
        _hidden(tmp_path, request.getfixturevalue, range(8))
    assert engine
