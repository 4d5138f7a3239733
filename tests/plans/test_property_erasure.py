"""Random schemas and people against a model that is written the slow and obvious way."""

import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from kept.connectors.sql.store import SqlStore
from kept.inventory.datamap import parse_datamap
from kept.inventory.dataset import DatasetId
from kept.inventory.discovery import inventory_of
from kept.plans.connector import Who
from kept.plans.errors import PlanRefusedError, RowsOfTwoError, refusal
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

TODAY = date(2026, 11, 22)
SEEDS = range(160)
NAMES = ["person", "Order", 'a "quoted" one', "café", "select", "x.y", "tail;--", "Ünder score"]

Row = dict[str, object]


@dataclass
class Ref:
    """One reference: backward owned, forward owned, or only mentioned."""

    fields: tuple[str, ...]
    to: str
    kind: str  # "owned", "forward", "referenced", "undecided"
    declared: bool
    on_delete: str = ""


@dataclass
class Made:
    """One random table."""

    name: str
    key: tuple[str, ...]
    key_type: str
    refs: list[Ref] = field(default_factory=list)
    personal: dict[str, str] = field(default_factory=dict)
    erasing: str = "delete"
    rows: list[Row] = field(default_factory=list)
    without_rowid: bool = False


class World:
    """One random company."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.made: Counter[str] = Counter()
        self.tables: list[Made] = []
        self.root = self._root()
        for name in NAMES[1 : self.random.randint(2, len(NAMES))]:
            self.tables.append(self._table(name))
        self._late_refs()
        self._rows()

    # ── schema ───────────────────────────────────────────────────────────────

    def _root(self) -> Made:
        root = Made("person", ("id",), "INTEGER")
        root.erasing = self.random.choice(["delete", "blank"])
        root.personal = {
            "email": self.random.choice(["TEXT", "TEXT UNIQUE", "VARCHAR(40) NOT NULL UNIQUE"]),
            "full name": "VARCHAR(20) NOT NULL",
        }
        self.tables.append(root)
        return root

    def _table(self, name: str) -> Made:
        pick = self.random
        kind = pick.choice(["INTEGER", "TEXT", "composite", "none"])
        keys = {"INTEGER": ("id",), "TEXT": ("id",), "composite": ("k 1", "k2"), "none": ()}
        made = Made(name, keys[kind], kind)
        made.without_rowid = kind in {"TEXT", "composite"} and pick.random() < 0.3
        made.erasing = pick.choice(["delete", "blank"])
        for number in range(pick.randint(0, 3)):
            made.personal[f"p{number}"] = pick.choice(
                [
                    "TEXT",
                    "TEXT NOT NULL",
                    "VARCHAR(5) NOT NULL",
                    "VARCHAR(12) NOT NULL UNIQUE",
                    "INTEGER NOT NULL",
                    "DATE NOT NULL",
                    "TEXT NOT NULL CHECK (length({name}) >= 3)",
                    "INTEGER NOT NULL CHECK ({name} > 0)",
                    "TEXT CHECK ({name} IS NOT NULL)",
                ]
            )
        for number in range(pick.randint(0, 2) if len(self.tables) > 1 else 1):
            target = pick.choice([each for each in self.tables if each.key])
            kind = pick.choice(["owned", "owned", "owned", "referenced", "undecided", "forward"])
            if target is self.root and kind == "forward":
                kind = "owned"
            self._refer(made, target, kind, number)
        return made

    def _late_refs(self) -> None:
        """Add references that close circles, and rows that refer to their own table."""
        for made in self.tables[1:]:
            if made.key and self.random.random() < 0.3:
                self._refer(made, made, self.random.choice(["owned", "referenced"]), 8)
                self.made["self"] += 1
        if self.random.random() < 0.4:
            targets = [each for each in self.tables[1:] if each.key]
            if targets:
                kind = self.random.choice(["forward", "referenced"])
                self._refer(self.root, self.random.choice(targets), kind, 9)
                self.made["cycle"] += 1

    def _refer(self, made: Made, target: Made, kind: str, number: int) -> None:
        fields = tuple(f"r{number}_{at}" for at in range(len(target.key)))
        declared = self.random.random() < 0.7
        on_delete = ""
        if declared and self.random.random() < 0.25:
            on_delete = self.random.choice([" ON DELETE CASCADE", " ON DELETE SET NULL"])
        made.refs.append(Ref(fields, target.name, kind, declared, on_delete))
        self.made["cascade"] += bool(on_delete)
        self.made[kind] += 1
        self.made["declared"] += declared
        self.made["composite"] += len(fields) > 1

    # ── rows ─────────────────────────────────────────────────────────────────

    def _rows(self) -> None:
        pick = self.random
        for number in range(pick.randint(2, 4)):
            row: Row = {"id": number, "email": f"P{number}@Example.com", "full name": f"N{number}"}
            self.root.rows.append(row)
        for made in self.tables[1:]:
            for number in range(pick.randint(0, 7)):
                made.rows.append(self._row(made, number))
        for made in self.tables:
            for number, row in enumerate(made.rows):
                for ref in made.refs:
                    self._point(made, row, ref, number)

    def _row(self, made: Made, number: int) -> Row:
        row: Row = {}
        if not made.key and not made.refs and not made.personal:
            row["nothing"] = None
        if made.key_type == "INTEGER":
            row["id"] = number
        elif made.key_type == "TEXT":
            row["id"] = ["", "0", "'; --", "é", "x", "Y", "z"][number]
            self.made["falsy text key"] += number == 0
        elif made.key_type == "composite":
            row["k 1"], row["k2"] = number // 2, f"{number % 2}"
        for name, declared in made.personal.items():
            long = f"{number}{name}v"
            row[name] = (
                1000 + number
                if declared.startswith("INTEGER")
                else f"19{number:02}-01-01"
                if declared.startswith("DATE")
                else long[:5]
                if "VARCHAR(5)" in declared
                else long
            )
        return row

    def _point(self, made: Made, row: Row, ref: Ref, number: int) -> None:
        target = self.table(ref.to)
        rows = target.rows[:number] if target is made else target.rows
        chance = self.random.random()
        if not rows or chance < 0.15:
            row.update(dict.fromkeys(ref.fields, None))
            self.made["null reference"] += 1
            return
        chosen = self.random.choice(rows)
        values = [chosen[name] for name in target.key]
        self.made["zero or empty"] += any(value in (0, "") for value in values)
        row.update(zip(ref.fields, values, strict=True))

    def table(self, name: str) -> Made:
        return next(each for each in self.tables if each.name == name)

    # ── as a database and a map ──────────────────────────────────────────────

    def write(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            for made in self.tables:
                connection.execute(self._create(made))
            for made in self.tables:
                for row in made.rows:
                    marks = ", ".join("?" for _ in row)
                    names = ", ".join(_quoted(name) for name in row)
                    connection.execute(
                        f"INSERT INTO {_quoted(made.name)} ({names}) VALUES ({marks})",
                        tuple(row.values()),
                    )
            connection.commit()

    def _create(self, made: Made) -> str:
        parts = []
        for name in made.key:
            kind = {"INTEGER": "INTEGER", "TEXT": "TEXT"}.get(made.key_type)
            parts.append(f"{_quoted(name)} {kind or ('INTEGER' if name == 'k 1' else 'TEXT')}")
        for name, declared in made.personal.items():
            parts.append(f"{_quoted(name)} {declared.format(name=_quoted(name))}")
        for ref in made.refs:
            target = self.table(ref.to)
            for name, there in zip(ref.fields, target.key, strict=True):
                integer = target.key_type == "INTEGER" or there == "k 1"
                parts.append(f"{_quoted(name)} {'INTEGER' if integer else 'TEXT'}")
        if made.key:
            parts.append(f"PRIMARY KEY ({', '.join(map(_quoted, made.key))})")
        if not parts:
            parts.append('"nothing" TEXT')
        for ref in made.refs:
            if ref.declared:
                target = self.table(ref.to)
                parts.append(
                    f"FOREIGN KEY ({', '.join(map(_quoted, ref.fields))}) REFERENCES"
                    f" {_quoted(ref.to)} ({', '.join(map(_quoted, target.key))}){ref.on_delete}"
                )
        tail = " WITHOUT ROWID" if made.without_rowid else ""
        return f"CREATE TABLE {_quoted(made.name)} ({', '.join(parts)}){tail}"

    def datamap(self) -> str:
        lines = []
        for made in self.tables:
            at = f'stores.app.datasets."{_toml(made.name)}"'
            lines += [f"[{at}]", 'state = "decided"', f'on_erasure = "{made.erasing}"']
            if made is self.root:
                lines.append('identity = { email = "email" }')
            refs = [self._ref(ref) for ref in made.refs if ref.kind != "undecided"]
            lines.append(f"references = [{', '.join(refs)}]")
            for name in made.personal:
                lines += [f'[{at}.fields."{name}"]', 'categories = ["user.content"]']
        return "\n".join(lines)

    def _ref(self, ref: Ref) -> str:
        target = self.table(ref.to)
        to = (
            f'{{ dataset = "{_toml(ref.to)}", fields = ['
            + ", ".join(f'"{name}"' for name in target.key)
            + "] }"
        )
        whose = "referenced" if ref.kind == "referenced" else "owned"
        direction = ', direction = "forward"' if ref.kind == "forward" else ""
        fields = ", ".join(f'"{name}"' for name in ref.fields)
        return f'{{ fields = [{fields}], to = {to}, whose = "{whose}"{direction} }}'

    # ── the model ────────────────────────────────────────────────────────────

    def expect(self, person: int) -> tuple[set[tuple[str, int]], set[tuple[str, int]], bool]:
        """Return whose rows are the person's, which only forward, and whether two own one."""
        own = {("person", person)}
        forward: set[tuple[str, int]] = set()
        changed = True
        while changed:
            changed = False
            for at in self._every():
                if at in own and at not in forward:
                    continue
                backward = any(parent in own for _, parent in self._parents(at, "owned"))
                if backward:
                    changed |= at not in own or at in forward
                    own.add(at)
                    forward.discard(at)
                elif at not in own and at[0] != "person" and self._points_forward(own, at):
                    owners = [parent for _, parent in self._parents(at, "owned")]
                    if all(parent in own for parent in owners):
                        own.add(at)
                        forward.add(at)
                        changed = True
        two = any(
            parent not in own for at in own - forward for _, parent in self._parents(at, "owned")
        )
        return own, forward, two

    def _every(self) -> list[tuple[str, int]]:
        return [(made.name, at) for made in self.tables for at in range(len(made.rows))]

    def _parents(self, at: tuple[str, int], kind: str = "") -> list[tuple[Ref, tuple[str, int]]]:
        made = self.table(at[0])
        row = made.rows[at[1]]
        found = []
        for ref in made.refs:
            if kind and ref.kind != kind:
                continue
            target = self.table(ref.to)
            values = [row[name] for name in ref.fields]
            if None in values:
                continue
            for number, other in enumerate(target.rows):
                if [other[name] for name in target.key] == values:
                    found.append((ref, (target.name, number)))
        return found

    def _points_forward(self, own: set[tuple[str, int]], at: tuple[str, int]) -> bool:
        return any(parent == at for each in own for _, parent in self._parents(each, "forward"))

    def pointed_at_by_others(self, own: set[tuple[str, int]], at: tuple[str, int]) -> bool:
        return any(
            parent == at
            for each in self._every()
            if each not in own
            for ref, parent in self._parents(each)
            # What neither the store nor a person says is a reference is known to nobody.
            if ref.declared or ref.kind != "undecided"
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _toml(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _dump(path: Path, world: World) -> dict[str, list[Row]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            made.name: [
                dict(row) for row in connection.execute(f"SELECT * FROM {_quoted(made.name)}")
            ]
            for made in world.tables
        }


def _erase(path: Path, world: World, person: int) -> dict[DatasetId, int]:
    store = SqlStore("app", f"sqlite:///{path}")
    catalog = store.catalog()
    inventory = inventory_of([catalog], parse_datamap(world.datamap()), classifies=lambda *_: {})
    planned = plan(Right.ERASURE, inventory, [catalog])
    if planned.obstacles:
        raise refusal(planned.obstacles)
    email = Identifier(IdentifierKind.EMAIL, f"p{person}@example.COM ")
    done = store.erase(planned.parts[0], Who((email,)), operation="request/1", today=TODAY)
    return {each.dataset: each.located for each in done.counts}


def _check(path: Path, seed: int, made: Counter[str]) -> None:
    world = World(seed)
    world.write(path)
    made.update(world.made)
    person = seed % len(world.root.rows)
    before = _dump(path, world)
    own, forward, two = world.expect(person)
    if two:
        made["row of two people"] += 1
        with pytest.raises((RowsOfTwoError, PlanRefusedError)):
            _erase(path, world, person)
        assert _dump(path, world) == before
        return
    try:
        located = _erase(path, world, person)
    except PlanRefusedError:
        # A cascade into a table that the plan does not reach, and nothing else, refuses.
        assert world.made["cascade"]
        assert _dump(path, world) == before
        made["cascade refused"] += 1
        return
    after = _dump(path, world)
    made["erased"] += 1
    made["forward row"] += bool(forward)
    for table in world.tables:
        mine = {at for name, at in own if name == table.name}
        assert located.get(DatasetId("app", table.name), 0) == len(mine), table.name
        left = list(after[table.name])
        for at, row in enumerate(table.rows):
            spared = (table.name, at) in forward and world.pointed_at_by_others(
                own, (table.name, at)
            )
            made["spared forward row"] += spared
            if at not in mine or spared:
                assert row in left, f"a row of {table.name} changed that was not the person's"
                left.remove(row)
        # What is left of the person's rows is blank: same keys, no personal value.
        for row in left:
            assert table.erasing == "blank" or _still_needed(world, table, row, after)
            old = [each for at, each in enumerate(table.rows) if at in mine]
            same = [
                each
                for each in old
                if all(each[name] == row[name] for name in (*table.key, *_fields(table)))
            ]
            assert same, table.name
            if table.key:
                for name in table.personal:
                    assert row[name] is None or row[name] != same[0][name]
                    made["replacement"] += row[name] is not None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    again = _erase(path, world, person)
    assert sum(again.values()) == 0, "a second run found somebody"
    assert _dump(path, world) == after


def _fields(table: Made) -> tuple[str, ...]:
    return tuple(name for ref in table.refs for name in ref.fields)


def _still_needed(world: World, table: Made, row: Row, after: dict[str, list[Row]]) -> bool:
    """Return whether a row that stays refers to this one, by a reference the store enforces."""
    for other in world.tables:
        for ref in other.refs:
            if ref.to == table.name and ref.declared:
                for each in after[other.name]:
                    if [each[name] for name in ref.fields] == [row[name] for name in table.key]:
                        return True
    return False


def test_an_erasure_takes_what_is_owned_and_nothing_else(tmp_path: Path) -> None:
    made: Counter[str] = Counter()
    for seed in SEEDS:
        try:
            _check(tmp_path / f"{seed}.sqlite", seed, made)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
    for each in (
        "owned",
        "forward",
        "referenced",
        "undecided",
        "self",
        "cycle",
        "composite",
        "null reference",
        "zero or empty",
        "falsy text key",
        "row of two people",
        "erased",
        "forward row",
        "spared forward row",
        "replacement",
        "cascade",
        "cascade refused",
    ):
        assert made[each], f"no run made: {each}"
