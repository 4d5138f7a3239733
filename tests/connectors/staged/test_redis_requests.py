"""What a Redis promises when a person asks for access or erasure."""

from datetime import date

import pytest
import redis

from kept.connectors.errors import StoreChangedError, StoreDeniedError
from kept.connectors.grants import grants_of
from kept.connectors.redis import erasing
from kept.connectors.redis.store import RedisStore
from kept.inventory.datamap import parse_datamap
from kept.inventory.discovery import inventory_of
from kept.plans.connector import Done, Who
from kept.plans.plan import StorePart
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

TODAY = date(2026, 11, 22)
MAP = """
[stores.cache.datasets."user:{id}"]
state = "decided"
on_erasure = "%s"
identity = { email = "email" }
[stores.cache.datasets."user:{id}".fields.name]
categories = ["user.name"]
[stores.cache.datasets."user:{id}".fields."key:id"]
categories = []
[stores.cache.datasets."user:{id}".fields.plan]
categories = []
[stores.cache.datasets."login:{email}"]
state = "decided"
on_erasure = "delete"
identity = { "key:email" = "email" }
[stores.cache.datasets."cart:{id}"]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["key:id"], to = { dataset = "user:{id}", fields = ["key:id"] }, whose = "owned" }]
[stores.cache.datasets."cart:{id}".fields.item]
categories = ["user.behavior.purchase_history"]
[stores.cache.datasets."newsletter"]
state = "decided"
on_erasure = "delete"
identity = { item = "email" }
"""


@pytest.fixture
def url(redis_url: str) -> str:
    address = redis_url.rpartition("/")[0] + "/9"
    with redis.Redis.from_url(address) as client:
        client.flushdb()
        for at in range(40):
            held = {"email": f"Person{at}@Example.com", "name": f"Name {at}", "plan": "basic"}
            client.hset(f"user:{at}", mapping=held)
            client.expire(f"user:{at}", 5_000)
            client.set(f"login:person{at}@example.com", at, ex=600)
            client.rpush(f"cart:{at}", "shoes", "hat")
            client.sadd("newsletter", f"person{at}@example.com")
    return address


def part_of(store: RedisStore, erasing_: str = "delete") -> StorePart:
    catalog = store.catalog()
    datamap = parse_datamap(MAP % erasing_, stores={store.name})
    found = plan(Right.ERASURE, inventory_of([catalog], datamap, {}), [catalog])
    assert not found.obstacles, found.obstacles
    return found.parts[0]


def who(number: int = 7) -> Who:
    return Who((Identifier(IdentifierKind.EMAIL, f"person{number}@example.com"),))


def erased(store: RedisStore, part: StorePart, **more: object) -> Done:
    return store.erase(part, who(), operation="request/1/cache", today=TODAY, **more)  # type: ignore[arg-type]  # as given


def keys(url: str) -> set[bytes]:
    with redis.Redis.from_url(url) as client:
        return set(client.scan_iter())


def test_a_person_is_found_by_field_by_key_and_along_references(url: str) -> None:
    store = RedisStore("cache", url)
    reading = store.read(part_of(store), who())
    assert {each.dataset.name: each.located for each in reading.counts} == {
        "user:{id}": 1,
        "login:{email}": 1,
        "cart:{id}": 2,
        "newsletter": 1,
    }


def test_an_erasure_takes_the_persons_keys_and_no_others(url: str) -> None:
    store = RedisStore("cache", url)
    before = keys(url)
    done = erased(store, part_of(store))
    gone = before - keys(url)
    assert gone == {b"user:7", b"login:person7@example.com", b"cart:7"}
    with redis.Redis.from_url(url) as client:
        assert not client.sismember("newsletter", "person7@example.com")
        assert client.scard("newsletter") == 39
        assert client.ttl("user:8") > 4_000
    assert store.left(done.touched) == 0
    assert sum(each.erased for each in done.counts) == 5


def test_blanking_keeps_the_key_and_the_time_it_runs_out(url: str) -> None:
    store = RedisStore("cache", url)
    part = part_of(store, "blank")
    done = erased(store, part)
    assert {each.dataset.name: each.blanked for each in done.counts}["user:{id}"] == 1
    with redis.Redis.from_url(url) as client:
        assert client.hgetall("user:7") == {b"plan": b"basic"}
        assert client.ttl("user:7") > 4_000


def test_a_rehearsal_changes_nothing(url: str) -> None:
    store = RedisStore("cache", url)
    before = keys(url)
    part = part_of(store)
    foreseen = store.rehearse(part, who(), operation="request/1/cache", today=TODAY)
    assert keys(url) == before
    assert store.left(foreseen.touched) == 5


def test_a_key_that_is_written_meanwhile_is_left_whole(url: str) -> None:
    store = RedisStore("cache", url)
    part = part_of(store)
    before = keys(url)

    def write(_: Done) -> None:
        with redis.Redis.from_url(url) as client:
            client.hset("user:7", "name", "Somebody Else")

    with pytest.raises(StoreChangedError):
        erased(store, part, before_commit=write)
    assert keys(url) == before


def test_a_write_between_the_watch_and_the_end_takes_everything_back(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RedisStore("cache", url)
    part = part_of(store)
    real = erasing.commands_for

    def races(*given: object, **more: object) -> list[erasing.Command]:
        found = real(*given, **more)  # type: ignore[arg-type]  # passed on
        if more:
            with redis.Redis.from_url(url) as client:
                client.hset("user:7", "visits", 1)
        return found

    monkeypatch.setattr("kept.connectors.redis.store.commands_for", races)
    before = keys(url)
    with pytest.raises(StoreChangedError):
        erased(store, part)
    assert keys(url) == before


def test_a_key_that_runs_out_meanwhile_is_no_failure(url: str) -> None:
    store = RedisStore("cache", url)
    part = part_of(store)

    def runs_out(_: Done) -> None:
        with redis.Redis.from_url(url) as client:
            client.delete("login:person7@example.com")

    done = erased(store, part, before_commit=runs_out)
    assert store.left(done.touched) == 0


def test_the_accounts_that_are_asked_for_are_enough(url: str) -> None:
    told = grants_of(None, url)
    with redis.Redis.from_url(url) as client:
        for line in (*told.reading, *told.erasing):
            client.execute_command(*line.replace(" on ", " on >planted ", 1).split())
        accounts = [each.split()[2] for each in (*told.reading, *told.erasing)]
    reading, erasing_ = (url.replace("redis://", f"redis://{each}:planted@") for each in accounts)
    store = RedisStore("cache", reading, erasing_)
    part = part_of(store)
    with pytest.raises(StoreDeniedError):
        erased(RedisStore("cache", reading), part)
    assert sum(each.erased for each in erased(store, part).counts) == 5
