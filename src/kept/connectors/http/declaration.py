"""What the declaration of a service says: what can be asked of it, and how.

Pure: a text in, a value out. Nothing in it is a program: a template takes values in, and
nothing else happens.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from kept.errors import RefusedError
from kept.settings.place import Place
from kept.vocabulary.identifier_kind import IdentifierKind

_NAMED = re.compile(r"\{([a-z_]+)(?:\|(md5|lower))?\}")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PAGING = ("none", "link", "next", "cursor", "last", "page", "offset")


class DeclarationError(RefusedError):
    """The declaration of a service is not what it should be."""

    code: ClassVar[str] = "services.declaration"
    remedy: str = "Correct the service's TOML file; docs/how-to/services.md lists every key."


class DeclarationPlace(Place):
    """One table of a declaration."""

    error: ClassVar[type[RefusedError]] = DeclarationError
    unknown: ClassVar[type[RefusedError]] = DeclarationError
    reference: ClassVar[str] = "docs/how-to/services.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How further pages are asked for.

    Attributes:
        kind: `none`; `link`, a Link header; `next`, an address in the answer; `cursor`, a
            value in the answer; `last`, the key of the last item; `page`, a number; `offset`.
        parameter: Query parameter that carries it.
        at: Pointer to the address or the value in the answer.
        more: Pointer to whether there is more, where the answer says so.
    """

    kind: str = "none"
    parameter: str = ""
    at: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: what is sent, and where the rows are in what comes back.

    Attributes:
        method: HTTP method.
        path: Path with ``{names}`` in braces; ``{value|md5}`` is hashed as some services do.
        query: Query parameters, with names in braces.
        body: JSON that is sent, with names in braces inside its texts.
        items: Pointer to the list of rows, or to the one row; empty for the whole answer.
        paging: How further pages are asked for.
        repeatable: Whether sending it twice does no more than sending it once.
    """

    method: str = "GET"
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    items: str = ""
    paging: Paging = field(default_factory=Paging)
    repeatable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A call that finds rows by an identifier, or by what a field of them refers to."""

    call: Call
    by: IdentifierKind | None = None
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDataset:
    """One collection of a service.

    Attributes:
        name: Its name.
        key: Field that names a row.
        fields: Fields, and the pointer to each in an item.
        find: Calls that find rows.
        listing: A call that yields some rows, to classify by; ``None`` where there is none.
        get: A call that shows one row by its ``{key}``.
        gone: Pointer, and the text there that says that the row is gone although it answers.
        erase: Calls that erase one row by its ``{key}``, in order; empty where none can.
        reason: Why the service does not erase, where it does not.
        source: The provision or the page that says so.
        by_hand: Whether a person has to do something about it, instead of it being kept.
    """

    name: str
    key: str
    fields: Mapping[str, str]
    find: tuple[Find, ...] = ()
    listing: Call | None = None
    get: Call | None = None
    gone: tuple[str, str] | None = None
    erase: tuple[Call, ...] = ()
    reason: str = ""
    source: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Everything that is declared of one service.

    Attributes:
        name: What it is called.
        base: Address that every path is added to, with ``{variables}``.
        variables: Names that the store's address must give.
        headers: Sent with every call.
        authentication: ``"bearer"``, ``"basic"``, ``"header"`` or ``"none"``.
        header: Name of the header, for ``"header"``.
        user: User name of ``"basic"``, with variables.
        idempotency: Header that carries the key of an operation, or empty.
        seconds: How long one call may take.
        bytes: How large an answer may be.
        pages: How many pages are read of one search.
        retries: How often a call is tried again.
        datasets: Its collections.
    """

    name: str
    base: str
    variables: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    authentication: str = "bearer"
    header: str = ""
    user: str = ""
    idempotency: str = ""
    seconds: float = 20.0
    bytes: int = 10_000_000
    pages: int = 200
    retries: int = 4
    datasets: Mapping[str, ServiceDataset] = field(default_factory=dict)


def parse_declaration(text: str, file: str) -> Declaration:
    """Return what the text of a declaration says.

    Raises:
        DeclarationError: It is not what it should be; the message says where.
    """
    top = DeclarationPlace.top(text, file)
    top.only({"service", "authentication", "limits", "datasets"})
    service = top.below("service")
    service.only({"name", "base", "variables", "headers", "idempotency"})
    who = top.below("authentication")
    who.only({"kind", "header", "user"})
    limits = top.below("limits")
    limits.only({"seconds", "bytes", "pages", "retries"})
    variables = service.texts("variables")
    kind = who.one_of("kind", ("bearer", "basic", "header", "none"), "bearer")
    if kind == "header" and not who.text("header", ""):
        raise who.wrong("header", "is missing")
    return Declaration(
        name=service.text("name"),
        base=service.text("base").rstrip("/"),
        variables=variables,
        headers=service.pairs("headers"),
        authentication=kind,
        header=who.text("header", ""),
        user=who.text("user", ""),
        idempotency=service.text("idempotency", ""),
        seconds=_number(limits, "seconds", 20, 1, 300),
        bytes=_number(limits, "bytes", 10_000_000, 1_000, 1_000_000_000),
        pages=_number(limits, "pages", 200, 1, 100_000),
        retries=_number(limits, "retries", 4, 0, 10),
        datasets={name: _dataset(name, below, variables) for name, below in top.each("datasets")},
    )


def _dataset(name: str, place: DeclarationPlace, variables: tuple[str, ...]) -> ServiceDataset:
    place.only({"key", "fields", "find", "list", "get", "erase", "keeps", "by_hand"})
    fields = {each: f"/{each}" for each in place.texts("fields")} if isinstance(
        place.table.get("fields"), list
    ) else place.pairs("fields")  # fmt: skip
    key = place.text("key")
    if key not in fields:
        raise place.wrong("key", "is none of its fields")
    finds = tuple(_find(each, fields, variables) for each in place.list("find"))
    erase = tuple(_call(each, (*variables, "key")) for each in place.list("erase"))
    get = _optional(place, "get", (*variables, "key"), {"gone"})
    if erase and get is None:
        raise place.wrong("get", "is missing: without it nobody sees whether a row is gone")
    why = place.below("keeps") if "keeps" in place.table else place.below("by_hand")
    why.only({"reason", "source"})
    if not erase and not why.table:
        raise place.wrong("erase", "is missing; say keeps or by_hand where the service cannot")
    gone = place.below("get").texts("gone") if get is not None else ()
    if gone and len(gone) != 2:  # noqa: PLR2004 - a pointer and a text
        raise place.wrong("get.gone", "must be a pointer and the text that is there")
    return ServiceDataset(
        name=name,
        key=key,
        fields=fields,
        find=finds,
        listing=_optional(place, "list", variables, set()),
        get=get,
        gone=(gone[0], gone[1]) if gone else None,
        erase=erase,
        reason=why.text("reason") if why.table else "",
        source=why.text("source", ""),
        by_hand="by_hand" in place.table,
    )


def _find(place: DeclarationPlace, fields: Mapping[str, str], variables: tuple[str, ...]) -> Find:
    kind = place.text("by", "")
    column = place.text("field", "")
    if bool(kind) == bool(column):
        raise place.wrong("by", "or field must be there, and not both")
    if column and column not in fields:
        raise place.wrong("field", "is none of its fields")
    if kind and kind not in {each.value for each in IdentifierKind}:
        raise place.wrong("by", "is no kind of identifier")
    call = _call(place, (*variables, "value"), {"by", "field"})
    return Find(call=call, by=IdentifierKind(kind) if kind else None, field=column)


def _optional(
    place: DeclarationPlace, key: str, known: tuple[str, ...], more: set[str]
) -> Call | None:
    return _call(place.below(key), known, more) if key in place.table else None


def _call(place: DeclarationPlace, known: tuple[str, ...], more: set[str] = frozenset()) -> Call:  # type: ignore[assignment]  # an empty set
    place.only({"method", "path", "query", "body", "items", "paging", "repeatable", *more})
    path = place.text("path")
    query = place.pairs("query")
    body = place.below("body").table if "body" in place.table else None
    for text in (path, *query.values(), *_texts(body)):
        for name, _ in _NAMED.findall(text):
            if name not in known:
                raise place.wrong("path", f"names {name!r}, which nothing gives")
    if not path.startswith("/"):
        raise place.wrong("path", "must begin with a stroke")
    paging = place.below("paging")
    paging.only({"kind", "parameter", "at", "more"})
    return Call(
        method=place.one_of("method", _METHODS, "GET"),
        path=path,
        query=query,
        body=body,
        items=place.text("items", ""),
        paging=Paging(
            kind=paging.one_of("kind", _PAGING, "none"),
            parameter=paging.text("parameter", ""),
            at=paging.text("at", ""),
            more=paging.text("more", ""),
        ),
        repeatable=place.flag("repeatable", default=True),
    )


def _texts(body: object) -> list[str]:
    if isinstance(body, str):
        return [body]
    if isinstance(body, Mapping):
        return [text for each in body.values() for text in _texts(each)]
    if isinstance(body, list):
        return [text for each in body for text in _texts(each)]
    return []


def _number(place: DeclarationPlace, key: str, default: int, least: int, most: int) -> int:
    value = place.table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise place.wrong(key, f"must be a whole number from {least} to {most}")
    return value
