"""How long reading takes after start-up: one policy, a thousand, and a megabyte.

No text is read twice: words that were met before are found faster than new ones, so each
run gets a policy of its own, of sentences drawn from real ones with other words in them.
"""

import os
import random
import re
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from measure import line

from kept.policy.reader import read
from kept.policy.source import Source

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "policies"
LANGUAGES = ("en", "fr", "ar")
TIMES = 30
MANY = 1_000
MEGABYTE = 1_000_000
# How many of the longer words of a text are replaced by others of it.
CHANGED = 0.15
_SENTENCE = re.compile(r"(?<=[.!?\n])")
_LONG = re.compile(r"[^\W\d_]{5,}")


def originals() -> dict[str, str]:
    """Return the policies that others are made from, by name."""
    paths = sorted(SHARED.glob("*.txt")) or [ROOT / "src/kept/demo/tamarisk/policy.en.md"]
    return {path.name: path.read_text("utf-8", errors="replace") for path in paths}


def another(text: str, rng: random.Random) -> bytes:
    """Return a policy like `text` of which hardly a sentence is the same."""
    words = sorted(set(_LONG.findall(text)))

    def other(found: re.Match[str]) -> str:
        return rng.choice(words) if rng.random() < CHANGED else found[0]

    return _LONG.sub(other, text).encode()


def taken(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def one_policy(texts: dict[str, str], rng: random.Random) -> None:
    for name, text in texts.items():
        given = [another(text, rng) for _ in range(TIMES)]
        ours = 1000 * statistics.median(
            taken(partial(read, [Source(name, each)], languages=LANGUAGES)) for each in given
        )
        floor = 1000 * statistics.median(
            taken(partial(re.findall, r"\w+", each.decode())) for each in given
        )
        line(f"read {name}, other words each time", ours, at_most=50)
        line("  ratio to splitting it into words", ours / floor, unit="×")


def many_policies(texts: dict[str, str], rng: random.Random) -> None:
    kinds = list(texts.values())
    sources = [
        Source(f"{number:04}", another(kinds[number % len(kinds)], rng)) for number in range(MANY)
    ]
    with ProcessPoolExecutor() as pool:
        spread = partial(pool.map, chunksize=8)
        seconds = taken(lambda: read(sources, languages=LANGUAGES, spread=spread))
    line(f"{MANY} policies on {os.cpu_count()} processors", seconds, at_most=60, unit="s")


def a_megabyte(texts: dict[str, str], rng: random.Random) -> None:
    text = "\n\n".join(texts.values())
    parts: list[bytes] = []
    while sum(map(len, parts)) < MEGABYTE:
        parts.append(another(text, rng))
    item = "- we collect what is written under number {} of the annex\n"
    items = "".join(map(item.format, range(MEGABYTE // 62)))
    for name, content in (("of prose", b"\n\n".join(parts)), ("of short items", items.encode())):
        seconds = taken(partial(read, [Source("long", content)], languages=LANGUAGES))
        line(f"a megabyte {name}", seconds * MEGABYTE / len(content), at_most=5, unit="s")


def main() -> None:
    texts, rng = originals(), random.Random(1)
    read([Source(name, text.encode()) for name, text in texts.items()], languages=LANGUAGES)
    one_policy(texts, rng)
    many_policies(texts, rng)
    a_megabyte(texts, rng)


if __name__ == "__main__":
    main()
