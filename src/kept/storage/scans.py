"""How far full scans have come, so that one that was cut off goes on: never a value in clear."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kept.evidence.vault import Vault
from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Counts, Memory, Scanned
from kept.storage.database import Database
from kept.storage.errors import told_apart
from kept.vocabulary.data_category import DataCategory

KEY_NAME = "scans"
_NONCE = 12


class DjangoScans:
    """Full scans in our own database, the place where each goes on under a key of the vault.

    Args:
        database: Ours.
        vault: Where the key is.
        random_bytes: Returns so many bytes fit for nonces.
    """

    def __init__(
        self, database: Database, vault: Vault, random_bytes: Callable[[int], bytes]
    ) -> None:
        self._database = database
        self._vault = vault
        self._random_bytes = random_bytes

    def last(self, dataset: DatasetId) -> Scanned | None:
        """Return the last scan of `dataset`, ``None`` where there was none.

        Where its place cannot be read any more (the key is gone), it has none.
        """
        with told_apart():
            row = self._rows().filter(store=dataset.store, dataset=dataset.name).first()
        if row is None:
            return None
        after, memory = _taken_apart(self._opened(bytes(row.place), _bound(dataset, row.structure)))
        return Scanned(
            structure=row.structure,
            rows=row.rows,
            read=row.read,
            cut=row.cut,
            unreadable=tuple(row.unreadable),
            found=_known(row.found),
            counted=row.counted,
            begun=row.begun_at,
            at=row.last_at,
            ended=row.ended_at,
            after=after,
            memory=memory,
            before=None if row.before is None else _read(row.before),
        )

    def record(self, dataset: DatasetId, scanned: Scanned) -> None:
        """Remember how far the scan of `dataset` is; it is on disk when this returns."""
        place = self._sealed(_put_together(scanned), _bound(dataset, scanned.structure))
        told = {
            "structure": scanned.structure,
            "place": place,
            "rows": scanned.rows,
            "read": scanned.read,
            "cut": scanned.cut,
            "unreadable": list(scanned.unreadable),
            "found": _named(scanned.found),
            "counted": scanned.counted,
            "before": None if scanned.before is None else _written(scanned.before),
            "begun_at": scanned.begun,
            "last_at": scanned.at,
            "ended_at": scanned.ended,
        }
        with told_apart():
            self._rows().update_or_create(store=dataset.store, dataset=dataset.name, defaults=told)

    def _sealed(self, place: str, bound: bytes) -> bytes:
        if not place:
            return b""
        nonce = self._random_bytes(_NONCE)
        key = self._vault.secret(KEY_NAME)
        return nonce + AESGCM(key).encrypt(nonce, place.encode(), bound)

    def _opened(self, sealed: bytes, bound: bytes) -> str:
        key = self._vault.known_secret(KEY_NAME) if sealed else None
        if key is None:
            return ""
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound).decode()
        except (InvalidTag, ValueError):
            return ""

    def _rows(self) -> Any:  # noqa: ANN401 - Django ships no types
        from kept.storage.models import ScanRow

        return ScanRow.objects.using(self._database.alias)


def _put_together(scanned: Scanned) -> str:
    if not scanned.after:
        return ""
    return json.dumps({"after": scanned.after, "memory": scanned.memory})


def _taken_apart(place: str) -> tuple[str, Memory]:
    """Return where a scan stands and what it remembers; nothing where none can be read."""
    try:
        told = json.loads(place) if place else {}
        return str(told.get("after", "")) if "memory" in told else "", told.get("memory", {})
    except (ValueError, AttributeError):
        return "", {}


def _named(found: Counts) -> dict[str, dict[str, int]]:
    return {
        name: {category.value: count for category, count in counts.items()}
        for name, counts in found.items()
    }


def _known(found: Mapping[str, Mapping[str, int]]) -> Counts:
    known = set(DataCategory)
    return {
        name: {DataCategory(each): count for each, count in counts.items() if each in known}
        for name, counts in found.items()
    }


def _written(scanned: Scanned) -> dict[str, Any]:
    """Return a scan that has ended as JSON values: it stands nowhere, and remembers nothing."""
    return {
        "structure": scanned.structure,
        "rows": scanned.rows,
        "read": scanned.read,
        "cut": scanned.cut,
        "unreadable": list(scanned.unreadable),
        "found": _named(scanned.found),
        "counted": scanned.counted,
        "begun": scanned.begun.isoformat(),
        "ended": (scanned.ended or scanned.at).isoformat(),
    }


def _read(told: Mapping[str, Any]) -> Scanned:
    ended = datetime.fromisoformat(told["ended"])
    return Scanned(
        structure=told["structure"],
        rows=told["rows"],
        read=told["read"],
        cut=told["cut"],
        unreadable=tuple(told["unreadable"]),
        found=_known(told["found"]),
        counted=told["counted"],
        begun=datetime.fromisoformat(told["begun"]),
        at=ended,
        ended=ended,
    )


def _bound(dataset: DatasetId, structure: str) -> bytes:
    """Return what a place belongs to: moved to another dataset, it cannot be read."""
    return f"{dataset.store}\x00{dataset.name}\x00{structure}".encode()
