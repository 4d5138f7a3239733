"""A store whose erasures are looked at before they are committed, and may be taken back."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import date

from kept.plans.connector import Done, Reading, Sight, Touched, Who
from kept.plans.plan import StorePart
from kept.workflows.request_ports import Store

Check = Callable[[Done], None]


class Guarded:
    """A store, and what must be true of what it erases.

    Args:
        store: The store.
        check: Told what will be done, in the store's transaction and in a rehearsal; what
            it raises takes everything back.
        gate: Held from before the check until the store has committed: whoever could make
            the check untrue waits.
    """

    def __init__(
        self,
        store: Store,
        check: Check,
        gate: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._store, self._check, self._gate = store, check, gate

    def sight(self, part: StorePart, who: Who) -> Sight:
        """Return which rows fit the identifiers."""
        return self._store.sight(part, who)

    def read(self, part: StorePart, who: Who) -> Reading:
        """Return every record of the person."""
        return self._store.read(part, who)

    def left(self, touched: Sequence[Touched]) -> int:
        """Return how many rows are still as they were."""
        return self._store.left(touched)

    def rehearse(self, part: StorePart, who: Who, *, operation: str, today: date) -> Done:
        """Do everything that `erase` does, look at it, and take it all back."""
        done = self._store.rehearse(part, who, operation=operation, today=today)
        self._check(done)
        return done

    def erase(
        self,
        part: StorePart,
        who: Who,
        *,
        operation: str,
        today: date,
        before_commit: Callable[[Done], None] | None = None,
    ) -> Done:
        """Erase, unless the check forbids it."""
        with ExitStack() as until_committed:

            def looked_at(done: Done) -> None:
                until_committed.enter_context(self._gate())
                self._check(done)
                if before_commit is not None:
                    before_commit(done)

            return self._store.erase(
                part, who, operation=operation, today=today, before_commit=looked_at
            )
