"""A service that is spoken to over HTTP, as a store: described, sampled, read and erased from."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from kept.connectors.errors import StoreAddressError, StoreChangedError, StoreCorruptError
from kept.connectors.http.answer import as_value, at, filled, in_body, in_path, in_query
from kept.connectors.http.declaration import (
    Call,
    Declaration,
    ServiceDataset,
    parse_declaration,
)
from kept.connectors.http.line import Asking, Line
from kept.connectors.row_sample import RowSample
from kept.connectors.staged.held import Change, Held, Refusal, Wanted, handed_over
from kept.connectors.staged.requests import StagedRequests
from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.connector import Capabilities, Sample, SamplesBy, Value
from kept.plans.plan import Retained
from kept.subjects.identifier import normalise
from kept.vocabulary.identifier_kind import IdentifierKind

SCHEME = "service"
_OWN = frozenset({"secret", "private", "base"})
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?', re.IGNORECASE)
_LOOKS = 5
_LOOK_AGAIN = 1.0


class HttpService(StagedRequests):
    """One account at one service.

    Attributes:
        name: Name of the store in ``kept.toml``.
        engine: ``"service"``.
    """

    def __init__(
        self,
        name: str,
        url: str,
        write_url: str = "",
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self.engine = SCHEME
        self._declared, given = _address(name, url)
        self._given = {key: value for key, value in given.items() if key not in _OWN}
        self._shown = _shown(url, self._given)
        self._sleep = sleep
        self._line = self._made(given)
        self._writing = self._made(_address(name, write_url)[1]) if write_url else self._line

    def __repr__(self) -> str:
        return f"HttpService({self.name!r}, {self._declared.name!r})"

    @property
    def shown(self) -> str:
        """The address without its secret."""
        return self._shown

    @property
    def capabilities(self) -> Capabilities:
        """What can be honoured of a service: it is asked for single people."""
        return Capabilities(
            engine=self.engine,
            samples_by=SamplesBy.PREFIX,
            exact_counts=False,
            answers_requests=True,
        )

    def catalog(self) -> Catalog:
        """Return the collections that the declaration names. Nothing is asked."""
        return Catalog(
            store=self.name,
            engine=self.engine,
            tables=tuple(
                Table(
                    name=each.name,
                    columns=tuple(
                        Column(name=name, type="", key=name == each.key) for name in each.fields
                    ),
                    key=(each.key,),
                    uniques=((each.key,),),
                )
                for each in sorted(self._declared.datasets.values(), key=lambda one: one.name)
            ),
        )

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        """Return values of the first page, where the service lists what it holds."""
        declared = self._dataset(dataset, fields)
        made = RowSample(dataset, fields)
        if declared.listing is None:
            return Sample.of_nothing(dataset)
        rows = next(iter(self._pages(declared, declared.listing, self._given)), [])
        made.add([tuple(row.values[name] for name in fields) for row in rows])
        return made.sample(rows=len(rows), exact=False, limit=limit, seed=seed)

    # ── requests ─────────────────────────────────────────────────────────────

    def held(self, dataset: str, wanted: Wanted) -> Iterator[Held]:
        """Yield what the service finds by each identifier and by each reference."""
        declared = self._dataset(dataset, ())
        for find in declared.find:
            if find.by is not None:
                values = _spellings(find.by, wanted.texts.get(find.by, frozenset()))
            else:
                keys = wanted.keys.get((find.field,), frozenset())
                values = sorted(str(key[0]) for key in keys if key[0])
            for value in values:
                for rows in self._pages(declared, find.call, {**self._given, "value": value}):
                    yield from rows
        for key in sorted(wanted.keys.get((declared.key,), frozenset()), key=repr):
            if declared.get is not None and key[0]:
                yield from self._one(declared, key[0])

    def held_again(self, dataset: str, keys: Sequence[Mapping[str, Value]]) -> Iterator[Held]:
        """Yield what the service still shows under the keys that were written."""
        declared = self._dataset(dataset, ())
        for each in keys:
            yield from self._one(declared, each.get(declared.key))

    def named(self, dataset: str, row: Held) -> Mapping[str, Value]:
        """Return the row's key."""
        key = self._dataset(dataset, ()).key
        return {key: row.values[key]}

    def blind(self, dataset: str, kinds: tuple[IdentifierKind, ...]) -> tuple[IdentifierKind, ...]:
        """Return by which kinds the service finds nothing in a collection."""
        found = {each.by for each in self._dataset(dataset, ()).find}
        return tuple(kind for kind in kinds if kind not in found)

    def refusal(self, dataset: str, *, blank: bool) -> Refusal | None:
        """Return why the service does not erase from a collection, or nothing where it does."""
        declared = self._dataset(dataset, ())
        if not declared.erase and not declared.by_hand:
            return Refusal(
                retained=Retained(count=0, reason=declared.reason, source=declared.source)
            )
        if not declared.erase:
            return handed_over(self.name, dataset, declared.reason)
        if blank:
            return handed_over(
                self.name, dataset, "can be deleted from by the service, not blanked"
            )
        return None

    def prepare(self, changes: Sequence[Change]) -> None:
        """Do nothing: only the service itself knows what it allows."""

    def write(self, changes: Sequence[Change], *, operation: str) -> None:
        """Erase row by row, under a key for each, and look until the service shows none of them.

        Raises:
            RefusedError: The service refused; what was erased before is gone.
            UnavailableError: It did not answer; likewise.
        """
        for change in changes:
            declared = self._dataset(change.dataset, ())
            for row in change.delete:
                key = str(row.values[declared.key])
                for number, call in enumerate(declared.erase):
                    name = f"{operation}/{change.dataset}/{key}/{number}"
                    self._writing.ask(
                        _asking(self._writing, call, {**self._given, "key": key}, operation=name)
                    )
            self._settle(declared, change.delete)

    # ── inside ───────────────────────────────────────────────────────────────

    def _settle(self, declared: ServiceDataset, rows: Sequence[Held]) -> None:
        """Wait a little for a service that erases after it has answered."""
        for _ in range(_LOOKS):
            if not any(any(self._one(declared, row.values[declared.key])) for row in rows):
                return
            self._sleep(_LOOK_AGAIN)

    def _one(self, declared: ServiceDataset, key: Value) -> Iterator[Held]:
        if declared.get is None or key is None:
            return
        asking = _asking(self._line, declared.get, {**self._given, "key": str(key)})
        answer = self._line.ask(asking)
        if not answer.there:
            return
        item = at(answer.document, declared.get.items)
        if declared.gone is not None:
            told = at(item, declared.gone[0])
            if json.dumps(told) == declared.gone[1] or told == declared.gone[1]:
                return
        if isinstance(item, Mapping):
            yield self._row(declared, item)

    def _pages(
        self, declared: ServiceDataset, call: Call, values: Mapping[str, str]
    ) -> Iterator[list[Held]]:
        target, seen, count = _asking(self._line, call, values).target, set[str](), 0
        while target and target not in seen:
            if len(seen) >= self._declared.pages:
                raise StoreCorruptError(
                    f"the store {self.name!r} has more than {self._declared.pages} pages of"
                    f" {declared.name} for one search",
                    remedy="Raise limits.pages in the service's declaration.",
                )
            seen.add(target)
            body = None if call.body is None else in_body(call.body, values)
            asking = Asking(call.method, target, body, repeatable=call.repeatable)
            answer = self._line.ask(asking)
            if not answer.there:
                return
            items = at(answer.document, call.items)
            listed = [items] if isinstance(items, Mapping) else items or []
            if not isinstance(listed, list) or not all(
                isinstance(each, Mapping) for each in listed
            ):
                raise StoreCorruptError(
                    f"the store {self.name!r} answered about {declared.name} in another form",
                    remedy="Check the items of the service's declaration.",
                )
            rows = [self._row(declared, each) for each in listed]
            count += len(rows)
            yield rows
            target = self._next(call, values, target, answer.document, answer.link, rows, count)

    def _next(
        self,
        call: Call,
        values: Mapping[str, str],
        target: str,
        document: object,
        link: str,
        rows: Sequence[Held],
        count: int,
    ) -> str:
        """Return the address of the next page, empty where there is none."""
        paging = call.paging
        if paging.more and not at(document, paging.more):
            return ""
        told: object = None
        match paging.kind:
            case "link":
                found = _NEXT.search(link)
                return self._line.further(target, found[1]) if found else ""
            case "next":
                told = at(document, paging.at)
                return self._line.further(target, str(told)) if told else ""
            case "cursor":
                told = at(document, paging.at)
            case "last":
                told = rows[-1].place[0] if rows else None
            case "offset":
                told = count if rows else None
            case "page":
                query = dict(parse_qsl(urlsplit(target).query))
                told = int(query.get(paging.parameter, "1")) + 1 if rows else None
        if told is None or told == "":
            return ""
        query = {name: in_query(each, values) for name, each in call.query.items()}
        query[paging.parameter] = str(told)
        return self._line.target(in_path(call.path, values), query)

    def _row(self, declared: ServiceDataset, item: Mapping[str, object]) -> Held:
        values = {name: as_value(at(item, pointer)) for name, pointer in declared.fields.items()}
        key = values[declared.key]
        if key is None or isinstance(key, bool) or key == "":
            raise StoreCorruptError(
                f"the store {self.name!r} shows a row of {declared.name} without its key",
                remedy="Check the key of the service's declaration.",
            )
        return Held((key,), values)

    def _dataset(self, name: str, fields: Sequence[str]) -> ServiceDataset:
        declared = self._declared.datasets.get(name)
        if declared is None or not declared.fields.keys() >= set(fields):
            raise StoreChangedError(
                f"the store {self.name!r} has no dataset {name!r} with the fields asked for"
            )
        return declared

    def _made(self, given: Mapping[str, str]) -> Line:
        declared = self._declared
        missing = [each for each in declared.variables if not given.get(each)]
        if declared.authentication != "none" and not given.get("secret"):
            missing.append("secret")
        if missing:
            raise StoreAddressError(
                f"the url of the store {self.name!r} lacks {', '.join(missing)}",
                remedy=f"Write it as {SCHEME}://NAME?"
                + "&".join(f"{each}=…" for each in (*declared.variables, "secret")),
            )
        base = given.get("base") or filled(
            declared.base, {each: _plain(given[each]) for each in declared.variables}
        )
        return Line(
            self.name,
            declared,
            base.rstrip("/"),
            secret=given.get("secret", ""),
            user=filled(declared.user, given),
            private=given.get("private") == "yes",
            sleep=self._sleep,
        )


