import json
from pathlib import Path

from kept.connectors.logs.store import LogStore
from kept.testing.store_contract import COLUMNS, CONTENT, keeps_the_contract
from kept.testing.told_as import ToldAs


def test_logs_keep_the_contract_of_a_store(tmp_path: Path) -> None:
    for name, columns in COLUMNS.items():
        with (tmp_path / f"{name}.log").open("w", encoding="utf-8") as file:
            for row in CONTENT[name]:
                file.write(json.dumps(dict(zip(columns, row, strict=True))) + "\n")
    names = {name: f"{name}.log" for name in COLUMNS if CONTENT[name]}
    store = LogStore("logs", f"logs://{tmp_path}")
    assert keeps_the_contract(ToldAs(store, names)) == ("describes", "samples", "scans", "resumes")
