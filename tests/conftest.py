"""Servers that tests start themselves: private, on loopback, gone when the session ends.

A test that needs one asks for its fixture and carries the marks ``service`` and
``enable_socket``. Where the server is not installed the test skips and says which Debian
package is missing, except under CI=true, where it fails.
"""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

_PATIENCE = 60.0


def missing(package: str) -> None:
    """Skip the test that needs `package`; under CI, fail it."""
    said = f"needs the Debian package {package} (tools/install-test-servers installs it)"
    if os.environ.get("CI"):  # noqa: TID251 - a test asks where it runs
        pytest.fail(said)
    pytest.skip(said)


def program(name: str, package: str, *places: str) -> str:
    """Return where a program is, looking beyond PATH too."""
    for place in places:
        found = sorted(Path("/").glob(f"{place.lstrip('/')}/{name}"))
        if found:
            return str(found[-1])
    found_on_path = shutil.which(name)
    if found_on_path is None:
        missing(package)
    return str(found_on_path)


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def home(account: str) -> Iterator[tuple[Path, str | None]]:
    """Make a folder for a server, and say as whom it must run: some refuse to be root."""
    folder = Path(tempfile.mkdtemp(prefix="kept-test-"))
    running_as = None
    if getpass.getuser() == "root":
        shutil.chown(folder, account, account)
        running_as = account
    try:
        yield folder, running_as
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A server that a test can end and start again, on the same port and with its content."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        running_as: str | None,
        answers: Callable[[], bool],
    ) -> None:
        self._command = command
        self._folder = folder
        self._running_as = running_as
        self._answers = answers
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = self._folder / "log"
        with log.open("a") as said:
            self._process = subprocess.Popen(
                self._command,
                stdout=said,
                stderr=said,
                cwd=self._folder,
                user=self._running_as,
                group=self._running_as,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                pytest.fail(f"{self._command[0]} did not start: {log.read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and wait until it has ended."""
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def running(
    command: Sequence[str],
    folder: Path,
    running_as: str | None,
    answers: Callable[[], bool],
) -> Iterator[Server]:
    """Run a server until the block ends, from when it answers."""
    server = Server(command, folder, running_as, answers)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL of these tests' own, as its superuser, database ``postgres``."""
    with _postgres() as (url, _):
        yield url


@pytest.fixture
def postgres_server() -> Iterator[tuple[str, Server]]:
    """Likewise, of one that this test may end and start again."""
    with _postgres() as found:
        yield found


@contextlib.contextmanager
def _postgres() -> Iterator[tuple[str, Server]]:
    places = ("/usr/lib/postgresql/*/bin",)
    initdb = program("initdb", "postgresql", *places)
    server = program("postgres", "postgresql", *places)
    import psycopg

    with home("postgres") as (folder, running_as):
        content, port = folder / "content", free_port()
        subprocess.run(
            [
                initdb, "--no-sync", "--auth=trust", "--username=postgres",
                "--encoding=UTF8", "--locale=C.UTF-8", f"--pgdata={content}",
            ],
            check=True, capture_output=True, cwd=folder, user=running_as, group=running_as,
        )  # fmt: skip
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"

        def answers() -> bool:
            try:
                psycopg.connect(url, connect_timeout=2).close()
            except psycopg.OperationalError:
                return False
            return True

        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": 40,
        }
        command = [server, "-D", str(content)]
        command += [f"--{name}={value}" for name, value in settings.items()]
        with running(command, folder, running_as, answers) as started:
            yield url, started


@pytest.fixture(scope="session")
def mariadb_url() -> Iterator[str]:
    """The address of a MariaDB of these tests' own, as an account that may do everything."""
    with _mariadb() as (url, _):
        yield url


@pytest.fixture
def mariadb_server() -> Iterator[tuple[str, Server]]:
    """Likewise, of one that this test may end and start again."""
    with _mariadb() as found:
        yield found


@contextlib.contextmanager
def _mariadb() -> Iterator[tuple[str, Server]]:
    places = ("/usr/sbin", "/usr/bin")
    server = program("mariadbd", "mariadb-server", *places)
    install = program("mariadb-install-db", "mariadb-server", *places)
    import pymysql

    with home("mysql") as (folder, running_as):
        content, port, door = folder / "content", free_port(), folder / "door"
        subprocess.run(
            [
                install, "--no-defaults", f"--datadir={content}", "--skip-test-db",
                "--auth-root-authentication-method=normal",
            ],
            check=True, capture_output=True, cwd=folder, user=running_as, group=running_as,
        )  # fmt: skip

        def answers() -> bool:
            with socket.socket(socket.AF_UNIX) as probe:
                # The driver leaves its socket open where nobody listens yet.
                if probe.connect_ex(str(door)):
                    return False
            try:
                with (
                    pymysql.connect(unix_socket=str(door), user="root") as connection,
                    connection.cursor() as cursor,
                ):
                    cursor.execute("CREATE USER IF NOT EXISTS kept@'127.0.0.1'")
                    cursor.execute(
                        "GRANT ALL PRIVILEGES ON *.* TO kept@'127.0.0.1' WITH GRANT OPTION"
                    )
                    cursor.execute("CREATE DATABASE IF NOT EXISTS app")
            except pymysql.err.OperationalError:
                return False
            return True

        command = [
            server, "--no-defaults", f"--datadir={content}", f"--socket={door}",
            "--bind-address=127.0.0.1", f"--port={port}", f"--pid-file={folder / 'pid'}",
            "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=64M", "--skip-log-bin",
        ]  # fmt: skip
        with running(command, folder, running_as, answers) as started:
            yield f"mysql://kept@127.0.0.1:{port}/app", started


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis of these tests' own."""
    with _redis() as (url, _):
        yield url


@pytest.fixture
def redis_server() -> Iterator[tuple[str, Server]]:
    """Likewise, of one that this test may end and start again."""
    with _redis() as found:
        yield found


@contextlib.contextmanager
def _redis() -> Iterator[tuple[str, Server]]:
    server = program("redis-server", "redis-server", "/usr/bin")
    import redis

    with home("redis") as (folder, running_as):
        port = free_port()
        url = f"redis://127.0.0.1:{port}/0"

        def answers() -> bool:
            try:
                with redis.Redis.from_url(url) as client:
                    return bool(client.ping())
            except redis.ConnectionError:
                return False

        command = [
            server, "--bind", "127.0.0.1", "--port", str(port), "--save", "",
            "--appendonly", "no", "--dir", str(folder), "--maxmemory", "64mb",
        ]  # fmt: skip
        with running(command, folder, running_as, answers) as started:
            yield url, started


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """The address of an object store of these tests' own that speaks as S3 does."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()
