"""One request over a database, a folder, a Redis and a service at once."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis
from typer.testing import CliRunner, Result

from kept.cli.main import app
from kept.testing.service_double import Asked, Double, Reply, service_double

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

ANA = "ana.silva@example.com"
SECRET = "rk_test_planted_in_the_environment"
MAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.app.datasets.customer.fields.name]
categories = ["user.name"]
[stores.exports.datasets."orders.csv"]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer_id"], to = "app:customer(id)", whose = "owned" }]
[stores.exports.datasets."orders.csv".fields.note]
categories = ["user.content"]
[stores.cache.datasets."session:{id}"]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.cache.datasets."session:{id}".fields.agent]
categories = ["user.device"]
[stores.pay.datasets.customers]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.pay.datasets.customers.fields.name]
categories = ["user.name"]
[stores.pay.datasets.invoices]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer"], to = "customers(id)", whose = "owned" }]
[stores.pay.datasets.invoices.fields.customer_name]
categories = ["user.name"]
"""


class Payments:
    """A service with two customers, one of them Ana with an invoice."""

    def __init__(self) -> None:
        self.customers = {
            "cus_a": {"id": "cus_a", "email": ANA, "name": "Ana Silva"},
            "cus_b": {"id": "cus_b", "email": "bo@example.com", "name": "Bo Berg"},
        }
        self.down = False

    def __call__(self, asked: Asked) -> Reply:
        if self.down and asked.method == "DELETE":
            return Reply(500)
        name = asked.path.rpartition("/")[2]
        if name == "customers":
            wanted = asked.query.get("email")
            found = [each for each in self.customers.values() if wanted in {None, each["email"]}]
            return Reply(200, {"data": found, "has_more": False})
        if name == "invoices":
            invoice = {"id": "in_1", "customer": "cus_a", "customer_name": "Ana Silva"}
            mine = asked.query["customer"] == "cus_a"
            return Reply(200, {"data": [invoice] if mine else [], "has_more": False})
        if asked.method == "DELETE":
            self.customers.pop(name)
            return Reply(200, {"id": name, "deleted": True})
        found_one = self.customers.get(name)
        return Reply(200, found_one) if found_one else Reply(404)


@pytest.fixture
def company(
    tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, Payments, Double]]:
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as app_db:
        app_db.execute(
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT)"
        )
        app_db.execute("INSERT INTO customer VALUES (1, 'bo@example.com', 'Bo Berg')")
        app_db.execute("INSERT INTO customer VALUES (2, ?, 'Ana Silva')", (ANA,))
        app_db.commit()
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "orders.csv").write_text(
        "order_id,customer_id,note\n10,1,thanks to you\n11,2,please ring twice\n12,2,call me Ana\n"
    )
    cache = redis_url.rpartition("/")[0] + "/11"
    with redis.Redis.from_url(cache) as client:
        client.flushdb()
        for at, email in enumerate([ANA, "bo@example.com", "cy@example.com", "di@example.com"]):
            client.hset(f"session:{at}a1b2c3d4e5", mapping={"email": email, "agent": "Firefox"})
    held = Payments()
    with service_double(held) as double:
        monkeypatch.setenv("PAY_SECRET", SECRET)
        (tmp_path / "kept.toml").write_text(
            '[controller]\nname = "Acme"\nestablishment = "DE"\nlaws = ["eu-gdpr"]\n'
            '[stores.app]\nurl = "sqlite:///app.sqlite"\n'
            '[stores.exports]\nurl = "file:///exports"\n'
            f'[stores.cache]\nurl = "{cache}"\n'
            f'[stores.pay]\nurl = "service://stripe?base={double.base}&private=yes'
            '&secret=env:PAY_SECRET"\n'
        )
        (tmp_path / "datamap.toml").write_text(MAP)
        yield tmp_path, held, double


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(folder / "kept.toml")])