def _asking(line: Line, call: Call, values: Mapping[str, str], *, operation: str = "") -> Asking:
    query = {name: in_query(each, values) for name, each in call.query.items()}
    return Asking(
        call.method,
        line.target(in_path(call.path, values), query),
        None if call.body is None else in_body(call.body, values),
        operation=hashlib.sha256(operation.encode()).hexdigest()[:40] if operation else "",
        repeatable=call.repeatable,
    )


def _spellings(kind: IdentifierKind, texts: frozenset[str]) -> list[str]:
    """Return in which spellings a service is asked: it may tell capital letters apart."""
    return sorted({*texts, *(normalise(kind, each) for each in texts)} - {""})


def _plain(value: str) -> str:
    """Return a variable that may stand in a host name, or nothing."""
    return value if re.fullmatch(r"[A-Za-z0-9_-]{1,63}", value) else ""


def _address(store: str, url: str) -> tuple[Declaration, dict[str, str]]:
    """Return the declaration that an address names, and what it gives."""
    where, _, query = url.removeprefix(f"{SCHEME}://").partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    if where.startswith("/"):
        path = Path(unquote(where))
        try:
            return parse_declaration(path.read_text(encoding="utf-8"), path.name), given
        except (OSError, UnicodeDecodeError):
            raise StoreAddressError(
                f"the declaration of the store {store!r} cannot be read",
                remedy="Correct the path of the TOML file in its url.",
            ) from None
    known = files("kept.connectors.http").joinpath("services")
    names = sorted(
        each.name.removesuffix(".toml") for each in known.iterdir() if each.name.endswith(".toml")
    )
    if where not in names:
        raise StoreAddressError(
            f"the store {store!r} is a service that nobody declared",
            remedy=f"Use one of {', '.join(names)}, or the path of a declaration of your own.",
        )
    return parse_declaration(
        known.joinpath(f"{where}.toml").read_text(encoding="utf-8"), where
    ), given


def _shown(url: str, given: Mapping[str, str]) -> str:
    """Return an address without its secret, and without anybody's address."""
    told = [f"{key}={value}" for key, value in sorted(given.items()) if "@" not in value]
    where = url.partition("?")[0]
    return f"{where}?{'&'.join(told)}" if told else where
