import pytest
import redis

from kept.connectors.redis.store import RedisStore
from kept.testing.store_contract import COLUMNS, CONTENT, keeps_the_contract
from kept.testing.told_as import ToldAs

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]


def test_redis_keeps_the_contract_of_a_store(redis_url: str) -> None:
    url = redis_url.rpartition("/")[0] + "/1"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        for name, columns in COLUMNS.items():
            for row in CONTENT[name]:
                held = {key: v for key, v in zip(columns, row, strict=True) if v is not None}
                client.hset(f"{name.replace(' ', '-')}:{row[0]}", mapping=held)  # type: ignore[arg-type]  # no null is left
    names = {"person": "person:{id}", "Order Details": "Order-Details:{id}"}
    store = RedisStore("redis", url)
    assert keeps_the_contract(ToldAs(store, names)) == ("describes", "samples", "scans", "resumes")
