"""How rightly and how quickly fields are classified, beside a peer on the same values."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from labelled.column import Column as Labelled
from labelled.corpus import columns, tables

from kept.inventory.catalog import Column, Table
from kept.inventory.classification.classify import FieldClassification, classify_fields
from kept.inventory.connector import Sample

SEEDS = {"tuned": 11, "held out": 2027}
WORST = 8


def judged(
    made: list[Labelled], *, opaque: bool
) -> Iterable[tuple[Labelled, FieldClassification]]:
    for name, group in tables(made, opaque=opaque):
        table = Table(
            name=name, columns=tuple(Column(name=each.name, type="TEXT") for each in group)
        )
        sample = Sample(
            dataset=name,
            rows=1000,
            read=1000,
            values={each.name: each.values for each in group},
            nulls={each.name: 0 for each in group},
            distinct={each.name: len(each.values) for each in group},
        )
        found = classify_fields(table, sample)
        for each in group:
            yield each, found[each.name]


class Tally:
    """True and false, per category."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()

    def add(self, each: Labelled, said: set[str]) -> None:
        for category in each.kind.holds:
            (self.right if category in said else self.missed)[category] += 1
        for category in said - each.kind.holds - each.kind.also:
            self.wrong[category] += 1

    def f1(self) -> dict[str, float]:
        asked = set(self.right) | set(self.missed)
        return {
            each: 2 * self.right[each] / (2 * self.right[each] + self.wrong[each] + self.missed[each])
            for each in asked
        }


def main() -> None:
    for half, seed in SEEDS.items():
        accuracy(half, columns(half, seed))


def accuracy(half: str, made: list[Labelled], *, show: bool = False) -> None:
    others = sum(not each.kind.holds for each in made)
    print(f"{half} half: {len(made)} columns, of which {others} hold nothing of people")
    for opaque in (False, True):
        tally, false, asked, undecided = Tally(), [], 0, Counter[str]()
        errors: dict[str, list[str]] = defaultdict(list)
        number = 0
        for each, found in judged(made, opaque=opaque):
            said = {one.category.value for one in found.categories}
            if opaque and not each.kind.decides:
                told = "held" if said else "asked" if found.ambiguous else "silent"
                undecided["of people" if each.kind.holds else "of others", told] += 1
                continue
            tally.add(each, said)
            asked += bool(found.ambiguous)
            if not each.kind.holds:
                number += 1
                if said:
                    false.append(each)
            if each.kind.holds - said or said - each.kind.holds - each.kind.also:
                errors[each.kind.kind].append(f"{each.language} {each.table}.{each.name} {sorted(said)} asks {[o.category.value for o in found.ambiguous]}")
        f1 = tally.f1()
        macro = sum(f1.values()) / len(f1)
        title = "opaque names, values decide" if opaque else "informative names"
        bound = 0.90 if opaque else 0.97
        print(f"  {title:<30} macro F1 {macro:.3f}  (at least {bound:.2f}), {len(f1)} categories")
        print(f"    false positives on hard negatives {len(false)} of {number} = {len(false) / number:.2%}  (at most 1 %); a person is asked about {asked}")
        for category, value in sorted(f1.items(), key=lambda item: item[1])[:WORST]:
            if value < 1:
                print(f"    {category:<55} F1 {value:.2f}  right {tally.right[category]} wrong {tally.wrong[category]} missed {tally.missed[category]}")
        if undecided:
            told = ", ".join(f"{whose} {what} {count}" for (whose, what), count in sorted(undecided.items()))
            print(f"    left out, values cannot decide: {told}")
        if show:
            for kind, lines in errors.items():
                for line in lines:
                    print("     ", kind, "|", line)


if __name__ == "__main__":
    main()
