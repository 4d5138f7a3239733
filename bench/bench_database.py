"""The benchmark database of ../shared/bench: given by its address, or on a server of our own."""

import contextlib
import getpass
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "bench"
CUSTOMERS = 200_000


@contextlib.contextmanager
def bench_database() -> Iterator[str | None]:
    """Yield the address of the database, or nothing where it cannot be made here.

    An address given as first argument is taken as it is; its customers can be erased once.
    """
    if len(sys.argv) > 1:
        yield sys.argv[1]
        return
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not programs or not SHARED.exists():
        print("skipped: needs PostgreSQL and ../shared/bench")
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="kept-bench-"))
    account = "postgres" if getpass.getuser() == "root" else None
    if account:
        shutil.chown(folder, account, account)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bin_ = programs[-1].parent
    content = folder / "content"
    make = [bin_ / "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8"]
    subprocess.run(
        [*make, "--locale=C.UTF-8", f"--pgdata={content}"],
        check=True, capture_output=True, cwd=folder, user=account, group=account,
    )  # fmt: skip
    with (folder / "log").open("w") as said:
        server = subprocess.Popen(
            [
                bin_ / "postgres", "-D", content, "--listen_addresses=127.0.0.1",
                f"--port={port}", f"--unix_socket_directories={folder}",
                "--shared_buffers=512MB", "--max_wal_size=4GB",
            ],
            stdout=said, stderr=said, cwd=folder, user=account, group=account,
        )  # fmt: skip
    try:
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        _fill(url, bin_ / "psql")
        yield url
    finally:
        # Not politely: a server that is asked so waits for whoever is still connected.
        server.send_signal(signal.SIGINT)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _fill(url: str, psql: Path) -> None:
    import psycopg  # noqa: PLC0415 - heavy

    for _ in range(600):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(url, connect_timeout=2).close()
            break
        time.sleep(0.1)
    subprocess.run(
        [psql, url, "-q", "-v", f"n={CUSTOMERS}", "-f", SHARED / "appdb.sql"],
        check=True, capture_output=True,
    )  # fmt: skip
