"""What a plan says of its own limits: what is not searched, not followed, not decided."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from kept.inventory.catalog import Table
from kept.inventory.dataset import Dataset, DatasetId, Reference, State
from kept.plans.plan import Obstacle, Remark, RemarkCode, Task

PROCESSOR = "processor"
"""How a dataset is held that is somebody else's to decide about."""

Datasets = Mapping[DatasetId, Dataset]
Tables = Mapping[DatasetId, Table]


def undecided(
    datasets: Datasets, tables: Tables, steps: Collection[DatasetId]
) -> Iterator[Obstacle]:
    """Yield the datasets with personal data about which nobody decided enough to erase."""
    for each, dataset in datasets.items():
        table = tables.get(each)
        if table is None or table.view or not dataset.personal:
            continue
        if dataset.state is not State.DECIDED:
            yield Obstacle(
                code="plans.undecided",
                store=each.store,
                dataset=each.name,
                message=f"{each} holds personal data and nobody decided about it",
                remedy="Decide about it in datamap.toml: `kept map --write`, then review.",
            )
        elif dataset.on_erasure is None and each in steps:
            yield Obstacle(
                code="plans.undecided",
                store=each.store,
                dataset=each.name,
                message=f"nobody decided what an erasure does to {each}",
                remedy="Set on_erasure in datamap.toml to delete, blank or keep.",
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


def unsearched(
    datasets: Datasets,
    absent: Iterable[DatasetId],
    tables: Tables,
    steps: Collection[DatasetId],
) -> Iterator[Remark]:
    """Yield the datasets with personal data in which the plan does not look, and why not."""
    for each in absent:
        yield _remark(
            RemarkCode.NOT_SEARCHED, each, "is in the map and in no store, and was not searched"
        )
    for each, dataset in datasets.items():
        if each in steps or not dataset.personal:
            continue
        table = tables.get(each)
        if table is None:
            yield _remark(RemarkCode.NOT_SEARCHED, each, "is in no store that answered")
        elif dataset.held_as == PROCESSOR:
            yield _remark(
                RemarkCode.HELD_FOR_CLIENT, each, "is held for a client, and was not searched"
            )
        elif table.view:
            yield _remark(
                RemarkCode.VIEW, each, "is a view: what it shows was searched where it is stored"
            )
        elif dataset.state is not State.DECIDED:
            yield _remark(
                RemarkCode.NOT_SEARCHED, each, "was not searched: nobody decided about it"
            )
        elif dataset.about != "none":
            yield _remark(
                RemarkCode.NOT_SEARCHED,
                each,
                "was not searched: neither an identifier nor a decided reference leads to it",
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
