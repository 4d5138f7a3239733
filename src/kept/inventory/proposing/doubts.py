"""What discovery cannot tell of a field by itself, so that a person must."""

from collections.abc import Iterator

from kept.inventory.dataset import Classified, Field
from kept.inventory.proposing.ownership import NONE, Owned
from kept.inventory.proposing.people import kind_of
from kept.inventory.proposing.seen import Seen
from kept.vocabulary.data_category import DataCategory, is_personal

LIKELY = 0.5
"""A category is proposed from this probability on."""

BARELY = 0.05
"""How far above `LIKELY` a category is still no better than a guess."""


def doubts(each: Seen, owned: Owned) -> Iterator[str]:
    """Yield a question for each field that may tell of a person and may as well not.

    Args:
        each: The dataset.
        owned: What is proposed for it.
    """
    linked = {name for link in owned.links for name in link.fields}
    for held in each.dataset.fields:
        if held.name in linked:
            # A number that refers to a person is followed, whatever else it is called.
            continue
        found = None if names_no_person(held, each, owned) else _doubt(held, owned)
        if found is not None:
            yield (
                f"Does {held.name} hold {found.category.value} ({found.score:.2f}, too unsure"
                " to accept)? Write its categories, or categories = [] if it holds nothing of"
                " a person"
            )


def unseen(each: Seen, owned: Owned) -> Iterator[str]:
    """Yield the question that is left where nothing could be read, or nobody be found."""
    if not each.table.columns:
        module = f" ({each.table.virtual})" if each.table.virtual else ""
        yield f"Nothing of it can be read here{module}: what does it hold?"
    elif each.table.virtual.startswith("fts") and owned.about == NONE:
        yield "It indexes text that stands elsewhere: whose, and how does an erasure reach it?"


def names_no_person(held: Field, each: Seen, owned: Owned) -> bool:
    """Return whether a field that reads like something personal only numbers or names a thing."""
    if each.counts(held.name):
        return True
    best = held.categories[0].category if held.categories else None
    return held.name in owned.namesakes and best is not None and DataCategory.USER_NAME.covers(best)


def _doubt(held: Field, owned: Owned) -> Classified | None:
    """Return the category that a field may hold, or ``None`` where enough is known."""
    best = held.categories[0] if held.categories else None
    if best is not None and is_personal(best.category):
        near = best.score < LIKELY + BARELY and (owned.about != NONE or kind_of(held) is not None)
        return best if near else None
    if owned.about == NONE:
        return None
    return next((one for one in held.ambiguous if is_personal(one.category)), None)
