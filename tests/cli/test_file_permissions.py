"""Stores that are files: the printed permissions are set, and tried as whoever has no more."""

import getpass
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Tries = Callable[..., "subprocess.CompletedProcess[str]"]
_AS_ANYONE = (
    ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if getpass.getuser() == "root"
    else []
)
_UPDATES = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as there:
    there.execute("UPDATE person SET email = NULL")
    there.execute("DELETE FROM person")
"""
_MAPS = """
import sys
sys.argv = ["kept", "map", "--json"]
from kept.cli.main import main
main()
"""
_WRITES = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('id,email\\n')"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that others may look into, unlike those that pytest makes."""
    folder = Path(tempfile.mkdtemp(prefix="kept-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for each in (folder, *folder.rglob("*")):
            if each.is_dir():
                each.chmod(0o755)
        shutil.rmtree(folder)


@pytest.fixture
def tries() -> Tries:
    """What runs Python as an account that file permissions hold for, as they do not for root."""

    def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*_AS_ANYONE, sys.executable, *words],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def _people(folder: Path) -> tuple[str, Path]:
    (folder / "people.csv").write_text("id,email\n1,ann@example.com\n2,ben@example.com\n")
    return f"file://{folder}", folder / "people.csv"


def _log(folder: Path) -> tuple[str, Path]:
    (folder / "access.log").write_text(
        '192.0.2.7 - - [10/Oct/2026:13:55:09 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8"\n' * 9
    )
    return f"logs://{folder}", folder / "access.log"


def _database(folder: Path) -> tuple[str, Path]:
    import sqlite3

    path = folder / "shop.sqlite"
    made = sqlite3.connect(path)
    made.executescript(
        "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT);"
        "INSERT INTO person VALUES (1, 'ann@example.com');"
    )
    made.close()
    return f"sqlite:///{path}", path


def _duckdb(folder: Path) -> tuple[str, Path]:
    import duckdb

    path = folder / "shop.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT)")
        made.execute("INSERT INTO person VALUES (1, 'ann@example.com')")
    return f"duckdb:///{path}", path


@pytest.mark.parametrize("fill", [_people, _log, _database, _duckdb])
def test_who_may_only_read_the_files_can_map_them_and_not_write(
    place: Path, tries: Tries, fill: Callable[[Path], tuple[str, Path]]
) -> None:
    held, home = place / "held", place / "home"
    held.mkdir()
    home.mkdir()
    home.chmod(0o777)
    url, file = fill(held)
    (home / "kept.toml").write_text(f'[stores.shop]\nurl = "{url}"\n')
    file.chmod(0o444)
    held.chmod(0o555)
    mapped = tries(home, "-c", _MAPS)
    assert mapped.returncode == 0, mapped.stderr
    assert '"email"' in mapped.stdout or '"remote_addr"' in mapped.stdout
    program = _UPDATES if file.suffix == ".sqlite" else _WRITES
    refused = tries(home, "-c", program, str(file))
    assert refused.returncode != 0
    assert "readonly" in refused.stderr or "PermissionError" in refused.stderr
    file.chmod(0o666)
    held.chmod(0o777)
    allowed = tries(home, "-c", program, str(file))
    assert allowed.returncode == 0, allowed.stderr
