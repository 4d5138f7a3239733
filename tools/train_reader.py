"""Learn how likely clauses are entries, from the annotated policies in tools/corpus.

Writes src/kept/policy/languages/<tag>/learned.tsv. Needs scikit-learn:

    pip install "kept[train]" && python tools/train_reader.py

The same corpus and rules give the same bytes. `--judge N` writes nothing: it learns
N times from a part of the policies and reads the rest, and prints precision and recall
with the rules alone and with what was learned.
"""

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import SGDClassifier

from kept.policy import clauses, meaning
from kept.policy.alone import entries_in
from kept.policy.languages.language import Language, Reading
from kept.policy.languages.loading import load
from kept.policy.likelihood import NONE, Taught, parse_learned, words_features
from kept.policy.meaning import Context, Meaning
from kept.policy.neighbours import NEAR
from kept.policy.reader import read
from kept.policy.source import Source
from kept.policy.text import chrome_of, take_apart

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tools" / "corpus"
OTHERS = {"en": "tests/policy/gold", "fr": "tests/policy/fr/gold", "ar": "tests/policy/ar/gold"}
MARK = re.compile(r"\[\[(.*?) ¦ (\S+) (\S+) (\S+)\]\]", re.DOTALL)
STRENGTH = 1e-4
ROUNDS = 40
LEAST_WEIGHT = 8
LEAST_SEEN = 3
LEAST_DUTY = 8
SAME = 0.5
TOUCHES = 0.3
"""Shares of a span from which on two are the same, and from which on they meet."""


@dataclass(frozen=True)
class Entry:
    start: int
    end: int
    category: str
    kind: str
    duties: frozenset[str]


@dataclass(frozen=True)
class Seen:
    """One decision: what was seen, and what the annotation says (no entry: ``None``)."""

    features: dict[str, float]
    entry: Entry | None


@dataclass(frozen=True)
class Policy:
    name: str
    text: str
    entries: tuple[Entry, ...]


def policy(path: Path) -> Policy:
    marked = path.read_text("utf-8")
    text, at, entries = "", 0, []
    for found in MARK.finditer(marked):
        text += marked[at : found.start()]
        duties = frozenset() if found[4] == "-" else frozenset(found[4].split(","))
        end = len(text) + len(found[1])
        entries.append(Entry(len(text), end, found[2], found[3], duties))
        text += found[1]
        at = found.end()
    return Policy(path.name, text + marked[at:], tuple(entries))


def policies(tag: str) -> list[Policy]:
    folders = [CORPUS / tag, ROOT / OTHERS[tag]]
    return [policy(path) for folder in folders for path in sorted(folder.iterdir())]


# ── what the reader sees of a policy, and what the annotation says of it ─────


def seen_in(each: Policy, tag: str) -> list[Seen]:
    """Return every clause that the reader decides on, with what it should have decided."""
    calls: list[tuple[Reading, Context, Language]] = []

    def noting(reading: Reading, around: Context, language: Language) -> Meaning | None:
        if around.taught is not None:
            calls.append((reading, around, language))
        return meaning.understand(reading, around, language)

    clauses.understand = noting
    try:
        text = take_apart(Source(each.name, each.text.encode()), (tag,))
        list(entries_in(text, {tag: chrome_of(text, load(tag))}))
    finally:
        clauses.understand = meaning.understand
    found: dict[tuple[int, int, str], Seen] = {}
    for reading, around, language in calls:
        words = reading.words.words
        if not words or reading.does("question"):
            continue
        span = text.view.raw_span(words[0].start, words[-1].end)
        entry = entry_of(span, each.entries)
        if isinstance(entry, str):
            continue
        found[*span, around.previous] = Seen(noted(reading, around, language, entry), entry)
    return list(found.values())


def noted(
    reading: Reading, around: Context, language: Language, entry: Entry | None
) -> dict[str, float]:
    """Return what is seen of a clause, with what the rules decide of it as annotated."""
    own = meaning.own_scores(reading)
    features = meaning.features_of(reading, own, around) | words_features(reading.words)
    features |= meaning.beside(reading, around).features
    ruled = meaning._category(reading, own, around, language)  # noqa: SLF001 - the rules alone
    features[f"ruled:{ruled or NONE}"] = 1.0
    if entry is not None:
        kind = meaning.kind_of(reading, entry.category, around, language)
        features[f"ruled kind:{kind}"] = 1.0
        features[f"ruled kind:{entry.category}/{kind}"] = 1.0
        for duty in meaning.duties_of(reading, entry.category, around, language):
            features[f"ruled duty:{duty}"] = 1.0
    return features


