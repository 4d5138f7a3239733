"""What a full scan of a dataset counts for the checks."""

from kept.checks.card_watch import CardWatch
from kept.checks.form_watch import FilledWatch, WordWatch
from kept.checks.password_watch import PasswordWatch
from kept.checks.watch import Watch
from kept.inventory.dataset import Dataset


def watches_of(dataset: Dataset, unreadable: tuple[str, ...] = ()) -> tuple[Watch, ...]:
    """Return what is counted in every row of `dataset`.

    Args:
        dataset: As the inventory has it.
        unreadable: Fields that the account may not read.
    """
    names = tuple(each.name for each in dataset.fields if each.name not in unreadable)
    personal = tuple(each.name for each in dataset.fields if each.personal and each.name in names)
    passwords = PasswordWatch.of(dataset)
    passwords = PasswordWatch(dataset.id, tuple(each for each in passwords.fields if each in names))
    return (
        CardWatch.of_all(dataset.id, names),
        WordWatch(dataset.id, names),
        FilledWatch(dataset.id, personal),
        passwords,
    )
