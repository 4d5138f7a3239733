import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from faker import Faker
from typer.testing import CliRunner

from kept.cli.main import app

POLICY = "# Privacy policy\n\nWe collect your name and your e-mail address to fulfil orders.\n"


@pytest.fixture
def invented() -> Faker:
    Faker.seed(7)
    random.seed(7)
    return Faker(["en_GB", "fr_FR"])


def _lake(folder: Path, invented: Faker) -> str:
    import polars as pl

    (folder / "lake" / "visits" / "year=2026").mkdir(parents=True)
    with (folder / "lake" / "customers.csv").open("w", encoding="utf-16", newline="") as file:
        written = csv.writer(file, delimiter=";")
        written.writerow(["id", "last_name", "email", "sku"])
        written.writerows(
            [at, invented.last_name(), f"person{at}@example.com", f"SKU-{at}"] for at in range(300)
        )
    pl.DataFrame(
        {"ip": [invented.ipv4_public() for _ in range(300)], "amount": [1.5] * 300}
    ).write_parquet(folder / "lake" / "visits" / "year=2026" / "part-0.parquet")
    return "file:///lake"


def _logs(folder: Path, invented: Faker) -> str:
    (folder / "logs").mkdir()
    with (folder / "logs" / "access.log").open("w", encoding="utf-8") as file:
        for at in range(300):
            file.write(
                f"{invented.ipv4_public()} - - [10/Oct/2026:13:55:{at % 60:02} +0000] "
                f'"GET /reset?email=person{at}%40example.com HTTP/1.1" 200 5 "-" '
                f'"{invented.user_agent()}"\n'
            )
    return f"logs://{folder}/logs"


@pytest.mark.parametrize(
    ("fill", "held"),
    [
        (_lake, {"customers.csv": {"last_name", "email"}, "visits": {"ip"}}),
        (_logs, {"access.log": {"remote_addr", "query", "user_agent"}}),
    ],
)
def test_init_and_map_find_the_personal_data(
    tmp_path: Path,
    invented: Faker,
    monkeypatch: pytest.MonkeyPatch,
    fill: Callable[[Path, Faker], str],
    held: dict[str, set[str]],
) -> None:
    url = fill(tmp_path, invented)
    assert _mapped(tmp_path, url, monkeypatch) == held


@pytest.mark.service
@pytest.mark.enable_socket
def test_init_and_map_find_the_personal_data_in_redis(
    tmp_path: Path, invented: Faker, monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    import redis

    url = redis_url.rpartition("/")[0] + "/2"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        for at in range(200):
            client.hset(
                f"customer:{at}:profile",
                mapping={"email": f"person{at}@example.com", "points": str(at)},
            )
            client.set(f"cart:{at}", json.dumps({"phone": invented.phone_number(), "items": [at]}))
            client.set(f"reset:person{at}@example.com", "x", ex=3_600)
    found = _mapped(tmp_path, url, monkeypatch)
    assert found == {
        "customer:{id}:profile": {"email"},
        "cart:{id}": {"value"},
        "reset:{email}": {"key:email"},
    }


def _mapped(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    (folder / "policy.md").write_text(POLICY)
    monkeypatch.chdir(folder)
    runner = CliRunner()
    first = runner.invoke(app, ["init", "--policy", "policy.md", "--store", f"new={url}", "--yes"])
    assert first.exit_code == 0, first.output
    assert "reading (url)" in first.output
    told = runner.invoke(app, ["map", "--json"])
    assert "example.com" not in told.output
    datasets = json.loads(told.stdout)["stores"][0]["datasets"]
    return {
        each["name"]: {field["name"] for field in each["fields"] if field["categories"]}
        for each in datasets
    }