def everything(folder: Path) -> bytes:
    found = b""
    for base, _, names in os.walk(folder):
        for name in names:
            found += Path(base, name).read_bytes()
    return found


def counts(answer: dict[str, object]) -> dict[str, tuple[int, int]]:
    return {
        f"{each['store']}.{each['dataset']}": (each["located"], each["erased"])
        for each in answer["datasets"]  # type: ignore[attr-defined]  # JSON
    }


def test_one_access_reads_a_database_a_folder_a_redis_and_a_service(
    company: tuple[Path, Payments, Double],
) -> None:
    folder, _, _ = company
    result = run(folder, "request", "access", "--identity", f"email={ANA}", "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert {name: located for name, (located, _) in counts(answer).items()} == {
        "app.customer": 1,
        "exports.orders.csv": 2,
        "cache.session:{id}": 1,
        "pay.customers": 1,
        "pay.invoices": 1,
    }
    out = folder / "out"
    assert run(folder, "request", "export", answer["id"], "--out", str(out)).exit_code == 0
    told = (out / "answer.json").read_text()
    assert "please ring twice" in told
    assert "Firefox" in told
    assert "in_1" in told
    assert "Bo Berg" not in told


def test_one_erasure_reaches_a_database_a_folder_a_redis_and_a_service(
    company: tuple[Path, Payments, Double],
) -> None:
    folder, held, _ = company
    result = run(folder, "request", "erase", "--identity", f"email={ANA}", "--yes", "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert counts(answer) == {
        "app.customer": (1, 1),
        "exports.orders.csv": (2, 2),
        "cache.session:{id}": (1, 1),
        "pay.customers": (1, 1),
        "pay.invoices": (1, 0),
    }
    (kept,) = next(each for each in answer["datasets"] if each["dataset"] == "invoices")["retained"]
    assert kept["source"] == "https://docs.stripe.com/api/customers/delete"
    assert answer["state"] == "fulfilled"
    assert list(held.customers) == ["cus_b"]
    assert (folder / "exports" / "orders.csv").read_text() == (
        "order_id,customer_id,note\n10,1,thanks to you\n"
    )
    left = everything(folder)
    for planted in (ANA.encode(), b"please ring twice", SECRET.encode()):
        assert planted not in left
    again = run(folder, "request", "erase", "--identity", f"email={ANA}", "--yes", "--json")
    assert again.exit_code == 2
    assert json.loads(again.stderr)["code"] == "plans.identity-unknown"


def test_a_service_that_is_down_delays_only_its_own_part_and_nothing_is_shown_as_complete(
    company: tuple[Path, Payments, Double], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, held, _ = company
    held.down = True
    monkeypatch.setattr("kept.connectors.http.service.time.sleep", lambda _: None)
    monkeypatch.setattr("kept.connectors.http.line._LONGEST_WAIT", 0.0)
    result = run(folder, "request", "erase", "--identity", f"email={ANA}", "--yes", "--json")
    assert result.exit_code == 75, result.output
    shown = run(folder, "request", "list", "--json")
    (request,) = json.loads(shown.stdout)["requests"]
    assert request["state"] != "fulfilled"
    assert "cus_a" in held.customers
    held.down = False
    result = run(folder, "request", "erase", "--identity", f"email={ANA}", "--yes", "--json")
    assert result.exit_code == 0, result.output
    assert "cus_a" not in held.customers
    assert ANA.encode() not in everything(folder / "exports")


def test_a_plan_over_every_kind_of_store_is_printed_without_a_secret(
    company: tuple[Path, Payments, Double],
) -> None:
    folder, _, _ = company
    for words in (["request", "erase", "--plan"], ["map"], ["map", "--json"]):
        more = ["--identity", f"email={ANA}"] if words[0] == "request" else []
        result = run(folder, *words, *more)
        assert result.exit_code == 0, result.output
        assert SECRET not in result.output
        assert ANA not in result.output
