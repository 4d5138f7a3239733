"""A company with Chinook-shaped stores of its own, opened as a command opens it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kept.runtime import Company, open_company
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.answer_request import Asked, Outcome, answer_request

AT = datetime(2026, 8, 31, 9, 0, tzinfo=UTC)


class Office:
    """A folder with kept.toml, datamap.toml and stores."""

    def __init__(self, folder: Path, stores: dict[str, str], datamap: str, extra: str) -> None:
        self.folder = folder
        self.count = 0
        for name, sql in stores.items():
            with closing(sqlite3.connect(self.path(name))) as connection:
                connection.executescript(sql)
        settings = "".join(f'[stores.{name}]\nurl = "sqlite:///{name}.sqlite"\n' for name in stores)
        (folder / "kept.toml").write_text(
            f'[controller]\nname = "Example Cloud"\ncontact = "privacy@example.com"\n'
            f'establishment = "DE"\nlaws = ["eu-gdpr"]\n{extra}\n{settings}',
            encoding="utf-8",
        )
        (folder / "datamap.toml").write_text(datamap, encoding="utf-8")

    def path(self, store: str) -> Path:
        return self.folder / f"{store}.sqlite"

    @property
    def config(self) -> Path:
        return self.folder / "kept.toml"

    def company(self, at: datetime = AT) -> Company:
        return open_company(self.config, at=at)

    def ask(self, right: Right, at: datetime = AT, **identity: str) -> Outcome:
        company = self.company(at)
        self.count += 1
        return answer_request(
            company.ports(),
            company.desk(),
            Asked(
                id=f"request{self.count}",
                right=right,
                identifiers=tuple(
                    Identifier(IdentifierKind(kind), value) for kind, value in identity.items()
                ),
                received_at=company.now,
            ),
        )

    def rows(self, store: str, table: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path(store))) as connection:
            return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


@pytest.fixture
def office(tmp_path: Path) -> Callable[..., Office]:
    """Return a function that makes a company from SQL by store and a datamap."""

    def make(stores: dict[str, str], datamap: str, extra: str = "") -> Office:
        return Office(tmp_path, stores, datamap, extra)

    return make
