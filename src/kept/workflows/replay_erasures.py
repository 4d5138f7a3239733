"""How erasures that a restore or an import undid are carried out again.

Rows are read in bounded memory and compared with the list of erasures. A row that is back is
erased as any person is: planned, checked, verified, receipted; nothing else may go with it.
"""

import hashlib
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Protocol

from kept.errors import RefusedError
from kept.evidence.body import Json
from kept.evidence.entry import Entry
from kept.inventory.connector import Resumes
from kept.inventory.dataset import Dataset, DatasetId
from kept.plans.connector import Done
from kept.plans.errors import IdentityUnknownError
from kept.rights.request import RequestState
from kept.subjects.identifier import Identifier
from kept.subjects.suppression import Digest
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.answer_request import Asked, answer_request
from kept.workflows.guarded_store import Guarded
from kept.workflows.replay_judging import Back, Judging, Recognises, Verdict, people_first
from kept.workflows.request_closing import REPLAY
from kept.workflows.request_ports import Desk, Mapped, Ports

AT_ONCE = 500
"""So many rows that are back are held in memory before they are erased."""


class ReplayConflictError(RefusedError):
    """Erasing what is back would take rows with it that no erasure ever removed."""

    code: ClassVar[str] = "replay.conflict"
    remedy: str = (
        "Decide by hand: the person may have used the restored rows since. Erase them with "
        "`kept request erase` if they ask."
    )


class Remembered(Protocol):
    """Knows which hashes were erased."""

    def known(self, digests: Iterable[Digest]) -> Mapping[Digest, object]:
        """Return which of `digests` were erased, and by what."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What is to be replayed, and with what.

    Attributes:
        id: Names this run.
        since: The instant of the copy that was restored or imported.
        at: Now (UTC).
        erased: Recognises what was erased.
        memory: Knows which hashes were erased.
        dry_run: Whether to look alone.
    """

    id: str
    since: datetime
    at: datetime
    erased: Recognises
    memory: Remembered
    dry_run: bool = False


