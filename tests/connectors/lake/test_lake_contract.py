import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kept.connectors.lake.store import LakeStore
from kept.testing.store_contract import COLUMNS, CONTENT, keeps_the_contract
from kept.testing.told_as import ToldAsLooksUp

ALL = ("describes", "samples", "scans", "resumes", "contains")


def _csv(folder: Path) -> dict[str, str]:
    for name, columns in COLUMNS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file)
            written.writerow(columns)
            written.writerows(CONTENT[name])
    return {name: f"{name}.csv" for name in COLUMNS}


def _lines(folder: Path) -> dict[str, str]:
    for name, columns in COLUMNS.items():
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            for row in CONTENT[name]:
                file.write(json.dumps(dict(zip(columns, row, strict=True))) + "\n")
    return {name: f"{name}.jsonl" for name in COLUMNS if CONTENT[name]}


def _frames(name: str) -> "object":
    import polars as pl

    kinds = {"id": pl.Int64, "person_id": pl.Int64, "amount": pl.Float64}
    schema = {each: kinds.get(each, pl.String) for each in COLUMNS[name]}
    return pl.DataFrame(CONTENT[name], schema=schema, orient="row")


def _parquet(folder: Path) -> dict[str, str]:
    for name in COLUMNS:
        _frames(name).write_parquet(folder / f"{name}.parquet", row_group_size=100)  # type: ignore[attr-defined]  # a lazy import
    return {name: f"{name}.parquet" for name in COLUMNS}


def _parts(folder: Path) -> dict[str, str]:
    for name in COLUMNS:
        (folder / name).mkdir()
        frame = _frames(name)
        for number, start in enumerate(range(0, max(1, len(CONTENT[name])), 97)):
            part = frame.slice(start, 97)  # type: ignore[attr-defined]  # a lazy import
            part.write_parquet(folder / name / f"part-{number:05}.parquet")
    return {name: name for name in COLUMNS}


def _delta(folder: Path) -> dict[str, str]:
    from deltalake import write_deltalake

    for name in COLUMNS:
        write_deltalake(folder / name, _frames(name))  # type: ignore[call-overload]  # a lazy import
    return {name: name for name in COLUMNS}


@pytest.mark.parametrize("fill", [_csv, _lines, _parquet, _parts, _delta])
def test_a_lake_keeps_the_contract_of_a_store(
    tmp_path: Path, fill: Callable[[Path], dict[str, str]]
) -> None:
    names = fill(tmp_path)
    assert keeps_the_contract(ToldAsLooksUp(LakeStore("lake", f"file://{tmp_path}"), names)) == ALL


@pytest.mark.service
@pytest.mark.enable_socket
@pytest.mark.parametrize("fill", [_csv, _lines, _parquet, _delta])
def test_a_lake_in_an_object_store_keeps_the_contract(
    tmp_path: Path, fill: Callable[[Path], dict[str, str]], s3_endpoint: str
) -> None:
    import obstore
    from obstore.store import S3Store

    bucket = fill.__name__.strip("_")
    _make_bucket(s3_endpoint, bucket)
    config = {
        "aws_access_key_id": "key",
        "aws_secret_access_key": "secret",
        "aws_region": "us-east-1",
        "aws_endpoint": s3_endpoint,
        "aws_allow_http": "true",
    }
    objects = S3Store(bucket, config=config)  # type: ignore[arg-type]  # its own mapping
    names = fill(tmp_path)
    for path in sorted(each for each in tmp_path.rglob("*") if each.is_file()):
        obstore.put(objects, f"ex ports/{path.relative_to(tmp_path).as_posix()}", path.read_bytes())
    url = f"s3://key:secret@{bucket}/ex%20ports?endpoint={s3_endpoint}"
    store = LakeStore("lake", url)
    assert "secret" not in store.shown + repr(store)
    assert keeps_the_contract(ToldAsLooksUp(store, names)) == ALL


def _make_bucket(endpoint: str, name: str) -> None:
    import http.client

    asking = http.client.HTTPConnection(endpoint.removeprefix("http://"))
    key = "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request"
    asking.request("PUT", f"/{name}", headers={"Authorization": key})
    assert asking.getresponse().status == 200
    asking.close()
