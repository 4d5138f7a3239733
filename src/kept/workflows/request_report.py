"""What a request says of itself to programs and to the log: ids, counts and codes."""

from collections.abc import Iterable

from kept.evidence.body import Json
from kept.plans.plan import DatasetCounts, Remark, Task
from kept.rights.notice import Notice
from kept.rights.request import RightsRequest
from kept.workflows.request_stores import Failure


def counts_json(counts: Iterable[DatasetCounts]) -> list[Json]:
    """Return what happened to each dataset, as the contract has it."""
    return [
        {
            "store": each.dataset.store,
            "dataset": each.dataset.name,
            "located": each.located,
            "erased": each.erased,
            "blanked": each.blanked,
            "anonymised": 0,
            "corrected": 0,
            "restricted": 0,
            "retained": [
                {
                    "count": kept.count,
                    "reason": kept.reason,
                    "source": kept.source,
                    "until": None if kept.until is None else kept.until.isoformat(),
                }
                for kept in each.retained
            ],
        }
        for each in counts
    ]


def entry_body(
    counts: Iterable[DatasetCounts],
    remarks: Iterable[Remark],
    tasks: Iterable[Task],
    failures: Iterable[Failure],
    notices: Iterable[Notice] = (),
) -> dict[str, Json]:
    """Return what an entry of the log says of a request that was carried out."""
    return {
        "datasets": counts_json(counts),
        "tasks": [
            {"store": each.store, "dataset": each.dataset, "action": each.action} for each in tasks
        ],
        "remarks": [
            {
                "code": each.code.value,
                "store": each.store,
                "dataset": each.dataset,
                "field": each.field,
                "count": each.count,
            }
            for each in remarks
        ],
        "failures": [{"store": each.store, "code": each.error.code} for each in failures],
        "recipients": [
            {"notice": each.id, "recipient": each.recipient, "role": each.role, "way": each.way}
            for each in notices
        ],
    }


def result_json(request: RightsRequest) -> dict[str, object]:
    """Return the contract of ``kept request --json``."""
    result = request.result
    return {
        "id": request.id,
        "right": request.right.value,
        "state": request.state.value,
        "received_at": request.received_at.isoformat(),
        "due": request.due.isoformat(),
        "clock": request.clock,
        "datasets": result.get("datasets", []),
        "tasks": result.get("tasks", []),
        "receipt": request.receipt,
        "law": request.law,
        "identity_kinds": [kind.value for kind in request.identity_kinds],
        "vouched_by": request.opened_by,
        "remarks": result.get("remarks", []),
        "failures": result.get("failures", []),
        "recipients": result.get("recipients", []),
        "refused": result.get("refused", ""),
    }