@dataclass(slots=True)
class Replayed:
    """What a replay found and did: ids, counts and codes.

    Attributes:
        found: How many rows got which verdict, by dataset.
        requests: The erasures that were carried out, by id, and how each ended.
        unread: Datasets with personal data in which nobody could look.
        receipt: The receipt of the whole run, as JSON.
    """

    found: dict[DatasetId, dict[Verdict, int]] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)
    unread: list[DatasetId] = field(default_factory=list)
    receipt: Mapping[str, object] | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is left for a person to decide."""
        asked = any(verdict.asks for counts in self.found.values() for verdict in counts)
        done = all(ended == RequestState.FULFILLED for ended in self.requests.values())
        return asked or not done or bool(self.unread)

    def to_json(self) -> dict[str, Json]:
        """Return it as the log and programs read it."""
        return {
            "found": [
                {
                    "store": dataset.store,
                    "dataset": dataset.name,
                    **{
                        verdict.value.replace("-", "_"): counts.get(verdict, 0)
                        for verdict in Verdict
                    },
                }
                for dataset, counts in sorted(self.found.items())
            ],
            "requests": [{"id": name, "state": ended} for name, ended in self.requests.items()],
            "unread": [str(each) for each in self.unread],
        }


def replay_erasures(
    ports: Ports, desk: Desk, replay: Replay, stores: Mapping[str, object]
) -> Replayed:
    """Erase again what is back, and return what was found, done, and left to decide.

    Idempotent: what is erased is not found again. Who came back since is left alone.

    Args:
        ports: Everything outside.
        desk: Who answers.
        replay: What is to be replayed.
        stores: Where rows are read, by name.

    Raises:
        UnavailableError: A store did not answer; calling again is safe.
    """
    return _Replaying(ports, desk, replay, stores).run()


class _Replaying:
    """One replay on its way: a value that lives as long as one call."""

    def __init__(
        self, ports: Ports, desk: Desk, replay: Replay, stores: Mapping[str, object]
    ) -> None:
        self._desk, self._replay, self._stores = desk, replay, stores
        self._mapped = ports.mapped()
        self._replayed = Replayed()
        self._ports = replace(
            ports,
            stores={
                name: Guarded(store, self._only_what_was_erased)
                for name, store in ports.stores.items()
            },
        )

    def run(self) -> Replayed:
        personal = [each for each in self._mapped.inventory.datasets if each.personal]
        # What names nobody goes with whom it belongs to: what is left is looked at last.
        nameless = {each.id for each in personal if not self._judging(each).sought}
        for each in people_first(personal):
            if each.id not in nameless:
                self._dataset(each)
        for each in personal:
            if each.id in nameless:
                self._dataset(each)
        if not self._replay.dry_run:
            self._witness()
        return self._replayed

    def _judging(self, dataset: Dataset) -> Judging:
        return Judging(dataset, self._replay.erased, self._replay.since)

    def _witness(self) -> None:
        since = self._replay.since.isoformat()
        entry = Entry(
            type="erasures.replayed",
            at=self._replay.at,
            operation=f"replay/{self._replay.id}",
            body={"since": since, **self._replayed.to_json()},
        )
        self._replayed.receipt = self._ports.log.append([entry], self._replay.at)[0].to_json()

    # ── one dataset ──────────────────────────────────────────────────────────

    def _dataset(self, dataset: Dataset) -> None:
        store = self._stores.get(dataset.id.store)
        judging = self._judging(dataset)
        if not dataset.key or not judging.fields or not isinstance(store, Resumes):
            self._replayed.unread.append(dataset.id)
            return
        place: str | None = ""
        while place is not None:
            back, place = self._some(store, judging, place)
            if not self._replay.dry_run:
                for each in back:
                    self._again(dataset, each)
        if judging.counts:
            self._replayed.found[dataset.id] = judging.counts

    def _some(self, store: Resumes, judging: Judging, place: str) -> tuple[list[Back], str | None]:
        """Return rows that are back, and where to go on; nothing is open when it returns."""
        back: list[Back] = []
        batches = store.scan_from(judging.dataset.id.name, judging.fields, after=place)
        for batch in batches:
            back.extend(judging.rows(batch.rows))
            if len(back) >= AT_ONCE and batch.at and not self._replay.dry_run:
                if isinstance(batches, Generator):
                    batches.close()
                return back, batch.at
        return back, None

    def _again(self, dataset: Dataset, back: Back) -> None:
        """Erase whom one row names, as that row says it, and nobody else."""
        given, mapped = _narrowed(dataset, back, self._mapped)
        ports = replace(self._ports, mapped=lambda: mapped)
        key = self._ports.suppression.row(back.dataset.store, back.dataset.name, back.key)
        name = hashlib.sha256(key + f"{back.request}/{self._replay.id}".encode()).hexdigest()
        asked = Asked(
            id=f"replay-{name[:16]}",
            right=Right.ERASURE,
            identifiers=given,
            received_at=self._replay.at,
            opened_by=REPLAY,
        )
        try:
            ended = answer_request(ports, self._desk, asked).request.state
        except IdentityUnknownError:
            # It went with another row of the same person.
            ended = RequestState.FULFILLED
        except RefusedError as error:
            self._replayed.requests[asked.id] = error.code
            return
        self._replayed.requests[asked.id] = ended.value

    def _only_what_was_erased(self, done: Done) -> None:
        """Take back an erasure that would remove what no erasure had removed."""
        suppression = self._ports.suppression
        digests = [
            suppression.row(dataset.store, dataset.name, key) for dataset, key in done.erased
        ]
        unknown = len(set(digests) - set(self._replay.memory.known(digests)))
        if unknown:
            raise ReplayConflictError(
                f"{unknown} rows that no erasure removed belong to a person who is back"
            )


def _narrowed(
    dataset: Dataset, back: Back, mapped: Mapped
) -> tuple[tuple[Identifier, ...], Mapped]:
    """Return what names the person and the very row, so that a later account is not found."""
    given = tuple(each for each in back.identifiers if each.kind.locates)
    if len(dataset.key) != 1 or dataset.field(dataset.key[0]).identity is not None:
        return given, mapped
    (key,) = dataset.key
    fields = tuple(
        replace(each, identity=IdentifierKind.ACCOUNT_ID) if each.name == key else each
        for each in dataset.fields
    )
    narrowed = replace(dataset, fields=fields)
    inventory = replace(
        mapped.inventory,
        datasets=tuple(
            narrowed if each.id == dataset.id else each for each in mapped.inventory.datasets
        ),
    )
    own = Identifier(IdentifierKind.ACCOUNT_ID, str(back.key[0]))
    kept = tuple(each for each in given if each.kind is not IdentifierKind.ACCOUNT_ID)
    return (*kept, own), replace(mapped, inventory=inventory)
