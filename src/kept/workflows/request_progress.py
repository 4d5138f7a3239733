"""How far a running erasure is, noted so that a crash at any point leaves no doubt."""

from kept.plans.connector import Done
from kept.plans.plan import Plan, Remark
from kept.workflows.request_closing import Case, remember, witness_store
from kept.workflows.request_intent import committed_note, head_note, store_note
from kept.workflows.request_ports import Intent, Ports
from kept.workflows.request_stores import Erased


class Progress:
    """What one erasure noted. It begins with the first store that writes anything.

    Args:
        ports: Everything outside.
        case: The request.
        plan: Its plan; ``None`` while there is none.
        remarks: What the answer says besides the plan's own remarks.
    """

    def __init__(
        self, ports: Ports, case: Case, plan: Plan | None = None, remarks: tuple[Remark, ...] = ()
    ) -> None:
        self._ports = ports
        self._case = case
        self._plan = plan
        self._remarks = remarks
        self._before: list[tuple[str, Done]] = []
        self._intent: Intent | None = None
        self.written = False

    def about_to(self, store: str, done: Done) -> None:
        """Note what a store is about to do: it is on disk before the store commits."""
        if self._intent is None:
            if self._plan is None or not is_written(done):
                return
            self._intent = self._ports.intents.begun(self._case.request.id)
            plan = self._plan
            head = head_note(
                self._case.subject,
                [part.store for part in plan.parts],
                [*plan.remarks, *self._remarks],
                plan.tasks,
            )
            self._intent.note(head, durable=False)
            for name, earlier in self._before:
                self._intent.note(store_note(name, earlier), durable=False)
        # One sync of the file is one of all that was written before.
        self._intent.note(store_note(store, done))

    def committed(self, store: str, erased: Erased) -> None:
        """Note that a store has committed, keep the hashes, and witness it.

        What comes after may fail.
        """
        done = erased.done[-1]
        if self._intent is None:
            self._before.append((store, done))
        else:
            self.written = True
            # Unsynced: without it, the store is asked.
            self._intent.note(committed_note(store), durable=False)
        remember(self._ports, self._case.request, done)
        if erased.of > 1:
            at = self._case.request.received_at
            witness_store(self._ports, self._case, store, done, at)

    def ended(self) -> None:
        """Destroy the notes: the request has its receipt."""
        if self._intent is not None:
            self._intent.drop()
            self.written = False

    def close(self) -> None:
        """Leave the notes, if there are any, to whoever finishes the request."""
        if self._intent is not None:
            self._intent.close()


def is_written(done: Done) -> bool:
    """Return whether a store writes anything at all."""
    return any(each.erased or each.blanked for each in done.counts)
