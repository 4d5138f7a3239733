"""Whoever kills an erasure in a folder finds every file whole: the old one, or the new one."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

_ERASES = """
import sys
from datetime import date
from kept.connectors.lake.store import LakeStore
from kept.inventory.datamap import parse_datamap
from kept.inventory.discovery import inventory_of
from kept.plans.connector import Who
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

store = LakeStore("lake", "file://" + sys.argv[1])
text = "".join(
    f'[stores.lake.datasets."{name}"]\\nstate = "decided"\\non_erasure = "delete"\\n'
    'identity = { email = "email" }\\n' for name in ("one.csv", "two.jsonl")
)
catalog = store.catalog()
part = plan(
    Right.ERASURE, inventory_of([catalog], parse_datamap(text, stores={"lake"}), {}), [catalog]
).parts[0]
who = Who((Identifier(IdentifierKind.EMAIL, "person7@example.com"),))
print("begins", flush=True)
store.erase(part, who, operation="request/1/lake", today=date(2026, 11, 22))
print("done", flush=True)
"""
_ROWS = 4_000


def _filled(folder: Path) -> dict[str, tuple[str, str]]:
    """Fill a folder, and return what each file holds before and after."""
    people = [f"person{at}@example.com" for at in range(_ROWS)]
    files = {
        "one.csv": ("email,note\n", [f"{each},a note on an order\n" for each in people]),
        "two.jsonl": ("", [f'{{"email": "{each}", "seen": 1}}\n' for each in people]),
    }
    told = {}
    for name, (head, lines) in files.items():
        before = head + "".join(lines)
        after = head + "".join(line for at, line in enumerate(lines) if at != 7)
        (folder / name).write_text(before)
        told[name] = before, after
    return told


def test_a_kill_at_any_moment_leaves_every_file_old_or_new(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    seen = set()
    for _ in range(6):
        told = _filled(tmp_path)
        with subprocess.Popen(
            [sys.executable, "-c", _ERASES, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as running:
            assert running.stdout
            assert running.stdout.readline() == "begins\n"
            time.sleep(chance.random() * 0.25)
            running.send_signal(signal.SIGKILL)
        for name, (before, after) in told.items():
            left = (tmp_path / name).read_text()
            assert left in {before, after}
            seen.add(left == after)
    told = _filled(tmp_path)
    subprocess.run([sys.executable, "-c", _ERASES, str(tmp_path)], check=True, capture_output=True)
    assert {each.name for each in tmp_path.iterdir()} == set(told)
    assert all((tmp_path / name).read_text() == after for name, (_, after) in told.items())
