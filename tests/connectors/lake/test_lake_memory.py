"""However its rows are grouped, a columnar file is read in bounded memory."""

import subprocess
import sys
from pathlib import Path

MADE = """
import resource, sys
import polars as pl
from kept.connectors.lake.store import LakeStore

rows = 1_500_000
number = pl.int_range(rows, eager=True)
pl.DataFrame({
    "id": number,
    "mail": pl.Series(number.cast(pl.String)) + "@example.com",
    "note": "left at the door number " + number.hash(7).cast(pl.String) + " with more words",
}).write_parquet(sys.argv[1] + "/t.parquet", row_group_size=rows)
"""
SCANNED = """
import re, sys
from pathlib import Path
from kept.connectors.lake.store import LakeStore

store = LakeStore("lake", "file://" + sys.argv[1])
table = store.catalog().tables[0]
fields = [column.name for column in table.columns]
read = 0
for part in store.scan_from("t.parquet", fields):
    read += len(part.rows)
    assert len(part.rows) <= 5_000
# What the system calls the process's own peak begins with that of who started it.
status = Path("/proc/self/status").read_text()
print(read, int(re.search(r"VmHWM:\\s+([0-9]+)", status)[1]) // 1024)
"""


def test_a_group_of_rows_as_large_as_its_file_is_read_in_little_memory(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", MADE, tmp_path], check=True)
    done = subprocess.run(
        [sys.executable, "-c", SCANNED, tmp_path], check=True, capture_output=True, text=True
    )
    read, megabytes = map(int, done.stdout.split())
    assert read == 1_500_000
    assert megabytes < 300
