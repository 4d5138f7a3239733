"""What the last looks at the stores showed: structure and labels, never a value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kept.inventory.change import SeenStore
from kept.inventory.change_seen import as_kept, from_kept
from kept.storage.database import Database
from kept.storage.errors import told_apart

KEPT = 20
"""How many different looks at one store are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One look at one store.

    Attributes:
        at: When the store was last seen so (UTC).
        seen: What it showed.
    """

    at: datetime
    seen: SeenStore


class DjangoLooks:
    """The looks at stores in our own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, store: str) -> Looked | None:
        """Return the last look at `store`, ``None`` where there was none that can be read."""
        with told_apart():
            row = self._rows().filter(store=store).order_by("-id").first()
        seen = None if row is None else from_kept(store, row.seen)
        return None if seen is None else Looked(at=row.last_at, seen=seen)

    def record(self, seen: SeenStore, *, at: datetime) -> None:
        """Remember what a store showed. The same as last time only moves the time on."""
        from django.db import transaction

        kept = as_kept(seen)
        with told_apart(), transaction.atomic(using=self._database.alias):
            last = self._rows().filter(store=seen.store).order_by("-id").first()
            if last is not None and last.seen == kept:
                if at > last.last_at:
                    last.last_at = at
                    last.save(using=self._database.alias, update_fields=["last_at"])
                return
            self._rows().create(store=seen.store, seen=kept, first_at=at, last_at=at)
            newest = self._rows().filter(store=seen.store).order_by("-id")[:KEPT]
            kept_ids = list(newest.values_list("id", flat=True))
            self._rows().filter(store=seen.store).exclude(id__in=kept_ids).delete()

    def stores(self) -> dict[str, datetime]:
        """Return every store that was looked at, with when it was last seen so."""
        with told_apart():
            rows = self._rows().order_by("id").values_list("store", "last_at")
            return dict(rows)

    def forget(self, store: str) -> None:
        """Forget what a store showed: it is no longer one of the company's."""
        with told_apart():
            self._rows().filter(store=store).delete()

    def _rows(self) -> Any:  # noqa: ANN401 - Django ships no types
        from kept.storage.models import LookRow

        return LookRow.objects.using(self._database.alias)
