"""Random companies, with a model of whose rows are whose that is written the slow way."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from databases import Database

from kept.connectors.sql.names import shown_name

NAMES = ["person", "Order", 'a "quoted" one', "café", "select", "x.y", "tail;--", "Ünder score"]

APART = ("staff", "letters")
"""Tables that nothing refers to: they know people by their address."""

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
    identity: str = ""


class World:
    """One random company."""

    def __init__(self, seed: int, engine: str = "sqlite") -> None:
        self.random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.engine = engine
        self.made: Counter[str] = Counter()
        self.tables: list[Made] = []
        self.root = self._root()
        self.staff = self._staff()
        self.letters = self._letters()
        for name in NAMES[1 : self.random.randint(2, len(NAMES))]:
            self.tables.append(self._table(name))
        self._late_refs()
        self._rows()
        self.elsewhere = self._elsewhere()
        self.history = self._history()

    # ── schema ───────────────────────────────────────────────────────────────

    def _root(self) -> Made:
        root = Made("person", ("id",), "INTEGER")
        root.erasing = self.random.choice(["delete", "blank"])
        root.identity = "email"
        root.personal = {
            "email": self.random.choice(["TEXT", "TEXT UNIQUE", "VARCHAR(40) NOT NULL UNIQUE"]),
            "full name": "VARCHAR(20) NOT NULL",
        }
        self.tables.append(root)
        return root

    def _staff(self) -> Made | None:
        """Make a table of people who work here, some of whom are customers too."""
        if self.random.random() < 0.6:
            return None
        made = Made("staff", ("id",), "INTEGER", erasing=self.random.choice(["delete", "blank"]))
        made.personal = {"mail": "TEXT", "full name": "TEXT"}
        made.identity = "mail"
        self.tables.append(made)
        return made

    def _letters(self) -> Made | None:
        """Make a table that knows people by their address alone, in letters of any case."""
        if self.random.random() < 0.5:
            return None
        made = Made("letters", ("id",), "INTEGER", erasing=self.random.choice(["delete", "blank"]))
        made.personal = {"to": "TEXT"}
        made.identity = "to"
        self.tables.append(made)
        return made

    def _elsewhere(self) -> list[tuple[int, int | None, str]]:
        """Make rows of a second store that only the first leads to."""
        if self.random.random() < 0.6:
            return []
        people = [None, *range(len(self.root.rows))]
        count = self.random.randint(1, 5)
        return [(at, self.random.choice(people), f"seen {at}") for at in range(count)]

    def _history(self) -> tuple[Made, str, bool] | None:
        """Choose a table whose changes a trigger writes down, and whether it was reviewed."""
        if self.random.random() < 0.75:
            return None
        made = self.random.choice(self.tables)
        event = self.random.choice(["UPDATE", "DELETE"])
        return made, event, self.random.random() < 0.6

    def _table(self, name: str) -> Made:
        pick = self.random
        kind = pick.choice(["INTEGER", "TEXT", "composite", "none"])
        if kind == "none" and self.engine == "mariadb":
            # It names no row without a key, and refuses: there is a test of that.
            kind = "INTEGER"
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
        for declared in made.personal.values():
            self.made["not null"] += "NOT NULL" in declared
            self.made["unique"] += "UNIQUE" in declared
            self.made["check"] += "CHECK" in declared
        for number in range(pick.randint(0, 2) if len(self.tables) > 1 else 1):
            target = pick.choice(
                [each for each in self.tables if each.key and each.name not in APART]
            )
            kind = pick.choice(["owned", "owned", "owned", "referenced", "undecided", "forward"])
            if target is self.root and kind == "forward":
                kind = "owned"
            self._refer(made, target, kind, number)
        return made

    def _late_refs(self) -> None:
        """Add references that close circles, and rows that refer to their own table."""
        for made in self.tables[1:]:
            if made.key and made.name not in APART and self.random.random() < 0.3:
                self._refer(made, made, self.random.choice(["owned", "referenced"]), 8)
                self.made["self"] += 1
        if self.random.random() < 0.4:
            targets = [each for each in self.tables[1:] if each.key and each.name not in APART]
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
                made.rows.append(self._identified(made, number) or self._row(made, number))
        for made in self.tables:
            for number, row in enumerate(made.rows):
                for ref in made.refs:
                    self._point(made, row, ref, number)

    def _identified(self, made: Made, number: int) -> Row | None:
        """Return a row that knows a person by their address."""
        person = self.random.randint(0, len(self.root.rows))
        spelt = self.random.choice([" P{}@example.com", "p{}@Example.COM", "p{}@example.com "])
        if made.name not in APART:
            return None
        taken = {str(row[made.identity]).strip().casefold() for row in made.rows}
        if f"p{person}@example.com" in taken:
            # Two rows of people behind one mailbox would be two people.
            person = 900 + number
        known = person < len(self.root.rows)
        self.made["person who is staff"] += known and made is self.staff
        self.made["two letter cases"] += known
        row: Row = {"id": number, made.identity: spelt.format(person)}
        return {**row, "full name": f"N{person}"} if made is self.staff else row

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

    def write(self, base: Database) -> None:
        for made in self.tables:
            base.run(self._create(made))
        for made in self.tables:
            for row in made.rows:
                marks = ", ".join("?" for _ in row)
                names = ", ".join(quoted(name) for name in row)
                base.many(
                    f"INSERT INTO {quoted(made.name)} ({names}) VALUES ({marks})",
                    [tuple(row.values())],
                )
        if self.engine != "sqlite":
            for made in self.tables:
                for reference in self._declared(made):
                    base.run(f"ALTER TABLE {quoted(made.name)} ADD {reference}")
        if self.history is not None:
            self._write_history(base, *self.history[:2])

    def _write_history(self, base: Database, made: Made, event: str) -> None:
        name = quoted(made.name)
        base.run("CREATE TABLE history (id INTEGER, what VARCHAR(9))")
        write = "INSERT INTO history VALUES (1, 'changed')"
        if self.engine == "postgresql":
            base.raw(
                "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" {write}; RETURN NULL; END $$; CREATE TRIGGER noting AFTER {event} ON {name}"
                " FOR EACH ROW EXECUTE FUNCTION noted()"
            )
        elif self.engine == "mariadb":
            base.raw(f"CREATE TRIGGER noting AFTER {event} ON {name} FOR EACH ROW {write}")
        else:
            base.raw(f"CREATE TRIGGER noting AFTER {event} ON {name} BEGIN {write}; END")

    def _create(self, made: Made) -> str:
        parts = []
        for name in made.key:
            kind = {"INTEGER": "INTEGER", "TEXT": "TEXT"}.get(made.key_type)
            parts.append(f"{quoted(name)} {kind or ('INTEGER' if name == 'k 1' else 'TEXT')}")
        for name, declared in made.personal.items():
            parts.append(f"{quoted(name)} {declared.format(name=quoted(name))}")
        for ref in made.refs:
            target = self.table(ref.to)
            for name, there in zip(ref.fields, target.key, strict=True):
                integer = target.key_type == "INTEGER" or there == "k 1"
                parts.append(f"{quoted(name)} {'INTEGER' if integer else 'TEXT'}")
        if made.key:
            parts.append(f"PRIMARY KEY ({', '.join(map(quoted, made.key))})")
        if not parts:
            parts.append('"nothing" TEXT')
        if self.engine == "sqlite":
            parts += self._declared(made)
        tail = " WITHOUT ROWID" if made.without_rowid else ""
        return f"CREATE TABLE {quoted(made.name)} ({', '.join(parts)}){tail}"

    def _declared(self, made: Made) -> list[str]:
        return [
            f"FOREIGN KEY ({', '.join(map(quoted, ref.fields))}) REFERENCES"
            f" {quoted(ref.to)} ({', '.join(map(quoted, self.table(ref.to).key))}){ref.on_delete}"
            for ref in made.refs
            if ref.declared
        ]

    def shown(self, name: str) -> str:
        """Return how the store's connector shows the name of a table."""
        return shown_name("", name) if self.engine == "postgresql" else name

    def datamap(self, triggers: Mapping[str, str]) -> str:
        lines = [
            "[stores.app.datasets.history]",
            'state = "decided"',
            'about = "none"',
            "[stores.crm.datasets.visit]",
            'state = "decided"',
            'on_erasure = "delete"',
            'references = [{ fields = ["who"], to = "app:person(id)", whose = "owned" }]',
            "[stores.crm.datasets.visit.fields.note]",
            'categories = ["user.content"]',
        ]
        for made in self.tables:
            at = f'stores.app.datasets."{_toml(self.shown(made.name))}"'
            lines += [f"[{at}]", 'state = "decided"', f'on_erasure = "{made.erasing}"']
            if made.identity:
                lines.append(f'identity = {{ "{made.identity}" = "email" }}')
            if self.history is not None and self.history[0] is made and self.history[2]:
                lines.append(f'reviewed_triggers = {{ noting = "{triggers["noting"]}" }}')
            refs = [self._ref(ref) for ref in made.refs if ref.kind != "undecided"]
            lines.append(f"references = [{', '.join(refs)}]")
            for name in made.personal:
                category = "user.name" if name == "full name" else "user.content"
                if name != made.identity:
                    lines += [f'[{at}.fields."{name}"]', f'categories = ["{category}"]']
        return "\n".join(lines)

    def _ref(self, ref: Ref) -> str:
        target = self.table(ref.to)
        to = (
            f'{{ dataset = "{_toml(self.shown(ref.to))}", fields = ['
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
        for made in (self.staff, self.letters):
            for at, row in enumerate(made.rows if made is not None else ()):
                if str(row[made.identity]).strip().casefold() == f"p{person}@example.com":
                    own.add((made.name, at))
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


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _toml(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')
