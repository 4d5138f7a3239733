"""When an identifier was a person's: numbers and addresses are given to others."""

from collections.abc import Iterator, Mapping

from kept.inventory.dataset import Field, IdentityPeriod
from kept.inventory.proposing.people import kind_of
from kept.inventory.proposing.seen import Seen
from kept.inventory.proposing.words import Words, has_any, singular_words, vocabulary
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.identifier_kind import IdentifierKind

_ENDINGS = frozenset({"at", "on", "date", "time", "timestamp", "ts", "le", "am", "datum", "تاريخ"})
_BEGINNINGS = frozenset({"date", "dt", "datum", "fecha", "تاريخ"})
_FILLING = frozenset({"de", "d", "of", "the", "la", "l"})
_REASSIGNED = frozenset({IdentifierKind.EMAIL, IdentifierKind.PHONE, IdentifierKind.DEVICE_ID})
_FLAGS = frozenset({0, 1, "0", "1", "t", "f", "true", "false", "yes", "no", "y", "n"})


def periods_of(each: Seen) -> Iterator[IdentityPeriod]:
    """Yield when each identifier of a dataset was a person's, where fields beside it say so."""
    told = [held for held in each.held if _is_reassigned(held)]
    alone = _only(told)
    names = {
        _bound(column.name): column.name
        for column in each.table.columns
        if column.name not in {held.name for held in told} and not _is_flag(each, column.name)
    }
    for held in told:
        # What is called after the identifier speaks of it; what is not, only of a single one.
        found = _named(singular_words(held.name), names)
        if found is None and held is alone:
            found = _unnamed(each, names)
        if found is not None:
            since, until = found
            yield IdentityPeriod(field=held.name, since=since, until=until)


_Bounds = tuple[str | None, str | None]


def _is_reassigned(held: Field) -> bool:
    best = held.categories[0].category if held.categories else None
    return kind_of(held) in _REASSIGNED or best is DataCategory.USER_DEVICE_IP_ADDRESS


def _only(told: list[Field]) -> Field | None:
    """Return the one identifier that a row gives to somebody, if there is only one.

    A network card's or a telephone's own number says what a number was given to.
    """
    given = [each for each in told if kind_of(each) is not IdentifierKind.DEVICE_ID] or told
    return given[0] if len(given) == 1 else None


def _named(name: Words, names: Mapping[Words, str]) -> _Bounds | None:
    """Return the bounds that are called after an identifier."""
    periods = vocabulary().periods
    for one, other in (*periods.given, *periods.any):
        for since, until in (((*name, *one), (*name, *other)), ((*one, *name), (*other, *name))):
            if since in names and until in names:
                return names[since], names[until]
    for bound in (*periods.since, *periods.since_named):
        if (*name, *bound) in names:
            return names[*name, *bound], None
    for bound in periods.until_named:
        if (*name, *bound) in names:
            return None, names[*name, *bound]
    return None


def _unnamed(each: Seen, names: Mapping[Words, str]) -> _Bounds | None:
    """Return the bounds of a row that is nothing but somebody's identifier.

    A voucher is valid for a while too, and a ticket is assigned: neither is the address on it.
    """
    periods = vocabulary().periods
    own = _keeps_identifiers(each.words)
    for since, until in (*periods.given, *(periods.any if own else ())):
        if since in names and until in names:
            return names[since], names[until]
    for since in periods.since if own else ():
        if since in names:
            return names[since], None
    return None


def _keeps_identifiers(words: Words) -> bool:
    """Return whether rows of a table that is called so are identifiers, or who had which."""
    periods = vocabulary().periods
    if has_any(words, periods.holding) and has_any(words, periods.identifier):
        return True
    return any(
        words[-length:] in periods.identifier
        or words[:1] in (("numero",), ("ligne",), ("porting",))
        for length in (1, 2)
    )


def _bound(name: str) -> Words:
    words = [each for each in singular_words(name) if each not in _FILLING]
    if words[1:] and words[-1] in _ENDINGS:
        words.pop()
    if words[1:] and words[0] in _BEGINNINGS:
        words.pop(0)
    return tuple(words)


def _is_flag(each: Seen, name: str) -> bool:
    """Return whether a field says that something is so, and not when."""
    if "BOOL" in each.table.column(name).type.upper():
        return True
    values = {value.lower() if isinstance(value, str) else value for value in each.values(name)}
    values.discard(None)
    return bool(values) and values <= _FLAGS
