"""Which sample companies there are, and how one is written into a folder."""

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from kept.demo.errors import FolderInUseError, UnknownCompanyError
from kept.demo.tamarisk.rows import Rows, rows_at

SEED = 2207
"""From which the sample company's people are drawn where nobody says otherwise."""

_MARK = "# The sample company of `kept demo`"
_STATE = ".kept"
ANSWERS = ("access", "erasure")
"""Folders of the sample company into which answers are written out."""

_POLICY_AGE = timedelta(days=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCompany:
    """A company that exists in this package alone.

    Attributes:
        name: What ``--company`` takes.
        title: What it calls itself.
        room: Package that holds its texts.
        rows: Makes what stands in its tables, from an instant and a seed.
        asks_for_access: E-mail address of the customer who wants a copy.
        asks_for_erasure: E-mail address of the customer who wants to be forgotten.
    """

    name: str
    title: str
    room: str
    rows: Callable[[datetime, int], Rows]
    asks_for_access: str
    asks_for_erasure: str


COMPANIES: Mapping[str, SampleCompany] = {
    "tamarisk": SampleCompany(
        name="tamarisk",
        title="Tamarisk Cloud GmbH",
        room="kept.demo.tamarisk",
        rows=lambda now, seed: rows_at(now, seed=seed),
        asks_for_access="nadia.rahman@example.com",
        asks_for_erasure="jonas.weber@example.org",
    )
}


def company(name: str) -> SampleCompany:
    """Return the sample company called `name`.

    Raises:
        UnknownCompanyError: There is none.
    """
    if name not in COMPANIES:
        raise UnknownCompanyError(
            f"there is no sample company {name!r}", remedy=f"Choose one of: {', '.join(COMPANIES)}."
        )
    return COMPANIES[name]


def write_company(
    sample: SampleCompany, directory: Path, *, now: datetime, seed: int = SEED
) -> Path:
    """Write `sample` into `directory` as it is at `now`, and return its ``kept.toml``.

    What an earlier run wrote is replaced, its state with it. The same instant and
    seed give the same bytes, the state excepted: that has keys.

    Raises:
        FolderInUseError: Somebody else's configuration is there; nothing was changed.
    """
    _clear(directory)
    (directory / "data").mkdir(parents=True, exist_ok=True)
    for name in ("kept.toml", "datamap.toml"):
        (directory / name).write_text(_text(sample, name), encoding="utf-8", newline="\n")
    policy = _text(sample, "policy.en.md").format(last_updated=_long_date(now - _POLICY_AGE))
    (directory / "policy.en.md").write_text(policy, encoding="utf-8", newline="\n")
    _write_store(
        directory / "data" / "app.sqlite", _text(sample, "schema.sql"), sample.rows(now, seed)
    )
    return directory / "kept.toml"


def is_sample(config: Path) -> bool:
    """Return whether `config` is a ``kept.toml`` that the demonstration wrote."""
    try:
        with config.open(encoding="utf-8") as file:
            return file.readline().startswith(_MARK)
    except (OSError, UnicodeDecodeError):
        return False


def _clear(directory: Path) -> None:
    config = directory / "kept.toml"
    ours = [directory / name for name in ("datamap.toml", "policy.en.md", "data", _STATE)]
    ours += [directory / name for name in ANSWERS]
    if is_sample(config):
        for path in (config, *ours):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    elif any(path.exists() for path in (config, *ours)):
        raise FolderInUseError(f"the folder {directory.name!r} belongs to another configuration")


def _text(sample: SampleCompany, name: str) -> str:
    return files(sample.room).joinpath(name).read_text(encoding="utf-8")


def _long_date(moment: datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment.year}"


def _write_store(path: Path, schema: str, rows: Rows) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        # Nothing is at stake while the file is being made, and it must be quick.
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(schema)
        for table, content in rows.items():
            marks = ", ".join("?" * len(content[0]))
            connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', content)
        connection.commit()
