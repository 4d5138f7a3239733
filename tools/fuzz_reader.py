"""Feeds the reader what nobody would publish, for as long as asked, and stops at a fault.

python tools/fuzz_reader.py --seconds 600             every input is new
python tools/fuzz_reader.py --seconds 60 --seed 7     the same inputs again

A fault is an exception that is no refusal, a run past 5 s of the processor per MB, a quote
that does not stand where its offsets say, or two readings of one text that differ. The input
is kept in a file, and named.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from kept.errors import RefusedError
from kept.policy.decoding import decode
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Register

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "fr", "ar")
SECONDS_PER_MB = 5.0
# What one reading may take however short it is: caches are cold, and others are running.
LEAST_SECONDS = 1.0
LONGEST = 200_000
PIECES = (
    "we collect your data", "We do not ", "share", "sell", " your name ", ": ", ".", ";", ",", "\n",
    "\n\n", "- ", "• ", "1. ", "(a) ", "(b) ", "1) ", "# ", "## ", "**", "__", "|", "| a | b |\n",
    "|---|\n", "---\n", "===\n", "[x](", "http://x", ")", "a@example.com", "[email\xa0protected]",
    "24 months", "1 March 2026", "07/01/2026", "13/13/2026", "²", "٣", "'", "’", "\u200b", "\u0301",
    "\u0651", "ﬁ", "๐Ÿ›ก๏ธ", "Ã©", "\r", "\r\n", "\t", "<p>", "</p>", "<script>", "<!--", "-->",
    "&amp;", "نحن نجمع بياناتك", "لا نبيع ", "ولا ", "و", "المادة", "،", "؛", "ne … que", "sans ",
    "Nous collectons vos données", "l'", "Last updated:", "including", "such as", "unless ", "\x00",
    "under 16", "\x85", "\u2028", "\ufeff", "\U0001f6e1", "\u202e", "9999999999999", "0", "%", "…",
    "?", "؟", "!", "/", "&",
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1256", "utf-32")


class Fault(Exception):  # noqa: N818 - what is looked for, not an error of this script
    """The reader did what it must never do."""


def seeds() -> list[str]:
    """Return real and own policies to start from."""
    kept = [ROOT / "tests" / "policy", ROOT / "src" / "kept" / "demo"]
    paths = [path for root in kept for path in root.rglob("*") if path.suffix in {".md", ".txt"}]
    paths += (ROOT.parent / "shared" / "policies").glob("*.txt")
    return [path.read_text("utf-8", errors="replace") for path in sorted(paths)]


def _splice(text: str, other: str, rng: random.Random) -> str:
    at, start = rng.randrange(len(text) + 1), rng.randrange(len(other) + 1)
    return text[:at] + other[start : start + rng.randrange(1, 2_000)] + text[at:]


def _sprinkle(text: str, __: str, rng: random.Random) -> str:
    letters = list(text)
    for _ in range(rng.randrange(1, 40)):
        letters.insert(rng.randrange(len(letters) + 1), rng.choice(PIECES))
    return "".join(letters)


def _drop(text: str, _: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + text[at + rng.randrange(1, 600) :]


def _shuffle(text: str, _: str, rng: random.Random) -> str:
    mark = rng.choice(["\n", ". ", " ", ": ", ","])
    parts = text.split(mark)
    rng.shuffle(parts)
    return mark.join(parts)


def _unmark(text: str, _: str, rng: random.Random) -> str:
    return text.replace(rng.choice([" ", "\n", ".", ":", ",", "\n\n"]), rng.choice(["", " ", "\n"]))


def _repeat(text: str, _: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    piece = text[at : at + rng.randrange(1, 400)] or rng.choice(PIECES)
    return (piece * (LONGEST // len(piece)))[: rng.randrange(1, LONGEST)]


def _heap(_: str, __: str, rng: random.Random) -> str:
    few = rng.sample(PIECES, rng.randrange(1, 6))
    return "".join(rng.choice(few) for _ in range(rng.randrange(1, 20_000)))


def _letters(_: str, __: str, rng: random.Random) -> str:
    ranges = [(0x20, 0x7F), (0xA0, 0x17F), (0x600, 0x6FF), (0x2000, 0x206F), (0x20, 0xD7FF)]
    low, high = rng.choice(ranges)
    return "".join(chr(rng.randrange(low, high)) for _ in range(rng.randrange(1, 5_000)))


CHANGES: Sequence[Callable[[str, str, random.Random], str]] = (
    _splice, _splice, _sprinkle, _sprinkle, _drop, _shuffle, _unmark, _repeat, _heap, _letters,
)  # fmt: skip


def content(texts: Sequence[str], rng: random.Random) -> bytes:
    """Return what to read next: arbitrary bytes, or a policy changed a few times."""
    if rng.random() < 0.1:  # noqa: PLR2004 - one in ten
        return rng.randbytes(rng.randrange(1, 3_000))
    text = rng.choice(texts)
    for _ in range(rng.randrange(1, 5)):
        text = rng.choice(CHANGES)(text, rng.choice(texts), rng)[:LONGEST]
    encoded = text.encode(rng.choice(ENCODINGS), errors="replace")
    if rng.random() < 0.1:  # noqa: PLR2004 - one in ten
        mutable = bytearray(encoded)
        for _ in range(rng.randrange(1, 20)):
            if mutable:
                mutable[rng.randrange(len(mutable))] = rng.randrange(256)
        encoded = bytes(mutable)
    return encoded


def check(given: bytes) -> str:
    """Read `given` and return what came of it.

    Raises:
        Fault: What must never happen, did.
    """
    began = time.process_time()
    try:
        register = read([Source("fuzzed", given)], languages=LANGUAGES)
    except RefusedError as refused:
        outcome, register = refused.code, None
    except Exception as error:
        raise Fault(f"{type(error).__name__} is no refusal") from error
    else:
        outcome = "read"
    taken = time.process_time() - began
    if taken > max(LEAST_SECONDS, SECONDS_PER_MB * len(given) / 1_000_000):
        raise Fault(f"{taken:.2f} s for {len(given)} bytes")
    if register is not None:
        _check_quotes(given, register)
        if read([Source("fuzzed", given)], languages=LANGUAGES) != register:
            raise Fault("read twice, and not alike")
    return outcome


def _check_quotes(given: bytes, register: Register) -> None:
    text = decode(given).text
    clauses = [each.clause for each in register.promises]
    clauses += [each.clause for each in register.findings]
    for clause in clauses:
        if not clause.quote or text[clause.start : clause.end] != clause.quote:
            raise Fault(f"{clause.start}:{clause.end} does not quote")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))  # noqa: S311 - no secret
    parser.add_argument("--keep", type=Path, default=Path(), help="where faulty inputs are kept")
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first fault")
    given = parser.parse_args()
    rng, texts = random.Random(given.seed), seeds()  # noqa: S311 - no secret
    # Languages are loaded before the clock matters.
    read([Source(str(at), each.encode()) for at, each in enumerate(texts)], languages=LANGUAGES)
    outcomes: Counter[str] = Counter()
    faults = size = 0
    ends = time.monotonic() + given.seconds
    while time.monotonic() < ends:
        fuzzed = content(texts, rng)
        size += len(fuzzed)
        try:
            outcomes[check(fuzzed)] += 1
        except Fault as fault:
            faults += 1
            path = given.keep / f"fault-{given.seed}-{sum(outcomes.values()) + faults}.bin"
            path.write_bytes(fuzzed)
            sys.stdout.write(f"{path}: {fault} ({fault.__cause__!r})\n")
            sys.stdout.flush()
            if not given.go_on:
                break
    told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
    sys.stdout.write(f"seed {given.seed}: {told}; {size / 1e6:.1f} MB; {faults} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
