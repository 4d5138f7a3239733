import json

import pytest
import redis

from kept.connectors.errors import (
    StoreAddressError,
    StoreDeniedError,
    StoreUnreachableError,
)
from kept.connectors.redis.store import RedisStore
from kept.inventory.connector import Value

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]


@pytest.fixture
def url(redis_url: str) -> str:
    address = redis_url.rpartition("/")[0] + "/3"
    with redis.Redis.from_url(address) as client:
        client.flushdb()
    return address


def rows(store: RedisStore, dataset: str) -> list[dict[str, Value]]:
    columns = [each.name for each in store.catalog().table(dataset).columns]
    return [
        {key: value for key, value in zip(columns, row, strict=True) if value is not None}
        for part in store.scan(dataset, columns)
        for row in part
    ]


def test_every_kind_of_value_is_read(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.hset("person:1", mapping={"email": "a@example.com", "city": "Oran"})
        client.set("doc:1", json.dumps({"email": "a@example.com"}), ex=600)
        client.rpush("queue:1", "a", "b")
        client.sadd("tags:1", "x")
        client.zadd("rank:1", {"a@example.com": 2.5})
        client.xadd("stream:1", {"email": "a@example.com"})
        client.hset("index", mapping={f"p{at}@example.com": str(at) for at in range(3)})
        client.set("blob:1", b"\xff\xfe\x00")
    store = RedisStore("redis", url)
    assert rows(store, "person:{id}") == [{"key:id": "1", "email": "a@example.com", "city": "Oran"}]
    assert rows(store, "doc:{id}") == [{"key:id": "1", "value": '{"email": "a@example.com"}'}]
    assert [each["item"] for each in rows(store, "queue:{id}")] == ["a", "b"]
    assert [each["item"] for each in rows(store, "tags:{id}")] == ["x"]
    assert rows(store, "rank:{id}") == [{"key:id": "1", "item": "a@example.com", "score": 2.5}]
    assert [each["email"] for each in rows(store, "stream:{id}")] == ["a@example.com"]
    assert {each["field"] for each in rows(store, "index")} == {
        f"p{at}@example.com" for at in range(3)
    }
    assert rows(store, "blob:{id}") == [{"key:id": "1", "value": b"\xff\xfe\x00"}]
    catalog = store.catalog()
    assert catalog.table("doc:{id}").expires
    assert not catalog.table("person:{id}").expires
    assert catalog.table("doc:{id}").column("value").json


def test_large_values_are_read_in_parts(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.set("doc:1", "x" * (3 << 20))
        client.rpush("queue:1", *map(str, range(3_500)))
        client.sadd("tags:1", *map(str, range(3_500)))
        client.hset("index", mapping={f"p{at}@example.com": "x" for at in range(3_500)})
        client.zadd("rank:1", {str(at): at for at in range(2_500)})
    store = RedisStore("redis", url)
    assert sum(len(str(each["value"])) for each in rows(store, "doc:{id}")) == 3 << 20
    assert len(rows(store, "queue:{id}")) == 3_500
    assert {each["item"] for each in rows(store, "tags:{id}")} == {str(at) for at in range(3_500)}
    assert len({each["field"] for each in rows(store, "index")}) == 3_500
    assert len(rows(store, "rank:{id}")) == 2_500
    assert store.sample("queue:{id}", ["item"]).read <= 1_000


def test_a_sample_is_the_same_each_time_and_expiry_is_known(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        pipe = client.pipeline()
        for at in range(3_000):
            pipe.set(f"otp:{at}", f"person{at}@example.com", ex=900)
        pipe.execute()
    store = RedisStore("redis", url)
    first = store.sample("otp:{id}", ["value", "key:id"], limit=50, seed=5)
    assert first == RedisStore("redis", url).sample(
        "otp:{id}", ["value", "key:id"], limit=50, seed=5
    )
    assert first.rows == 3_000
    assert first.read <= 1_000
    assert not first.rows_exact
    assert store.catalog().table("otp:{id}").expires


def test_a_user_who_may_only_read_is_enough_and_one_who_may_not_is_told(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.set("open:1", "x")
        client.set("closed:1", "y")
        client.acl_setuser(
            "reader", enabled=True, passwords=["+geheim"], keys=["open:*"],
            categories=["+@read", "+@connection"], commands=["+info"], reset=True,
        )  # fmt: skip
        client.acl_setuser(
            "nobody", enabled=True, passwords=["+geheim"], keys=[], categories=["+@connection"],
            reset=True,
        )  # fmt: skip
    at = url.removeprefix("redis://")
    store = RedisStore("redis", f"redis://reader:geheim@{at}")
    assert "geheim" not in store.shown + repr(store)
    catalog = store.catalog()
    assert ("closed:{id}", "permission denied") in catalog.unread
    assert rows(store, "open:{id}") == [{"key:id": "1", "value": "x"}]
    for account in ("nobody:geheim", "reader:falsch"):
        with pytest.raises(StoreDeniedError) as caught:
            RedisStore("redis", f"redis://{account}@{at}").catalog()
        assert account.partition(":")[2] not in str(caught.value)


def test_a_server_that_is_down_or_not_there_is_told(url: str) -> None:
    with pytest.raises(StoreUnreachableError):
        RedisStore("redis", "redis://127.0.0.1:1/0").catalog()
    with pytest.raises(StoreAddressError):
        RedisStore("redis", url.rpartition("/")[0] + "/999").catalog()
    with pytest.raises(StoreAddressError):
        RedisStore("redis", "redis://:port")


def test_a_key_that_changes_its_kind_meanwhile_stops_nothing(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        for at in range(20):
            client.set(f"thing:{at}", "x")
        store = RedisStore("redis", url)
        store.catalog()
        stream = store.scan("thing:{id}", ["value"], batch=5)
        next(stream)
        for at in range(20):
            client.delete(f"thing:{at}")
            client.rpush(f"thing:{at}", "y")
        list(stream)
        assert store.sample("thing:{id}", ["item"]).values["item"] == ("y",)
