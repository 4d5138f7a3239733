import gzip
import json
import os
import shutil
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kept.connectors.errors import (
    StoreAddressError,
    StoreChangedError,
    StoreCorruptError,
    StoreMissingError,
)
from kept.connectors.files import lines
from kept.connectors.files.folder import Folder
from kept.connectors.lake.store import LakeStore
from kept.connectors.registry import connect
from kept.errors import KeptError
from kept.inventory.catalog import Catalog


def lake(folder: Path) -> LakeStore:
    return LakeStore("lake", f"file://{folder}")


def rows(store: LakeStore, dataset: str) -> list[tuple[object, ...]]:
    columns = [each.name for each in store.catalog().table(dataset).columns]
    return [row for part in store.scan(dataset, columns) for row in part]


def why(catalog: Catalog, place: str) -> str:
    return dict(catalog.unread)[place]


def test_delimiters_encodings_headers_and_quotes_are_found_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("nom;ville\nZoé;Orléans\n".encode("cp1252"))
    (tmp_path / "b.tsv").write_bytes("\ufeffid\temail\n1\tx@example.com\n".encode())
    (tmp_path / "c.csv").write_bytes("id,email\n1,x@example.com\n".encode("utf-16"))
    (tmp_path / "d.csv").write_text("Ada,London\nGrace,New York\n")
    (tmp_path / "e.csv").write_text('id|note\n1|"two\nlines | and a bar"\n')
    with gzip.open(tmp_path / "f.csv.gz", "wt") as file:
        file.write("id,name\n007,Ada\n")
    store = lake(tmp_path)
    assert rows(store, "a.csv") == [("Zoé", "Orléans")]
    assert rows(store, "b.tsv") == [("1", "x@example.com")]
    assert rows(store, "c.csv") == [("1", "x@example.com")]
    assert rows(store, "d.csv") == [("Ada", "London"), ("Grace", "New York")]
    assert rows(store, "e.csv") == [("1", "two\nlines | and a bar")]
    assert rows(store, "f.csv") == [("007", "Ada")]


def test_ragged_rows_and_open_quotes_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        'id,note\n1,Hello, world\n2\n3,"never closed\n4,x\n5,5 inch" pipe, y\n6,7" pipe\n'
    )
    found = rows(lake(tmp_path), "a.csv")
    assert found[0] == ("1", "Hello, world")
    assert found[1] == ("2", None)
    assert found[2] == ("3", "never closed\n4,x\n5,5 inch pipe, y")
    assert found[3] == ("6", '7" pipe')


def test_nested_values_leave_as_json_and_what_is_no_object_is_kept(tmp_path: Path) -> None:
    written = [
        json.dumps({"id": 1, "at": {"city": "Oran"}, "tags": ["a"]}),
        "no json",
        json.dumps({"id": 2}),
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(written))
    store = lake(tmp_path)
    table = store.catalog().table("a.jsonl")
    assert table.column("at").json
    assert table.column("tags").array
    assert rows(store, "a.jsonl") == [
        (1, '{"city": "Oran"}', '["a"]', None),
        (None, None, None, "no json"),
        (2, None, None, None),
    ]


def test_one_list_of_objects_is_read_as_rows(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([{"id": 1}, {"id": 2}], indent=1))
    (tmp_path / "b.json").write_text(json.dumps({"id": 1, "email": "x@example.com"}, indent=1))
    store = lake(tmp_path)
    assert rows(store, "a.json") == [(1,), (2,)]
    assert rows(store, "b.json") == [(1, "x@example.com")]
    parts = list(store.scan_from("a.json", ["id"], batch=1))
    assert [each.rows for each in store.scan_from("a.json", ["id"], after=parts[0].at)] == [[(2,)]]


def test_like_files_are_one_dataset_and_partitions_are_fields(tmp_path: Path) -> None:
    for year in (2025, 2026):
        folder = tmp_path / "sales" / f"year={year}" / "country=a%20b"
        folder.mkdir(parents=True)
        (folder / f"part-{year}.csv").write_text(f"id,email\n{year},x{year}@example.com\n")
    for day in ("2026-01-01", "2026-01-02"):
        (tmp_path / f"orders-{day}.csv").write_text(f"id,total\n{day},1\n")
    (tmp_path / "users.csv").write_text("id,email\n1,x@example.com\n")
    store = lake(tmp_path)
    assert [each.name for each in store.catalog().tables] == ["orders-*.csv", "sales", "users.csv"]
    assert sorted(rows(store, "sales"), key=repr) == [
        ("2025", "x2025@example.com", "2025", "a b"),
        ("2026", "x2026@example.com", "2026", "a b"),
    ]


