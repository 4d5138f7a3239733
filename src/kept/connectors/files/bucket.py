"""How the files of an object store that speaks as S3 does are listed and opened."""

import io
import ipaddress
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from kept.connectors.errors import (
    StoreAddressError,
    StoreChangedError,
    StoreDeniedError,
    StoreMissingError,
    StoreUnreachableError,
)
from kept.connectors.files.place import MOST_FILES, Entry, Listing

_AT_ONCE = 1 << 20
_PATIENCE = "10s"
_SPELT = 'Write it as "s3://bucket/prefix?region=…&endpoint=https://…".'
_OPTIONS = frozenset({"endpoint", "region"})
_REFUSED = re.compile(r"status code: 40[13]\b")


class Bucket:
    """What stands under one prefix of one bucket.

    Credentials come from the address, which should then itself come from the environment
    (``url = "env:NAME"``), or from the variables that every tool for S3 reads.
    """

    def __init__(self, store: str, url: str) -> None:
        self._store = store
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        if not parts.hostname or set(query) - _OPTIONS:
            raise StoreAddressError(
                f"the address of the store {store!r} is no bucket with a prefix",
                remedy=_SPELT,
            )
        self._bucket = parts.netloc.rpartition("@")[2]
        self._prefix = unquote(parts.path).strip("/")
        self._endpoint = query.get("endpoint", "")
        self._options = _options(store, query)
        if parts.username and parts.password:
            self._options["aws_access_key_id"] = unquote(parts.username)
            self._options["aws_secret_access_key"] = unquote(parts.password)
        self._opened: Any = None

    def __repr__(self) -> str:
        return f"Bucket({self.shown!r})"

    @property
    def shown(self) -> str:
        """The address without credentials."""
        at = f"?endpoint={_without_user(self._endpoint)}" if self._endpoint else ""
        return f"s3://{self._bucket}/{self._prefix}{at}"

    @property
    def title(self) -> str:
        """The last part of the prefix, or the bucket."""
        return self._prefix.rpartition("/")[2] or self._bucket

    @property
    def options(self) -> Mapping[str, str] | None:
        """What libraries need to read it by address."""
        return self._options

    def address(self, path: str) -> str:
        """Return the address of an object or a prefix in it."""
        return "/".join(each for each in (f"s3://{self._bucket}", self._prefix, path) if each)

    def entries(self) -> Listing:
        """Return the objects under the prefix; hidden names are passed over."""
        import obstore

        entries: list[Entry] = []
        with self._translated(root=True):
            for page in obstore.list(self._objects(), prefix=self._prefix or None):
                entries.extend(filter(None, map(self._entry, page)))
                if len(entries) > MOST_FILES:
                    break
        beyond = ((".", f"more than {MOST_FILES} files; the rest is not looked at"),)
        return Listing(
            entries=tuple(sorted(entries[:MOST_FILES])),
            unread=beyond if len(entries) > MOST_FILES else (),
        )

    def _entry(self, told: Mapping[str, Any]) -> Entry | None:
        where = str(told["path"])
        if self._prefix:
            if not where.startswith(f"{self._prefix}/"):
                return None
            where = where.removeprefix(f"{self._prefix}/")
        parts = where.split("/")
        if any(each.startswith(".") or not each for each in parts) or not where.isprintable():
            return None
        changed = told.get("e_tag") or told["last_modified"].isoformat()
        return Entry(path=where, size=int(told["size"]), changed=str(changed))

    def open(self, path: str) -> BinaryIO:
        """Open an object: what is read of it is fetched, and no more."""
        import obstore

        with self._translated():
            whole = f"{self._prefix}/{path}" if self._prefix else path
            reader = obstore.open_reader(self._objects(), whole, buffer_size=_AT_ONCE)
        return cast("BinaryIO", io.BufferedReader(_Object(self, reader), _AT_ONCE))

    def _objects(self) -> Any:  # noqa: ANN401 - the library is imported late
        if self._opened is None:
            from obstore.store import S3Store

            with self._translated():
                self._opened = S3Store(
                    self._bucket,
                    config=cast("Any", dict(self._options)),
                    client_options={"timeout": "60s", "connect_timeout": _PATIENCE},
                    retry_config=cast("Any", _retries()),
                )
        return self._opened

    def _denied(self) -> StoreDeniedError:
        return StoreDeniedError(
            f"the store {self._store!r} does not let this account read",
            remedy="Give its key s3:ListBucket on the bucket and s3:GetObject on the prefix.",
        )

    @contextmanager
    def _translated(self, *, root: bool = False) -> Iterator[None]:
        from obstore import exceptions

        what = f"the store {self._store!r}"
        try:
            yield
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, PermissionError):
            raise self._denied() from None
        except (exceptions.NotFoundError, FileNotFoundError):
            if root:
                raise StoreMissingError(f"{what} has no bucket of the name in its url") from None
            raise StoreChangedError(f"{what} has lost an object meanwhile") from None
        except exceptions.UnknownConfigurationKeyError:
            raise StoreAddressError(
                f"the address of {what} cannot be read", remedy=_SPELT
            ) from None
        except (exceptions.BaseError, OSError, ValueError) as error:
            # Of a bucket, and of a list that is refused, the library has no error of its own:
            # the server's code is looked for.
            if root and "NoSuchBucket" in str(error):
                raise StoreMissingError(f"{what} has no bucket of the name in its url") from None
            if _REFUSED.search(str(error)):
                raise self._denied() from None
            raise StoreUnreachableError(
                f"{what} did not answer",
                remedy="Check its endpoint, its credentials and the network.",
            ) from None


class _Object(io.RawIOBase):
    """An object as a file."""

    def __init__(self, bucket: Bucket, reader: Any) -> None:  # noqa: ANN401 - the library's own
        super().__init__()
        self._bucket = bucket
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with self._bucket._translated():  # noqa: SLF001 - the bucket's own file
            return int(self._reader.seek(offset, whence))

    def tell(self) -> int:
        return int(self._reader.tell())

    def readinto(self, into: Any) -> int:  # noqa: ANN401 - any writable buffer
        with self._bucket._translated():  # noqa: SLF001 - the bucket's own file
            part = bytes(self._reader.read(len(into)))
        into[: len(part)] = part
        return len(part)


def _retries() -> dict[str, Any]:
    from datetime import timedelta

    return {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


def _options(store: str, query: Mapping[str, str]) -> dict[str, str]:
    options = {"aws_region": query.get("region", "us-east-1")}
    endpoint = query.get("endpoint", "")
    if endpoint:
        parts = urlsplit(endpoint)
        plain = parts.scheme == "http"
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise StoreAddressError(
                f"the endpoint of the store {store!r} is no web address", remedy=_SPELT
            )
        if plain and not _loopback(parts.hostname):
            raise StoreAddressError(
                f"the endpoint of the store {store!r} is not encrypted",
                remedy="Use https://; http:// is for this machine itself (127.0.0.1).",
            )
        options["aws_endpoint"] = endpoint.rstrip("/")
        options["aws_virtual_hosted_style_request"] = "false"
        if plain:
            options["aws_allow_http"] = "true"
    return options


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _without_user(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
