"""Which tables Kept's own database has.

Models never leave ``storage``: queries return the rooms' own values. No table holds an
identifier of a person in clear: people are keyed hashes, or the id of a request.
"""

from typing import Any, ClassVar

from django.db import models


class PlaceField(models.BigIntegerField):
    """A whole number that is a table's order on disk: appending writes at its end.

    Django's own big integer would be a second index beside SQLite's row number.
    """

    def db_type(self, connection: Any) -> str | None:  # noqa: ANN401 - Django ships no types
        """Return the column type under which SQLite makes the column the row number."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class LogRow(models.Model):
    """The one log: its name and key. There is at most one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    key = models.TextField()
    begun_at = models.DateTimeField()

    class Meta:
        db_table = "kept_log"


class EntryRow(models.Model):
    """One entry of the log.

    ``tree_size`` is the size of the tree when it was appended, and so the checkpoint
    that its receipt carries.
    """

    index = PlaceField(primary_key=True)
    operation = models.CharField(max_length=200, unique=True)
    tree_size = models.BigIntegerField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "kept_entry"


class NodeRow(models.Model):
    """One hash of the log's tree, at the position that ``evidence.tree`` computes."""

    position = PlaceField(primary_key=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "kept_node"


class CheckpointRow(models.Model):
    """One signed head of the log."""

    size = PlaceField(primary_key=True)
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        db_table = "kept_checkpoint"


class RequestRow(models.Model):
    """One rights request, without a name in it."""

    id = models.CharField(max_length=100, primary_key=True)
    right = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    law = models.CharField(max_length=100)
    identity_kinds = models.JSONField()
    opened_by = models.CharField(max_length=200)
    operation = models.CharField(max_length=200, unique=True)
    received_at = models.DateTimeField()
    due = models.DateField()
    clock = models.TextField()
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    result = models.JSONField()
    receipt = models.JSONField(null=True)

    class Meta:
        db_table = "kept_request"
        indexes: ClassVar = [models.Index(fields=["state", "due"], name="kept_request_open")]


class PolicyRow(models.Model):
    """One version of a policy's text, as it was seen."""

    id = models.BigAutoField(primary_key=True)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    version_date = models.CharField(max_length=10, null=True)  # noqa: DJ001 - no date stated is not an empty one
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        db_table = "kept_policy"
        indexes: ClassVar = [
            models.Index(fields=["document", "first_seen"], name="kept_policy_document")
        ]


class ErasureRow(models.Model):
    """One keyed hash of something that an erasure removed: an identifier, or a row's key."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    scope = models.CharField(max_length=20)
    key = models.CharField(max_length=16, db_index=True)
    request = models.CharField(max_length=100, db_index=True)
    erased_at = models.DateTimeField()

    class Meta:
        db_table = "kept_erasure"


class CheckRow(models.Model):
    """One verdict of one duty of one promise, in one run of the checks."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    promise = models.CharField(max_length=40)
    duty = models.CharField(max_length=60)
    verdict = models.CharField(max_length=20)
    check = models.TextField()
    findings = models.PositiveIntegerField()
    counted = models.PositiveBigIntegerField()

    class Meta:
        db_table = "kept_check"
        indexes: ClassVar = [
            models.Index(fields=["promise", "duty", "at"], name="kept_check_history"),
            models.Index(fields=["at"], name="kept_check_runs"),
        ]


class LookRow(models.Model):
    """What one store showed when it was mapped: names, types, categories and counts.

    ``seen`` holds no value of a row: see ``inventory.change_seen``.
    """

    id = models.BigAutoField(primary_key=True)
    store = models.TextField()
    seen = models.JSONField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "kept_look"
        indexes: ClassVar = [models.Index(fields=["store", "id"], name="kept_look_last")]


class ScanRow(models.Model):
    """How far a full scan of one dataset has come: names, categories and counts.

    ``place`` may hold a key of a row, and is encrypted.
    """

    id = models.BigAutoField(primary_key=True)
    store = models.TextField()
    dataset = models.TextField()
    structure = models.CharField(max_length=64)
    place = models.BinaryField()
    rows = models.PositiveBigIntegerField()
    read = models.PositiveBigIntegerField()
    cut = models.PositiveBigIntegerField()
    unreadable = models.JSONField()
    found = models.JSONField()
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    counted = models.JSONField(default=dict)
    before = models.JSONField(null=True)

    class Meta:
        db_table = "kept_scan"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["store", "dataset"], name="kept_scan_one")
        ]


class HoldRow(models.Model):
    """One hold. Whom it is about, and what its rows hold, are keyed hashes."""

    id = models.CharField(max_length=100, primary_key=True)
    reason = models.TextField()
    source = models.TextField()
    since = models.DateTimeField()
    key = models.CharField(max_length=16)
    people = models.JSONField()
    scope = models.JSONField()
    rows = models.JSONField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kept_hold"


class NoticeRow(models.Model):
    """One recipient who is to be told of one erasure. No person is named."""

    id = models.CharField(max_length=100, primary_key=True)
    request = models.CharField(max_length=100, db_index=True)
    recipient = models.TextField()
    role = models.CharField(max_length=40)
    way = models.CharField(max_length=20)
    systems = models.JSONField()
    queued_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kept_notice"