def test_a_parquet_file_cut_short_leaves_the_others_alone(tmp_path: Path) -> None:
    import polars as pl

    frame = pl.DataFrame({"id": [1, 2], "email": ["a@example.com", "b@example.com"]})
    for name in ("good.parquet", "bad.parquet", "log-1.parquet", "log-2.parquet"):
        frame.write_parquet(tmp_path / name)
    for name in ("bad.parquet", "log-2.parquet"):
        os.truncate(tmp_path / name, 100)
    store = lake(tmp_path)
    catalog = store.catalog()
    assert [each.name for each in catalog.tables] == ["good.parquet", "log-*.parquet"]
    assert why(catalog, "bad.parquet") == "is damaged"
    assert why(catalog, "log-2.parquet") == "is damaged"
    assert store.sample("good.parquet", ["email"]).rows == 2
    part = store.sample("log-*.parquet", ["email"])
    assert part.read == 2
    assert not part.rows_exact
    with pytest.raises(StoreCorruptError) as caught:
        rows(store, "log-*.parquet")
    assert "example.com" not in str(caught.value)


def test_values_of_every_type_leave_in_their_plain_form(tmp_path: Path) -> None:
    from datetime import UTC, date, datetime
    from decimal import Decimal

    import polars as pl

    pl.DataFrame(
        {
            "at": [datetime(2026, 1, 31, 12, tzinfo=UTC)],
            "day": [date(2026, 1, 31)],
            "price": [Decimal("1.20")],
            "raw": [b"\xff"],
            "kind": pl.Series(["a"], dtype=pl.Categorical),
            "state": pl.Series(["on"], dtype=pl.Enum(["on", "off"])),
            "who": [{"email": "a@example.com", "raw": b"\xff"}],
            "all": [["x", None]],
        }
    ).write_parquet(tmp_path / "a.parquet")
    store = lake(tmp_path)
    (row,) = rows(store, "a.parquet")
    assert row[1:7:2] == ("2026-01-31", b"\xff", "on")
    assert str(row[0]).startswith("2026-01-31T12:00:00")
    assert row[2] == "1.20"
    assert json.loads(str(row[6]))["email"] == "a@example.com"
    assert row[7] == '["x", null]'
    assert store.catalog().table("a.parquet").column("state").enumerated == ("on", "off")


def test_files_that_a_delta_table_took_away_are_not_read(tmp_path: Path) -> None:
    import polars as pl
    from deltalake import DeltaTable, write_deltalake

    folder = tmp_path / "a table"
    frame = pl.DataFrame({"id": [1, 2, 3], "country": ["x y", "x y", None]})
    write_deltalake(folder, frame, partition_by=["country"])
    store = lake(tmp_path)
    assert sorted(rows(store, "a table"), key=repr) == [(1, "x y"), (2, "x y"), (3, None)]
    begun = next(iter(store.scan_from("a table", ["id"], batch=1)))
    DeltaTable(folder).delete("id = 1")
    assert sorted(rows(store, "a table"), key=repr) == [(2, "x y"), (3, None)]
    with pytest.raises(StoreChangedError):
        list(store.scan_from("a table", ["id"], after=begun.at))


def test_a_delta_log_cannot_name_a_file_outside(tmp_path: Path) -> None:
    import polars as pl
    from deltalake import write_deltalake

    pl.DataFrame({"secret": [1]}).write_parquet(tmp_path / "secret.parquet")
    write_deltalake(tmp_path / "lake" / "t", pl.DataFrame({"id": [1]}))
    log = next((tmp_path / "lake" / "t" / "_delta_log").glob("*.json"))
    actions = [json.loads(each) for each in log.read_text().splitlines()]
    for each in actions:
        if "add" in each:
            each["add"]["path"] = "../../secret.parquet"
    log.write_text("\n".join(map(json.dumps, actions)))
    catalog = lake(tmp_path / "lake").catalog()
    assert not catalog.tables
    assert "damaged" in why(catalog, "t")


def test_links_pipes_and_hidden_files_are_no_part_of_a_lake(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.csv").write_text("id\n1\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.csv").symlink_to(tmp_path / "outside" / "secret.csv")
    (inside / "folder").symlink_to(tmp_path / "outside")
    (inside / ".hidden.csv").write_text("id\n1\n")
    os.mkfifo(inside / "pipe.csv")
    assert not lake(inside).catalog().tables
    place = Folder("lake", f"file://{inside}")
    for path in (
        "link.csv",
        "folder/secret.csv",
        "../outside/secret.csv",
        "pipe.csv",
        "/etc/passwd",
    ):
        with pytest.raises(KeptError):
            place.open(path)


def test_junk_bombs_and_empty_files_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "junk.csv").write_bytes(bytes(range(256)) * 50)
    (tmp_path / "empty.jsonl").write_bytes(b"")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"id,email\n" * 9_000)[:60])
    (tmp_path / "broken.jsonl.gz").write_bytes(b"\x1f\x8b" + b"junk" * 20)
    (tmp_path / "good.csv").write_text("id,email\n1,x@example.com\n")
    store = lake(tmp_path)
    catalog = store.catalog()
    assert {each.name for each in catalog.tables} >= {"good.csv"}
    assert why(catalog, "junk.csv").startswith("is no text")
    assert why(catalog, "empty.jsonl") == "is empty"
    assert why(catalog, "picture.png") == "of a kind that is not read"
    assert "damaged" in why(catalog, "broken.jsonl.gz")
    for table in catalog.tables:
        store.sample(table.name, [each.name for each in table.columns])


