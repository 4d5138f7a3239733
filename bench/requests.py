"""How long one person's request takes, beside plain SQL that does the same and nothing else."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from bench_database import SHARED, bench_database
from measure import line, median_ms
from sqlalchemy import event

from kept.inventory.dataset import State
from kept.plans.connector import Who
from kept.runtime import Company, open_company
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.answer_request import Asked, answer_request, plan_for

ROOT = Path(__file__).resolve().parents[1]
CHINOOK = ROOT.parent / "shared" / "databases" / "chinook.sqlite"
AT = datetime(2026, 5, 1, tzinfo=UTC)
TIMES = 40
CUSTOMERS = 20_000
BATCH = 500


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        with bench_database() as url:
            if url is not None:
                on_postgresql(url, Path(folder) / "bench")
        if CHINOOK.exists():
            print("Chinook on SQLite, 59 customers, 46 rows a person")
            path = Path(folder) / "chinook"
            path.mkdir()
            shutil.copyfile(CHINOOK, path / "app.sqlite")
            run(path, emails(path, "Customer", "Email"), Plain("Customer", "Email"))
        print(f"a shop on SQLite, {CUSTOMERS:,} customers, 46 rows a person, indexed")
        path = Path(folder) / "shop"
        path.mkdir()
        make_shop(path / "app.sqlite")
        run(path, emails(path, "Customer", "Email"), Plain("Customer", "Email"))


def on_postgresql(url: str, folder: Path) -> None:
    """Measure the database of ../shared/bench, each kind on people of its own."""
    print("../shared/bench on PostgreSQL, 200,000 customers, 46 rows a person")
    folder.mkdir()
    company = mapped(folder, url)
    desk, ports = company.desk(), company.ports()
    seen = company.mapped()
    object.__setattr__(ports, "mapped", lambda: seen)
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    ids = count()
    sent: list[str] = []
    for writes in (False, True):
        engine = company.stores["app"].sql._engine(writes=writes)  # noqa: SLF001 - counted here alone
        event.listen(engine, "before_cursor_execute", lambda *each: sent.append(each[2]))

    def ask(right: Right) -> None:
        number = next(ids)
        email = Identifier(IdentifierKind.EMAIL, f"user{start + number}@example.com")
        asked = Asked(
            id=f"bench{start + number}", right=right, identifiers=(email,), received_at=AT
        )
        answer_request(ports, desk, asked)

    limits = {Right.ACCESS: ("access", 12, 30, 20), Right.ERASURE: ("erasure", 20, 50, 30)}
    for right, (name, statements, milliseconds, cpu) in limits.items():
        floor = plain_sql(url, name, start + 1_000)
        for _ in range(3):
            ask(right)
        sent.clear()
        ask(right)
        own = [each for each in sent if not each.startswith("SET ")]
        line(f"{name}: statements", len(own), at_most=statements, unit="")
        began = time.process_time()
        ours = median_ms(partial(ask, right), times=TIMES, warm=0)
        used = 1000 * (time.process_time() - began) / TIMES
        line(
            f"{name}: plan, {'read, package' if name == 'access' else 'check, erase, verify'}, receipt",
            ours,
            at_most=milliseconds,
        )
        line("  CPU of this process", used, at_most=cpu)
        line("  plain SQL, and nothing else", floor)
    in_batches(url, company, start + 2_000)


def in_batches(url: str, company: Company, start: int) -> None:
    """Measure what the store does for 500 people at once, without packages and receipts."""
    store, desk_day = company.stores["app"], AT.date()
    seen = company.mapped()
    people = [
        Who((Identifier(IdentifierKind.EMAIL, f"user{start + at}@example.com"),))
        for at in range(BATCH)
    ]
    part = plan_for(Right.ACCESS, seen).parts[0]
    store.read_all(part, people[:2])
    began = time.perf_counter()
    store.read_all(part, people)
    taken = time.perf_counter() - began
    line(f"{BATCH} accesses, found and read in one snapshot", BATCH / taken, unit="people/s")
    part = plan_for(Right.ERASURE, seen).parts[0]
    floor = plain_sql(url, "erasure", start + 2 * BATCH, BATCH, "--batch")
    began = time.perf_counter()
    done = store.erase_all(
        part, [(who, f"batch/{at}/app") for at, who in enumerate(people)], today=desk_day
    )
    ours = 1000 * (time.perf_counter() - began)
    assert all(sum(each.blanked for each in one.counts) == 46 for one in done)
    line(f"{BATCH} erasures in one transaction, checked and verified", ours)
    line("  plain SQL in one transaction, and nothing else", floor)
    line("  ratio", ours / floor, unit="×")


def plain_sql(url: str, kind: str, start: int, people: int = TIMES, *flags: str) -> float:
    """Return the median of the floor for one person, or one batch, in milliseconds."""
    said = subprocess.run(
        [sys.executable, SHARED / "floor.py", url, kind, str(start), str(people), *flags],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return float(said.partition("p50=")[2].partition("ms")[0])


def run(folder: Path, people: list[str], plain: "Plain") -> None:
    company = mapped(folder)
    planned = plan_for(Right.ACCESS, company.mapped())
    store, part = company.stores["app"], planned.parts[0]
    ids = count()

    def who(email: str) -> tuple[Identifier, ...]:
        return (Identifier(IdentifierKind.EMAIL, email),)

    def whole(right: Right, email: str) -> None:
        asked = Asked(id=f"bench{next(ids)}", right=right, identifiers=who(email), received_at=AT)
        answer_request(ports, desk, asked)

    seen, desk = company.mapped(), company.desk()
    ports = company.ports()
    object.__setattr__(ports, "mapped", lambda: seen)

    floor = median_ms(lambda: plain.access(folder, people[0]), times=TIMES)
    ours = median_ms(lambda: store.read(part, Who(who(people[0]))), times=TIMES)
    line("access: found and read in one snapshot", ours)
    line("  plain SELECTs", floor)
    line("  ratio", ours / floor, unit="×")
    ours = median_ms(lambda: whole(Right.ACCESS, people[0]), times=TIMES)
    line("access: plan, read, encrypted package, receipt", ours, at_most=20)
    line("  ratio to plain SELECTs", ours / floor, unit="×")

    some, others = iter(people[1::2]), iter(people[2::2])
    half = min(TIMES, len(people) // 2 - 4)
    floor = median_ms(lambda: plain.erase(folder, next(others)), times=half)
    ours = median_ms(lambda: whole(Right.ERASURE, next(some)), times=half)
    line("erasure: plan, check, erase, verify, receipt", ours)
    line("  plain UPDATEs in one transaction", floor)
    line("  ratio", ours / floor, unit="×")


class Plain:
    """The floor: the same rows by plain SQL, with no plan, check, package or receipt."""

    def __init__(self, table: str, email: str) -> None:
        self.find = f"SELECT * FROM {table} WHERE {email} = ?"

    def access(self, folder: Path, email: str) -> int:
        with closing(_connect(folder)) as connection:
            connection.execute("BEGIN")
            customer = connection.execute(self.find, (email,)).fetchone()
            invoices = connection.execute(
                "SELECT * FROM Invoice WHERE CustomerId = ?", (customer[0],)
            ).fetchall()
            lines = connection.execute(
                "SELECT * FROM InvoiceLine WHERE InvoiceId IN"
                " (SELECT InvoiceId FROM Invoice WHERE CustomerId = ?)",
                (customer[0],),
            ).fetchall()
            return 1 + len(invoices) + len(lines)

    def erase(self, folder: Path, email: str) -> None:
        with closing(_connect(folder)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN IMMEDIATE")
            customer = connection.execute(self.find, (email,)).fetchone()[0]
            connection.execute(
                "UPDATE Invoice SET BillingAddress = NULL, BillingCity = NULL,"
                " BillingState = NULL, BillingCountry = NULL, BillingPostalCode = NULL"
                " WHERE CustomerId = ?",
                (customer,),
            )
            connection.execute(
                "UPDATE Customer SET FirstName = '', LastName = '', Address = NULL, City = NULL,"
                " State = NULL, Country = NULL, PostalCode = NULL, Phone = NULL, Fax = NULL,"
                " Company = NULL, Email = 'x' || CustomerId WHERE CustomerId = ?",
                (customer,),
            )
            connection.execute("COMMIT")


def mapped(folder: Path, url: str = "sqlite:///app.sqlite") -> Company:
    """Return a company whose map is accepted as it is proposed, and blanks what it erases."""
    from kept.cli.mapping import look  # noqa: PLC0415 - heavy
    from kept.inventory.datamap_writing import write_proposals  # noqa: PLC0415

    config = folder / "kept.toml"
    config.write_text(f'[controller]\nname = "x"\n[stores.app]\nurl = "{url}"\n')
    written = write_proposals("", look(config).proposals, accept=True).text
    # What a person would decide where discovery is unsure: that it proposed right.
    written = written.replace('state = "proposed"', 'state = "decided"')
    (folder / "datamap.toml").write_text(
        written.replace('on_erasure = "delete"', 'on_erasure = "blank"'), encoding="utf-8"
    )
    company = open_company(config, at=AT)
    undecided = [each.id for each in company.inventory.datasets if each.state is not State.DECIDED]
    assert not undecided, undecided
    return company


def emails(folder: Path, table: str, field: str) -> list[str]:
    with closing(_connect(folder)) as connection:
        return [row[0] for row in connection.execute(f"SELECT {field} FROM {table} LIMIT 200")]


def make_shop(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            """
            CREATE TABLE Customer (CustomerId INTEGER PRIMARY KEY, FirstName TEXT NOT NULL,
              LastName TEXT NOT NULL, Company TEXT, Address TEXT, City TEXT, State TEXT,
              Country TEXT, PostalCode TEXT, Phone TEXT, Fax TEXT, Email TEXT NOT NULL);
            CREATE TABLE Invoice (InvoiceId INTEGER PRIMARY KEY,
              CustomerId INTEGER NOT NULL REFERENCES Customer(CustomerId), InvoiceDate TEXT,
              BillingAddress TEXT, BillingCity TEXT, BillingState TEXT, BillingCountry TEXT,
              BillingPostalCode TEXT);
            CREATE TABLE InvoiceLine (InvoiceLineId INTEGER PRIMARY KEY,
              InvoiceId INTEGER NOT NULL REFERENCES Invoice(InvoiceId), Quantity INTEGER);
            """
        )
        connection.executemany(
            "INSERT INTO Customer VALUES (?, ?, ?, NULL, ?, 'Berlin', NULL, 'Germany', ?, ?, NULL, ?)",
            (
                (
                    at,
                    f"First{at % 500}",
                    f"Last{at % 900}",
                    f"{at % 300} Long Street",
                    f"{10_000 + at % 80_000}",
                    f"+49 30 {at:08}",
                    f"user{at}@example.com",
                )
                for at in range(1, CUSTOMERS + 1)
            ),
        )
        connection.executemany(
            "INSERT INTO Invoice VALUES (?, ?, '2026-01-01', '1 Long Street', 'Berlin', NULL,"
            " 'Germany', '10115')",
            (((at - 1) * 5 + each, at) for at in range(1, CUSTOMERS + 1) for each in range(1, 6)),
        )
        connection.executemany(
            "INSERT INTO InvoiceLine VALUES (?, ?, 1)",
            (((at - 1) * 8 + each, at) for at in range(1, CUSTOMERS * 5 + 1) for each in range(8)),
        )
        connection.executescript(
            """
            CREATE UNIQUE INDEX by_email ON Customer (Email);
            CREATE INDEX by_phone ON Customer (Phone);
            CREATE INDEX by_customer ON Invoice (CustomerId);
            CREATE INDEX by_invoice ON InvoiceLine (InvoiceId);
            """
        )
        connection.commit()


def _connect(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "app.sqlite", isolation_level=None)


if __name__ == "__main__":
    main()
