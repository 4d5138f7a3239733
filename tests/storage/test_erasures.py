"""An erased person is recognised, and cannot be read out of what is kept."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from kept.storage.database import Database
from kept.storage.erasures import DjangoErasures, Scope
from kept.storage.errors import SuppressionKeyLostError
from kept.subjects.identifier import Identifier
from kept.subjects.suppression import Suppression
from kept.vocabulary.identifier_kind import IdentifierKind

AT = datetime(2026, 5, 1, tzinfo=UTC)
KEY = Suppression(bytes(range(32)))
MAIL = KEY.identifier(Identifier(IdentifierKind.EMAIL, "ana@example.com"))
OTHER = KEY.identifier(Identifier(IdentifierKind.EMAIL, "ben@example.com"))
ROW = KEY.row("app", "customers", [7])


@pytest.fixture
def erasures(database: Database) -> DjangoErasures:
    return DjangoErasures(database, KEY)


def test_an_erased_person_and_their_rows_are_recognised(erasures: DjangoErasures) -> None:
    assert erasures.count() == 0
    erasures.record("rq-1", AT, identifiers=[MAIL], rows=[ROW])
    found = erasures.known([OTHER, MAIL, ROW])
    assert set(found) == {MAIL, ROW}
    assert (found[MAIL].request, found[MAIL].erased_at) == ("rq-1", AT)
    assert (found[MAIL].scope, found[ROW].scope) == (Scope.IDENTIFIER, Scope.ROW)
    assert (erasures.count(), erasures.count(Scope.ROW)) == (2, 1)


def test_repeating_an_erasure_changes_nothing(erasures: DjangoErasures) -> None:
    erasures.record("rq-1", AT, identifiers=[MAIL, MAIL])
    erasures.record("rq-1", AT, identifiers=[MAIL])
    assert erasures.count() == 1


def test_who_comes_back_and_leaves_again_belongs_to_the_later_erasure(
    erasures: DjangoErasures,
) -> None:
    later = AT + timedelta(days=30)
    erasures.record("rq-1", AT, identifiers=[MAIL])
    erasures.record("rq-2", later, identifiers=[MAIL])
    erasures.record("rq-1", AT, identifiers=[MAIL])
    assert erasures.known([MAIL])[MAIL].request == "rq-2"


def test_thousands_are_looked_up_at_once(erasures: DjangoErasures) -> None:
    many = [KEY.row("app", "customers", [number]) for number in range(3_000)]
    erasures.record("rq-1", AT, rows=many[::2])
    assert set(erasures.known(iter(many))) == set(many[::2])
    assert erasures.known([]) == {}


def test_no_identifier_is_in_the_file(erasures: DjangoErasures, database: Database) -> None:
    erasures.record("rq-1", AT, identifiers=[MAIL])
    database.close()
    raw = b"".join(each.read_bytes() for each in database.path.parent.glob("kept.sqlite*"))
    assert MAIL in raw
    assert b"ana@" not in raw
    with closing(sqlite3.connect(database.path)) as connection:
        [[kept]] = connection.execute("SELECT digest FROM kept_erasure").fetchall()
    assert kept == MAIL


def test_a_lost_key_is_an_error_and_not_a_clean_answer(
    erasures: DjangoErasures, database: Database
) -> None:
    erasures.record("rq-1", AT, identifiers=[MAIL])
    later = DjangoErasures(database, Suppression(bytes(32)))
    for act in (
        lambda: later.known([MAIL]),
        lambda: later.record("rq-2", AT, identifiers=[OTHER]),
    ):
        with pytest.raises(SuppressionKeyLostError):
            act()
    assert erasures.known([MAIL])