def entry_of(span: tuple[int, int], entries: Sequence[Entry]) -> Entry | str | None:
    """Return the entry that a stretch is (a part of); a word where it is two things."""
    start, end = span
    over = [
        each
        for each in entries
        if _shared(span, each) > TOUCHES * min(end - start, each.end - each.start)
    ]
    if not over:
        return None
    nearest = max(over, key=lambda each: _alike(span, each))
    if len({each.category for each in over}) == 1 or _alike(span, nearest) >= SAME + 0.1:
        return nearest
    return "two things"


def _shared(span: tuple[int, int], entry: Entry) -> int:
    return min(span[1], entry.end) - max(span[0], entry.start)


def _alike(span: tuple[int, int], entry: Entry) -> float:
    whole = max(span[1], entry.end) - min(span[0], entry.start)
    return max(0, _shared(span, entry)) / whole


# ── learning ─────────────────────────────────────────────────────────────────


_AROUND = (*NEAR, "under:", "heading", "section:", "list:", "previous:", "label:")
"""Features of the place of a clause."""

_RULED = "ruled:"
_STRIDE = 7_919
"""A prime: with it every clause meets a place far from its own, and always the same one."""

_PLENTY = 25
"""Clauses of so many features speak for themselves."""

_LATER = ("is:", "ruled kind:", "is kind:", "ruled duty:")
"""Features that are seen only after the category is settled."""


def tables_from(seen: Sequence[Seen], corpus: str) -> dict[str, str]:
    """Return the texts of the files in learned/, by question."""
    often = Counter(feature for each in seen for feature in each.features)
    known = {feature for feature, count in often.items() if count >= LEAST_SEEN}
    first = [
        {key: v for key, v in each.features.items() if key in known and not key.startswith(_LATER)}
        for each in seen
    ]
    labels = [each.entry.category if each.entry else NONE for each in seen]
    for at, each in enumerate(list(first)):
        if "sentence" in each and len(each) > _PLENTY:
            first.append(elsewhere(each, first[(at + 1) * _STRIDE % len(seen)]))
            labels.append(labels[at])
    entries = [each for each in seen if each.entry is not None]
    kinds, duties = [], []
    for each in entries:
        entry = each.entry
        seen_of = {
            key: v for key, v in each.features.items() if key in known and not key.startswith(NEAR)
        }
        seen_of[f"is:{entry.category}"] = 1.0
        kinds.append({k: v for k, v in seen_of.items() if not k.startswith("ruled duty:")})
        duties.append(seen_of | {f"is kind:{entry.kind}": 1.0})
    binding = [at for at, each in enumerate(entries) if each.entry.category not in _ALIKE]
    return {
        "category": one_of(first, labels, corpus),
        "kind": one_of(
            [kinds[at] for at in binding], [entries[at].entry.kind for at in binding], corpus
        ),
        "duty": any_of(duties, [each.entry.duties for each in entries], corpus),
    }


def elsewhere(clause: dict[str, float], place: dict[str, float]) -> dict[str, float]:
    """Return what would be seen of a clause if it stood in the place of another.

    Those who write policies for learning put each thing under its heading. Others do not:
    what the words of a clause say has to be learned without its place, too.
    """
    own = {k: v for k, v in clause.items() if not k.startswith((*_AROUND, _RULED))}
    return own | {k: v for k, v in place.items() if k.startswith(_AROUND)}


_ALIKE = ("disclaimer", "user-duty")


def one_of(rows: Sequence[dict[str, float]], labels: Sequence[str], corpus: str) -> str:
    """Return what is learned where one class is right."""
    table = DictVectorizer()
    matrix = _matrix(table, rows)
    model = _learner().fit(matrix, labels)
    names = [str(each) for each in model.classes_]
    return _written(names, model.intercept_, model.coef_, table, corpus)


def any_of(rows: Sequence[dict[str, float]], labels: Sequence[frozenset[str]], corpus: str) -> str:
    """Return what is learned where any number of classes is right."""
    table = DictVectorizer()
    matrix = _matrix(table, rows)
    often = Counter(each for label in labels for each in label)
    names = sorted(each for each, count in often.items() if count >= LEAST_DUTY)
    models = [_learner().fit(matrix, [n in each for each in labels]) for n in names]
    bias = [model.intercept_[0] for model in models]
    weights = np.array([model.coef_[0] for model in models])
    return _written(names, bias, weights, table, corpus)


def _learner() -> SGDClassifier:
    return SGDClassifier(
        loss="log_loss", alpha=STRENGTH, max_iter=ROUNDS, tol=None, random_state=0, average=True
    )


