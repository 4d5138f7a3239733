"""How long a map and a full scan take, in how much memory: a large PostgreSQL, a Parquet file."""

import getpass
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measure import line

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench" / "appdb.sql"
CUSTOMERS = 200_000
EMPTY = 292
SCANNED = 1_000_000
SETTINGS = """
[controller]
name = "Example Cloud"
contact = "privacy@example.com"
establishment = "DE"
laws = ["eu-gdpr"]
[stores.app]
url = "{url}"
"""
KEPT = """
import re, resource, sys
from pathlib import Path
from kept.cli.main import main
try:
    main()
finally:
    # What getrusage calls the peak of a process begins with that of who started it.
    own = int(re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1])
    most = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    print(f"peak {most // 1024}", file=sys.stderr)
"""
PARQUET = """
import sys
import polars as pl
rows = int(sys.argv[2])
number = pl.int_range(rows, eager=True)
pl.DataFrame({
    "id": number,
    "mail": "person" + pl.Series(number.cast(pl.String)) + "@example.com",
    "note": "left at the door number " + number.hash(7).cast(pl.String) + " with more words",
}).write_parquet(sys.argv[1], row_group_size=rows)
"""


def kept(folder: Path, *arguments: str) -> tuple[float, int, str]:
    """Return how many seconds a command took, the most megabytes that it held, and its output."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", KEPT, *arguments],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    taken = time.perf_counter() - began
    return taken, int(done.stderr.rsplit("peak ", 1)[1]), done.stdout


def company(folder: Path, url: str) -> Path:
    folder.mkdir()
    (folder / "kept.toml").write_text(SETTINGS.format(url=url), encoding="utf-8")
    return folder


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL of this benchmark's own, filled with the database of the issue."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    account = "postgres" if getpass.getuser() == "root" else None
    if account:
        shutil.chown(folder, account, account)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    subprocess.run(
        [programs / "initdb", "--no-sync", "--auth=trust", "--username=postgres",
         "--encoding=UTF8", "--locale=C.UTF-8", f"--pgdata={folder / 'content'}"],
        check=True, capture_output=True, cwd=folder, user=account,
    )  # fmt: skip
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder,
        "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
        "max_wal_size": "4GB",
    }  # fmt: skip
    server = subprocess.Popen(
        [programs / "postgres", "-D", folder / "content"]
        + [f"--{name}={value}" for name, value in settings.items()],
        cwd=folder, user=account, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    psql = [
        shutil.which("psql") or programs / "psql",
        "-qX", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-v", "ON_ERROR_STOP=1",
    ]  # fmt: skip
    try:
        for _ in range(200):
            if not subprocess.run([*psql, "-c", ""], check=False, capture_output=True).returncode:
                break
            time.sleep(0.1)
        filling = [*psql, "-v", f"n={CUSTOMERS}", "-f", BENCH]
        subprocess.run(filling, check=True, capture_output=True)
        empty = ";".join(
            f"CREATE TABLE empty_{number} (id bigint PRIMARY KEY, name text, email text,"
            " created_at timestamptz, note text, amount numeric, status text, ref uuid)"
            for number in range(EMPTY)
        )
        subprocess.run([*psql, "-c", empty], check=True, capture_output=True)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(60)


def databases(folder: Path) -> None:
    if not BENCH.exists() or not list(Path("/usr/lib/postgresql").glob("*/bin")):
        print("PostgreSQL or ../shared/bench/appdb.sql is missing: nothing is measured on it")
        return
    (folder / "server").mkdir()
    with postgresql(folder / "server") as url:
        at = company(folder / "company", url)
        runs = [kept(at, "map", "--json") for _ in range(3)]
        datasets = json.loads(runs[0][2])["stores"][0]["datasets"]
        rows = sum(each["rows"] or 0 for each in datasets)
        what = f"map of {len(datasets)} tables, {rows / 1e6:.1f} million rows"
        line(what, sorted(run[0] for run in runs)[1], at_most=20, unit="s")
        line("  most memory", max(run[1] for run in runs), at_most=300, unit="MB")
        taken, memory, told = kept(at, "map", "--full", "--for", "20s", "--json")
        scanned = [each["scanned"] for each in json.loads(told)["stores"][0]["datasets"]]
        read = sum(each["read"] for each in scanned if each is not None)
        line("full scan for 20 s, rows in a second", read / taken, unit="rows")
        line("  most memory", memory, at_most=300, unit="MB")


def files(folder: Path) -> None:
    lake = folder / "lake"
    lake.mkdir()
    making = [sys.executable, "-c", PARQUET, str(lake / "people.parquet"), str(SCANNED)]
    subprocess.run(making, check=True)
    at = company(folder / "files", f"file://{lake}")
    taken, memory, _ = kept(at, "map", "--full", "--json")
    what = f"full scan of a Parquet file, {SCANNED:,} rows in one group"
    line(what, taken, unit="s")
    line("  most memory", memory, at_most=300, unit="MB")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kept-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        databases(folder)
        files(folder)


if __name__ == "__main__":
    main()
