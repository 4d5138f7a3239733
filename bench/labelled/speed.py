"""How quickly values are validated, texts are searched and columns are classified."""

import importlib.util
import json
import os
import random
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from measure import line

from kept.inventory.classification.classify import classify_many
from kept.inventory.classification.recognition import recognised
from kept.inventory.classification.spans import find
from labelled.column import Column
from labelled.corpus import columns
from labelled.scoring import looked

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEER = ROOT / ".venv-bench"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIRED: list[str] = PROJECT["optional-dependencies"]["bench"]
BATCH = 5_000
PEER_VALUES = 1_500
TABLES, WIDTH, VALUES = 1_000, 10, 200
MEGABYTES = 4


def processor_seconds(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def in_batches(values: Sequence[str]) -> int:
    return sum(
        len(recognised(values[start : start + BATCH])) for start in range(0, len(values), BATCH)
    )


def validation(warm: Sequence[Column], made: Sequence[Column]) -> None:
    """Validate every value of the corpus, after a warm-up with values of another seed."""
    in_batches([str(value) for each in warm for value in each.values])
    values = [str(value) for each in made for value in each.values]
    random.Random(1).shuffle(values)
    seconds = min(processor_seconds(lambda: in_batches(values)) for _ in range(3))
    line(f"validated, of {len(values):,} mixed values", len(values) / seconds, unit="/s and core")
    print(f"{'':<58} (at least 500000; {in_batches(values):,} are personal by their form)")
    beside_a_peer(values)


def beside_a_peer(values: Sequence[str]) -> None:
    python = peer()
    if python is None:
        return
    some = list(dict.fromkeys(values))[:PEER_VALUES]
    run = subprocess.run(
        [python, str(HERE / "peer.py")],
        input=json.dumps(some),
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        print(f"Presidio did not run: {run.stderr.strip().splitlines()[-1:]}")
        return
    theirs = json.loads(run.stdout.splitlines()[-1])
    times = 50
    ours = processor_seconds(lambda: [recognised(some) for _ in range(times)]) / times
    line(
        f"Presidio, {theirs['recognisers']} recognisers, {len(some)} of these values",
        len(some) / theirs["seconds"],
        unit="/s and core",
    )
    line("  the same values here", len(some) / ours, unit="/s and core")
    line("  ratio", theirs["seconds"] / ours, unit="× (at least 300)")
    print(f"  it finds something in {theirs['found']} of them, this in {len(recognised(some))}")


def peer() -> str | None:
    """Return a Python that has Presidio: this one, or an environment of its own that is made."""
    if importlib.util.find_spec("presidio_analyzer"):
        return sys.executable
    python = PEER / "bin" / "python"
    steps = (
        [sys.executable, "-m", "venv", str(PEER)],
        [str(python), "-m", "pip", "install", "--quiet", *REQUIRED],
    )
    has = [str(python), "-c", "import presidio_analyzer"]
    for step in steps:
        if python.exists() and not subprocess.run(has, capture_output=True, check=False).returncode:
            return str(python)
        made = subprocess.run(step, capture_output=True, text=True, check=False)
        if made.returncode:
            print(f"Presidio is not there and could not be installed ({REQUIRED[0]}): no ratio")
            return None
    return str(python)


def texts(made: Sequence[Column]) -> None:
    wanted = {"words", "quoting", "description", "log line"}
    pieces = [str(value) for each in made if each.kind.kind in wanted for value in each.values]
    rng, parts, size = random.Random(2), [], 0
    while size < MEGABYTES * 1_000_000:
        parts.append(rng.choice(pieces))
        size += len(parts[-1].encode()) + 1
    text = "\n".join(parts)
    hits = 0

    def search() -> None:
        nonlocal hits
        hits = sum(1 for _ in find(text))

    seconds = processor_seconds(search)
    line("free text of six scripts and languages", size / seconds / 1e6, unit="MB/s and core")
    print(f"{'':<58} (at least 40; {hits:,} found in {size / 1e6:.0f} MB)")


def many_columns(made: Sequence[Column]) -> None:
    """Classify ten thousand columns of two hundred values, by tables, on two cores."""
    rng, tables = random.Random(3), []
    full = [each for each in made if len(each.values) >= VALUES // 2]
    for number in range(TABLES):
        group = [_refilled(rng.choice(full), at, rng) for at in range(WIDTH)]
        tables.append(looked(f"{rng.choice(full).table}_{number}", group))
    began = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        spread = partial(pool.map, chunksize=25)
        found = sum(len(each) for each in classify_many(tables, spread=spread))
    seconds = time.perf_counter() - began
    line(f"{found:,} columns of {VALUES} values on two cores", seconds, at_most=30, unit="s")
    print(f"{'':<58} load before: {os.getloadavg()[0]:.1f}")


def _refilled(each: Column, at: int, rng: random.Random) -> Column:
    values = list(each.values) * 2
    rng.shuffle(values)
    return Column(
        kind=each.kind,
        language=each.language,
        table=each.table,
        name=f"{each.name}_{at}",
        opaque=each.opaque,
        values=tuple(values[:VALUES]),
    )


def measured(seed: int) -> None:
    made = columns("tuned", seed) + columns("held out", seed + 1)
    validation(columns("tuned", seed + 2) + columns("held out", seed + 3), made)
    texts(made)
    many_columns(made)