def _matrix(table: DictVectorizer, rows: Sequence[dict[str, float]]) -> object:
    matrix = table.fit_transform(rows)
    matrix.indices = matrix.indices.astype(np.int32)
    matrix.indptr = matrix.indptr.astype(np.int32)
    return matrix


def _written(
    names: Sequence[str],
    bias: Sequence[float],
    weights: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
    table: DictVectorizer,
    corpus: str,
) -> str:
    lines = [[corpus, *names], ["bias", *_weights(names, bias)]]
    for place, feature in enumerate(table.get_feature_names_out()):
        row = _weights(names, weights[:, place])
        if row:
            lines.append([str(feature), *row])
    return "\n".join("\t".join(line) for line in lines) + "\n"


def _weights(names: Sequence[str], values: Sequence[float]) -> list[str]:
    hundredths = [round(float(each) * 100) for each in values]
    return [
        f"{name}={each}"
        for name, each in zip(names, hundredths, strict=True)
        if abs(each) >= LEAST_WEIGHT
    ]


# ── judging ──────────────────────────────────────────────────────────────────


@dataclass
class Score:
    """How a reading agrees with an annotation: entries, kinds and duties."""

    right: int = 0
    found: int = 0
    annotated: int = 0
    kinds: int = 0
    duties: int = 0
    duties_found: int = 0
    duties_annotated: int = 0

    def add(self, each: Policy, tag: str) -> None:
        promises = read([Source(each.name, each.text.encode())], languages=(tag,)).promises
        pairs = sorted(
            (
                (_alike((promise.clause.start, promise.clause.end), entry), i, j)
                for i, entry in enumerate(each.entries)
                for j, promise in enumerate(promises)
                if entry.category == promise.category
            ),
            reverse=True,
        )
        ours: dict[int, int] = {}
        for alike, i, j in pairs:
            if alike >= SAME and i not in ours.values() and j not in ours:
                ours[j] = i
        self.right += len(ours)
        self.found += len(promises)
        self.annotated += len(each.entries)
        for j, i in ours.items():
            entry, promise = each.entries[i], promises[j]
            self.kinds += entry.kind == promise.kind
            self.duties += len(entry.duties & set(promise.duties))
            self.duties_found += len(promise.duties)
            self.duties_annotated += len(entry.duties)

    def __str__(self) -> str:
        duties = 2 * self.duties / max(1, self.duties_found + self.duties_annotated)
        return (
            f"P {self.right / max(1, self.found):.3f} R {self.right / max(1, self.annotated):.3f}"
            f" kinds {self.kinds / max(1, self.right):.3f} duties {duties:.3f}"
        )


def teach(tag: str, tables: dict[str, str] | None) -> None:
    """Let a language know what `tables` say; without them it sees and decides nothing."""
    texts = tables or dict.fromkeys(("category", "kind", "duty"), "-")
    category, kind, duty = (parse_learned(texts[each]) for each in ("category", "kind", "duty"))
    before = load(tag).taught
    taught = Taught(category, kind, duty, before.alike if before else 0.0)
    object.__setattr__(load(tag), "taught", taught)


def judge(tag: str, folds: int) -> None:
    """Print precision and recall on policies that were held back."""
    every = [policy(path) for path in sorted((CORPUS / tag).iterdir())]
    always = [each for each in policies(tag) if each.name not in {one.name for one in every}]
    ruled, learned = Score(), Score()
    teach(tag, None)
    for each in every:
        ruled.add(each, tag)
    seen = {each.name: seen_in(each, tag) for each in [*every, *always]}
    for fold in range(folds):
        held = every[fold::folds]
        names = {each.name for each in held}
        known = [one for name, many in seen.items() if name not in names for one in many]
        teach(tag, tables_from(known, "-"))
        for each in held:
            learned.add(each, tag)
    sys.stdout.write(f"{tag} rules:   {ruled}\n{tag} learned: {learned}\n")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("languages", nargs="*", default=["en", "fr", "ar"])
    asked.add_argument("--judge", type=int, default=0, metavar="N")
    given = asked.parse_args()
    for tag in given.languages:
        if given.judge:
            judge(tag, given.judge)
            continue
        # Features are looked for only where something was learned, if only nothing.
        teach(tag, None)
        seen = [one for each in policies(tag) for one in seen_in(each, tag)]
        folder = ROOT / "src/kept/policy/languages" / tag / "learned"
        folder.mkdir(exist_ok=True)
        for name, text in tables_from(seen, corpus_hash(tag)).items():
            (folder / f"{name}.tsv").write_text(text, "utf-8")
            sys.stderr.write(f"{tag} {name}: {text.count(chr(10))} features\n")


def corpus_hash(tag: str) -> str:
    digest = hashlib.sha256()
    for path in sorted((CORPUS / tag).iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
