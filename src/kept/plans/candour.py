"""What a plan says of its own limits: what is not searched, not followed, not decided."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from kept.inventory.catalog import Table
from kept.inventory.dataset import Dataset, DatasetId, Erasing, Reference, State
from kept.plans.field_part import may_be_personal
from kept.plans.plan import Obstacle, Remark, RemarkCode, Step, Task
from kept.vocabulary.right import Right

PROCESSOR = "processor"
"""How a dataset is held that is somebody else's to decide about."""

_WORDY = (
    *("CHAR", "TEXT", "CLOB", "STRING", "JSON", "XML", "TSVECTOR", "ANY"),
    *("BLOB", "BINARY", "BYTEA"),
)
"""In which types of columns words about a person can stand; so they can where none is said."""

_OTHERS = frozenset({"staff", "supplier", "organisation", "applicant"})
"""About whom a dataset can be while those who ask are the company's customers."""

Datasets = Mapping[DatasetId, Dataset]
Tables = Mapping[DatasetId, Table]


def undecided(
    datasets: Datasets, tables: Tables, steps: Collection[DatasetId]
) -> Iterator[Obstacle]:
    """Yield the datasets with personal data about which nobody decided enough to erase."""
    for each, dataset in datasets.items():
        table = tables.get(each)
        if table is None or not table.keeps_rows:
            continue
        if not dataset.personal:
            open_ = dataset.state is not State.DECIDED and _copying(table)
            if open_ and _can_hold_words(table) and any(step.store == each.store for step in steps):
                yield _undecided(
                    each,
                    f"{each} is a {_copying(table)} that can keep copies of what is erased, and"
                    " nobody decided about it",
                    "Decide about it in datamap.toml: whose text it holds, or none.",
                )
        elif dataset.state is not State.DECIDED:
            copy = f" as a {_copying(table)}" if table.materialised else ""
            yield _undecided(
                each,
                f"{each} holds personal data{copy} and nobody decided about it",
                "Decide about it in datamap.toml: `kept map --write`, then review.",
            )
        elif dataset.on_erasure is None and each in steps:
            yield _undecided(
                each,
                f"nobody decided what an erasure does to {each}",
                "Set on_erasure in datamap.toml to delete, blank or keep.",
            )


def _copying(table: Table) -> str:
    """Return as what a table keeps copies of others by itself, empty where it does not."""
    if table.materialised:
        return "materialised view"
    return f"virtual table ({table.virtual})" if table.virtual else ""


def _undecided(each: DatasetId, message: str, remedy: str) -> Obstacle:
    return Obstacle(
        code="plans.undecided",
        store=each.store,
        dataset=each.name,
        message=message,
        remedy=remedy,
    )


def tasks(datasets: Datasets) -> tuple[Task, ...]:
    """Return what only people can do."""
    return tuple(
        Task(
            store=each.store,
            dataset=each.name,
            action="pass-to-client",
            message=f"{each} is held for a client: pass the request on and wait for instruction",
        )
        for each, dataset in sorted(datasets.items())
        if dataset.held_as == PROCESSOR and dataset.personal
    )


def by_hand(
    datasets: Datasets, tables: Tables, steps: Iterable[Step], right: Right
) -> tuple[Task, ...]:
    """Return where people must act themselves.

    A dataset that is decided, personal, and reached by nothing is looked into by hand. One
    that is decided to be about others than those who can be found is left out; it is a
    remark like any other that was not searched. A materialised view is refreshed by hand.
    """
    steps = tuple(steps)
    return (
        *_to_search(datasets, tables, steps, right),
        *_to_refresh(datasets, tables, steps, right),
    )


def _to_refresh(
    datasets: Datasets, tables: Tables, steps: Sequence[Step], right: Right
) -> Iterator[Task]:
    """Yield the copies that keep what they had until somebody refreshes them.

    Where a person decided to keep one, they said why; it is a remark then.
    """
    if right not in {Right.ERASURE, Right.RECTIFICATION}:
        return
    written = {step.dataset.store for step in steps if step.kept is None}
    for each, dataset in sorted(datasets.items()):
        table = tables.get(each)
        if table is None or not table.materialised or each.store not in written:
            continue
        if dataset.personal and dataset.on_erasure is not Erasing.KEEP:
            yield Task(
                store=each.store,
                dataset=each.name,
                action="refresh",
                message=f"{each} is a materialised view: {_until_refreshed(table)}",
            )


def _until_refreshed(table: Table) -> str:
    return (
        "it keeps the rows that it had, also what is erased or corrected where they come from,"
        f" until somebody runs {refreshing(table)}"
    )


def refreshing(table: Table) -> str:
    """Return the statement after which a materialised view holds what its sources hold."""
    names = (table.schema, table.own_name) if table.schema else (table.own_name or table.name,)
    quoted = ".".join('"' + name.replace('"', '""') + '"' for name in names)
    return f"REFRESH MATERIALIZED VIEW {quoted}"


