"""How many columns are classified rightly: F1 by category, and what is taken for personal."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kept.inventory.catalog import Column, Table
from kept.inventory.classification.classify import FieldClassification, classify_fields
from kept.inventory.connector import Sample, Value
from labelled.column import Column as Labelled
from labelled.corpus import tables

WORST = 8
ROWS = 1_000


def looked(name: str, group: Sequence[Labelled]) -> tuple[Table, Sample]:
    """Return a table of these columns, and its sample."""
    values: dict[str, tuple[Value, ...]] = {each.name: each.values for each in group}
    table = Table(name=name, columns=tuple(Column(name=each.name, type="TEXT") for each in group))
    rows = ROWS
    return table, Sample(
        dataset=name,
        rows=rows,
        read=rows,
        values=values,
        nulls=dict.fromkeys(values, 0),
        distinct={each.name: each.distinct(rows) for each in group},
    )


def judged(
    made: Sequence[Labelled], *, opaque: bool
) -> Iterator[tuple[Labelled, FieldClassification]]:
    for name, group in tables(made, opaque=opaque):
        found = classify_fields(*looked(name, group))
        for each in group:
            yield each, found[each.name]


@dataclass
class Score:
    """What was right and wrong in one run over columns."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    others: int = 0
    false: int = 0
    asked: int = 0
    undecided: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, each: Labelled, found: FieldClassification, *, opaque: bool) -> None:
        said = {one.category.value for one in found.categories}
        if opaque and not each.kind.decides:
            told = "held" if said else "asked about" if found.ambiguous else "silent"
            self.undecided["of people" if each.kind.holds else "of others", told] += 1
            return
        self.right.update(each.kind.holds & said)
        self.missed.update(each.kind.holds - said)
        wrong = said - each.kind.holds - each.kind.also
        self.wrong.update(wrong)
        self.asked += bool(found.ambiguous)
        if not each.kind.holds:
            self.others += 1
            self.false += bool(said)
        if wrong or each.kind.holds - said:
            asked = [one.category.value for one in found.ambiguous]
            self.errors[each.kind.kind].append(
                f"{each.language} {each.table}.{each.name}: {sorted(said)}, asks {asked}"
            )

    def f1(self) -> dict[str, float]:
        asked = set(self.right) | set(self.missed)
        return {
            each: 2
            * self.right[each]
            / (2 * self.right[each] + self.wrong[each] + self.missed[each])
            for each in asked
        }

    @property
    def macro(self) -> float:
        found = self.f1()
        return sum(found.values()) / len(found)

    @property
    def false_rate(self) -> float:
        return self.false / self.others


def scored(made: Sequence[Labelled], *, opaque: bool) -> Score:
    score = Score()
    for each, found in judged(made, opaque=opaque):
        score.add(each, found, opaque=opaque)
    return score


def show(score: Score, title: str, at_least: float) -> None:
    f1 = score.f1()
    print(
        f"  {title}: macro F1 {score.macro:.3f} over {len(f1)} categories (at least {at_least:.2f})"
    )
    print(
        f"    taken for personal: {score.false} of {score.others} hard negatives, "
        f"{score.false_rate:.2%} (at most 1 %); a person is asked about {score.asked}"
    )
    for category, value in sorted(f1.items(), key=lambda item: item[1])[:WORST]:
        if value < 1:
            counts = score.right[category], score.wrong[category], score.missed[category]
            print(
                f"    {category:<56} F1 {value:.2f}  right {counts[0]:>2}, wrong {counts[1]}, "
                f"missed {counts[2]}"
            )
    if score.undecided:
        told = ", ".join(
            f"{whose} {what} {count}" for (whose, what), count in sorted(score.undecided.items())
        )
        print(f"    left out, because values cannot decide: {told}")