def test_a_bomb_is_read_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_LEAST_UNPACKED", 1 << 20)
    with gzip.open(tmp_path / "bomb.csv.gz", "wb") as file:
        file.write(b"id,email\n")
        for _ in range(10):
            file.write(b"1,x@example.com\n" * 65_536)
    store = lake(tmp_path)
    assert store.sample("bomb.csv", ["email"]).values["email"] == ("x@example.com",)
    with pytest.raises(StoreCorruptError):
        store.count("bomb.csv")


def test_a_line_of_a_hundred_megabytes_is_read_in_little_memory(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.write(b"id,note\n1,")
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b"\n2,y\n")
    store = lake(tmp_path)
    tracemalloc.start()
    store.sample("a.csv", ["note"])
    assert store.count("a.csv") > 100
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()


def test_a_file_that_vanishes_meanwhile_is_told_and_named_by_no_value(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    store = lake(tmp_path)
    store.catalog()
    stream = store.scan("a.csv", ["id"])
    (tmp_path / "a.csv").unlink()
    with pytest.raises(StoreChangedError):
        list(stream)


def test_a_scan_knows_a_renamed_file_again(tmp_path: Path) -> None:
    (tmp_path / "part-1.csv").write_text("id,email\n" + "".join(f"{at},a\n" for at in range(10)))
    (tmp_path / "part-2.csv").write_text(
        "id,email\n" + "".join(f"{at},b\n" for at in range(90, 99))
    )
    store = lake(tmp_path)
    (table,) = store.catalog().tables
    first = next(iter(store.scan_from(table.name, ["id"], batch=4)))
    (tmp_path / "part-1.csv").rename(tmp_path / "part-0.csv")
    rest = [
        row[0] for each in store.scan_from(table.name, ["id"], after=first.at) for row in each.rows
    ]
    assert rest == [str(at) for at in (*range(4, 10), *range(90, 99))]


def test_what_may_not_be_read_is_told_and_the_rest_is_read() -> None:
    folder = Path(tempfile.mkdtemp(prefix="kept-test-"))
    account = os.geteuid()
    try:
        folder.chmod(0o755)
        (folder / "closed").mkdir()
        for name in ("a.csv", "b.csv", "closed/c.csv"):
            (folder / name).write_text("id\n1\n")
        assert len(lake(folder).catalog().tables) == 3
        (folder / "b.csv").chmod(0)
        (folder / "closed").chmod(0)
        if account == 0:
            os.seteuid(65_534)  # root may read everything
        catalog = lake(folder).catalog()
    finally:
        os.seteuid(account)
        (folder / "closed").chmod(0o755)
        shutil.rmtree(folder)
    assert [each.name for each in catalog.tables] == ["a.csv"]
    assert catalog.unread == (("b.csv", "permission denied"), ("closed", "permission denied"))


def test_addresses_that_name_nothing_are_refused() -> None:
    with pytest.raises(StoreMissingError):
        connect("lake", "file:///nowhere/at/all").catalog()
    for url in ("file://host/x", "file:///", "s3://", "s3://bucket?endpoint=http://example.com"):
        with pytest.raises(StoreAddressError) as caught:
            connect("lake", url)
        assert "example.com" not in str(caught.value)


def test_large_files_are_sampled_from_everywhere_and_the_same_each_time(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w") as file:
        file.write("id,note\n")
        file.writelines(
            f'{at},"note {at}\nof several lines, {"x" * 40}"\n' for at in range(120_000)
        )
    store = lake(tmp_path)
    first = store.sample("a.csv", ["id"], seed=3)
    assert first == store.sample("a.csv", ["id"], seed=3)
    assert first.values != store.sample("a.csv", ["id"], seed=4).values
    numbers = [int(str(each)) for each in first.values["id"]]
    assert min(numbers) < 20_000
    assert max(numbers) > 100_000
    assert 0.8 < first.rows / 120_000 < 1.2
    assert not first.rows_exact


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    content=st.one_of(st.binary(max_size=400), st.text(alphabet="a1,;\"'\n\r\t|é\0 ", max_size=200))
)
def test_no_file_of_any_content_stops_the_rest(tmp_path: Path, content: bytes | str) -> None:
    raw = content.encode() if isinstance(content, str) else content
    for name in ("a.csv", "b.jsonl", "c.parquet", "d.csv.gz"):
        (tmp_path / name).write_bytes(raw)
    store = lake(tmp_path)
    for table in store.catalog().tables:
        fields = [each.name for each in table.columns]
        assert store.sample(table.name, fields).rows >= 0
        assert store.count(table.name) == len(rows(store, table.name))