def _to_search(
    datasets: Datasets, tables: Tables, steps: Sequence[Step], right: Right
) -> tuple[Task, ...]:
    reached = {step.dataset for step in steps}
    people = {datasets[step.dataset].about for step in steps if step.root}
    people = people - _OTHERS or people
    return tuple(
        Task(
            store=each.store,
            dataset=each.name,
            action="search-by-hand",
            message=(
                f"{each} holds personal data, and neither an identifier nor a decided reference"
                " leads to it: look for the person there, or decide how people are found in it"
            ),
        )
        for each, dataset in sorted(datasets.items())
        if dataset.personal
        and dataset.state is State.DECIDED
        and dataset.held_as != PROCESSOR
        and dataset.about in people
        and each not in reached
        and _is_stored(tables.get(each))
        and not (right is Right.ERASURE and _is_kept(dataset))
    )


def _is_stored(table: Table | None) -> bool:
    return table is not None and not table.view


def _is_kept(dataset: Dataset) -> bool:
    return dataset.on_erasure is Erasing.KEEP and dataset.minimum is None


def _can_hold_words(table: Table) -> bool:
    """Return whether something can stand in a table that nobody recognised as personal."""
    return not table.columns or any(
        not column.type or any(word in column.type.upper() for word in _WORDY)
        for column in table.columns
    )


def unsearched(
    datasets: Datasets,
    absent: Iterable[DatasetId],
    tables: Tables,
    steps: Collection[DatasetId],
) -> Iterator[Remark]:
    """Yield the datasets in which the plan does not look, and why not.

    What somebody decided holds nothing personal is left out; what nobody decided can hold
    more than was seen in it.
    """
    for each in absent:
        yield _remark(
            RemarkCode.NOT_SEARCHED, each, "is in the map and in no store, and was not searched"
        )
    for each, dataset in datasets.items():
        if each not in steps:
            yield from _unsearched(each, dataset, tables.get(each))


def _unsearched(each: DatasetId, dataset: Dataset, table: Table | None) -> Iterator[Remark]:
    if not dataset.personal:
        if _is_open(dataset, table):
            yield _remark(
                RemarkCode.NOT_SEARCHED,
                each,
                "was not searched: nobody decided about it, and it can hold text",
            )
    elif table is None:
        yield _remark(RemarkCode.NOT_SEARCHED, each, "is in no store that answered")
    elif dataset.held_as == PROCESSOR:
        yield _remark(
            RemarkCode.HELD_FOR_CLIENT, each, "is held for a client, and was not searched"
        )
    elif table.view:
        yield _remark(RemarkCode.VIEW, each, _as_view(dataset, table))
    elif dataset.state is not State.DECIDED:
        yield _remark(RemarkCode.NOT_SEARCHED, each, "was not searched: nobody decided about it")
    elif dataset.about != "none":
        yield _remark(
            RemarkCode.NOT_SEARCHED,
            each,
            "was not searched: neither an identifier nor a decided reference leads to it",
        )


def _as_view(dataset: Dataset, table: Table) -> str:
    if not table.materialised:
        return "is a view: what it shows was searched where it is stored"
    # Where nobody says when it is refreshed, a task of its own says how.
    kept = dataset.on_erasure is Erasing.KEEP
    older = f": {_until_refreshed(table)}" if kept else ""
    return (
        "is a materialised view: what it copies was searched where it is stored, and the copy,"
        f" which may be older, was not{older}"
    )


def unsure(datasets: Datasets, steps: Iterable[Step]) -> Iterator[Remark]:
    """Yield the fields that may be personal and stay when the person's row is blanked."""
    for step in steps:
        blanked = step.erasing is Erasing.BLANK and step.kept is None
        erased = {each.name for each in step.fields if each.erased}
        for field in datasets[step.dataset].fields if blanked else ():
            if may_be_personal(field) and field.name not in erased:
                yield _remark(
                    RemarkCode.FIELD_UNDECIDED,
                    step.dataset,
                    f"has a field {field.name!r} that may hold something personal: nobody"
                    " decided, and it was not blanked",
                    (field.name,),
                )


def _is_open(dataset: Dataset, table: Table | None) -> bool:
    return (
        table is not None
        and table.keeps_rows
        and dataset.state is not State.DECIDED
        and _can_hold_words(table)
    )


def unfollowed(
    references: Iterable[Reference],
    datasets: Datasets,
    steps: Collection[DatasetId],
    exists: Callable[[Reference], bool],
) -> Iterator[Remark]:
    """Yield the references that lead to a person's rows, or should, and are not followed."""
    for reference in references:
        dataset = datasets[reference.dataset]
        told_already = dataset.personal and dataset.state is not State.DECIDED
        if dataset.held_as == PROCESSOR or told_already:
            continue
        if reference.to in steps and not reference.decided:
            yield _remark(
                RemarkCode.REFERENCE_UNDECIDED,
                reference.dataset,
                f"has rows that refer to {reference.to}, and nobody decided whose they are: "
                "they were not followed",
                reference.fields,
            )
        elif reference.decided and not exists(reference):
            yield _remark(
                RemarkCode.REFERENCE_UNUSABLE,
                reference.dataset,
                f"refers to {reference.to} by names that the stores do not have",
                reference.fields,
            )


def _remark(code: RemarkCode, dataset: DatasetId, why: str, fields: tuple[str, ...] = ()) -> Remark:
    return Remark(
        code=code,
        store=dataset.store,
        dataset=dataset.name,
        field=", ".join(fields),
        message=f"{dataset} {why}",
    )
