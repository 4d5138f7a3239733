"""What is asked of the place where keys live."""

from typing import Protocol

from kept.evidence.key import PublicKey, Signer


class Vault(Protocol):
    """Holds the log's signing key, and named secrets. Never in the log's database.

    A new log's key is first *proposed*, then the database remembers it, then it is
    *adopted*: so that after a crash at any point the two agree on whether there is a log,
    and a lost key is never replaced in silence.
    """

    def signing_key(self) -> Signer | None:
        """Return the adopted key of the log, or ``None`` where there is none."""
        ...

    def propose_signing_key(self, origin: str) -> Signer:
        """Return the key proposed for a new log, made on the first call.

        A second call returns the key of the first, under its first origin.
        """
        ...

    def adopt_signing_key(self, key: PublicKey) -> Signer:
        """Make the proposed key the log's own; a key that is adopted already stays so.

        Raises:
            KeyMissingError: `key` was neither proposed nor adopted.
            KeyMismatchError: Another key was adopted.
        """
        ...

    def replace_signing_key(self, key: PublicKey, last: int) -> Signer:
        """Make the proposed key the log's own in place of the one that is adopted.

        The secret of the key before is destroyed; its public half stays published, as good
        up to the checkpoint of `last` entries. A call that was interrupted is completed by
        the next one; a key that is adopted already stays so.

        Raises:
            KeyMissingError: `key` was neither proposed nor adopted, or none was before it.
        """
        ...

    def secret(self, name: str) -> bytes:
        """Return 32 random bytes that belong to `name`, made on the first call."""
        ...

    def known_secret(self, name: str) -> bytes | None:
        """Return the secret called `name`, or ``None`` where it was not made or is destroyed."""
        ...

    def destroy(self, name: str) -> bool:
        """Destroy the secret called `name` for good; return whether there was one."""
        ...
