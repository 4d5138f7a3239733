"""How rightly and how quickly fields are classified, beside a peer on the same values."""

import sys

from labelled.corpus import columns
from labelled.free_text import people_in_texts
from labelled.scoring import scored, show
from labelled.speed import measured

SEEDS = {"tuned": 11, "held out": 2027}


def main() -> None:
    for half, seed in SEEDS.items():
        made = columns(half, seed)
        others = sum(not each.kind.holds for each in made)
        print(f"{half} half: {len(made)} columns, {others} of them hard negatives")
        for opaque, title, at_least in (
            (False, "informative names", 0.97),
            (True, "opaque names, where values can decide", 0.90),
        ):
            score = scored(made, opaque=opaque)
            show(score, title, at_least)
            if "--errors" in sys.argv and half == "tuned":
                for kind, lines in score.errors.items():
                    print(*(f"      {kind}: {each}" for each in lines), sep="\n")
    people_in_texts(5)
    measured(7)


if __name__ == "__main__":
    main()
