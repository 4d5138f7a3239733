"""What an erasure does to the rows of each dataset, and which it cannot reach."""

from collections.abc import Iterator, Mapping

from kept.inventory.dataset import DatasetId, Erasing, State, Whose
from kept.inventory.proposing.ownership import NONE, Owned
from kept.inventory.proposing.people import kind_of
from kept.inventory.proposing.seen import Evidence, Seen
from kept.vocabulary.data_category import DataCategory

_TELLING = (DataCategory.USER_DEVICE, DataCategory.USER_UNIQUE_ID)


def erasing_of(
    seen: Mapping[DatasetId, Seen], owned: Mapping[DatasetId, Owned]
) -> dict[DatasetId, Erasing | None]:
    """Return delete where nothing that stays refers to the row, else blank.

    A row stays that is not the person's, or that is blanked itself; what it refers to
    stays for its sake. What two rows of one person say of each other goes with both;
    where the other row is somebody else's after all, the eraser spares that one row. A
    row of another store binds nothing. Where no erasure reaches, nothing is proposed.
    """
    result: dict[DatasetId, Erasing | None] = {}
    for each, one in seen.items():
        if one.dataset.state is State.DECIDED:
            result[each] = one.dataset.on_erasure
        elif owned[each].about == NONE or owned[each].beyond:
            result[each] = None
        else:
            shared = any(whose is Whose.SHARED for whose, _ in owned[each].links.values())
            result[each] = Erasing.BLANK if shared else Erasing.DELETE
    changed = True
    while changed:
        changed = False
        for each, found in owned.items():
            for link, (whose, _) in found.links.items():
                together = found.owners and not owned[link.to].person and link.to != each
                mentions = whose is Whose.REFERENCED and not together
                stays = mentions or result[each] is not Erasing.DELETE
                stays = stays and link.to.store == each.store
                open_ = seen[link.to].dataset.state is not State.DECIDED
                if stays and open_ and result[link.to] is Erasing.DELETE:
                    result[link.to] = Erasing.BLANK
                    changed = True
    return result


def beyond(each: Seen, evidence: Evidence) -> bool:
    """Return whether no erasure of ours reaches the rows of a dataset."""
    return each.table.view or each.id.store in evidence.unerasable


def asked_beyond(each: Seen, owned: Owned) -> Iterator[str]:
    """Yield what a person must say of personal rows that no erasure of ours reaches.

    Args:
        each: The dataset.
        owned: What is proposed for it.
    """
    if not owned.beyond or owned.about == NONE or not each.personal:
        return
    if each.table.view:
        yield (
            "It is a materialised view, which keeps copies of other datasets: is it refreshed"
            ' by itself? Then set on_erasure = "keep" and say when in keep; else decided alone'
            " leaves the task to refresh it after each erasure"
        )
        return
    fields = [held.name for held in each.held if _tells(each, held.name)]
    by = f"By {', '.join(fields)}? Then write identity. " if fields else ""
    ends = (
        "The store erases its rows after a time: "
        if each.table.expires
        else "When do its rows end by themselves? "
    )
    yield (
        f"No request can be carried out in this store: is a person to be found here? {by}{ends}"
        'set on_erasure = "keep" and say why and until when in keep'
    )


def _tells(each: Seen, name: str) -> bool:
    held = each.dataset.field(name)
    kind = kind_of(held)
    if kind is not None:
        return kind.locates
    return any(wide.covers(category) for wide in _TELLING for category in held.holds)
