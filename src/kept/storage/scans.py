"""How far full scans have come, so that one that was cut off goes on: never a value in clear."""

from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kept.evidence.vault import Vault
from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Scanned
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
        known = set(DataCategory)
        return Scanned(
            structure=row.structure,
            rows=row.rows,
            read=row.read,
            cut=row.cut,
            unreadable=tuple(row.unreadable),
            found={
                name: {DataCategory(each): count for each, count in counts.items() if each in known}
                for name, counts in row.found.items()
            },
            begun=row.begun_at,
            at=row.last_at,
            ended=row.ended_at,
            after=self._opened(bytes(row.place), _bound(dataset, row.structure)),
        )

    def record(self, dataset: DatasetId, scanned: Scanned) -> None:
        """Remember how far the scan of `dataset` is; it is on disk when this returns."""
        place = self._sealed(scanned.after, _bound(dataset, scanned.structure))
        told = {
            "structure": scanned.structure,
            "place": place,
            "rows": scanned.rows,
            "read": scanned.read,
            "cut": scanned.cut,
            "unreadable": list(scanned.unreadable),
            "found": {
                name: {category.value: count for category, count in counts.items()}
                for name, counts in scanned.found.items()
            },
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


def _bound(dataset: DatasetId, structure: str) -> bytes:
    """Return what a place belongs to: moved to another dataset, it cannot be read."""
    return f"{dataset.store}\x00{dataset.name}\x00{structure}".encode()
