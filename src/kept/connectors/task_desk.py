"""How tasks reach people: as mail, or as a ticket in a help desk."""

import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import parse_qsl, urlsplit

from kept.connectors.errors import (
    StoreAddressError,
    StoreDeniedError,
    StoreUnreachableError,
)
from kept.connectors.http.declaration import Declaration
from kept.connectors.http.line import Asking, Line
from kept.rights.handing import Handing, HandsOver

_SECONDS = 20.0
_MAIL = ("smtp", "smtps")
_DESK = ("https", "http")


def task_desk(address: str) -> HandsOver:
    """Return what brings tasks to the place that an address names. Nothing is sent yet.

    Args:
        address: ``smtp://host:587?to=…&from=…[&user=…&secret=…]``, ``smtps://…``, or
            ``https://acme.zendesk.com/api/v2/tickets.json?user=…&secret=…``.

    Raises:
        StoreAddressError: It is none of these.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _no_address() from None
    given = dict(parse_qsl(parts.query))
    if parts.scheme in _MAIL and parts.hostname and given.get("to") and given.get("from"):
        return MailDesk(parts.scheme, parts.hostname, port, given)
    if parts.scheme in _DESK and parts.hostname:
        return HelpDesk(address.partition("?")[0], given)
    raise _no_address()


class MailDesk:
    """Sends each task as a mail of its own."""

    def __init__(self, scheme: str, host: str, port: int | None, given: dict[str, str]) -> None:
        self._secure = scheme == "smtps"
        self._host = host
        self._port = port or (465 if self._secure else 587)
        self._given = given

    def __repr__(self) -> str:
        return "MailDesk()"

    def hand_over(self, handing: Handing) -> None:
        """Send one mail. Sent again it has the same id, by which mail programs know it."""
        message = EmailMessage()
        message["Subject"] = handing.subject
        message["From"] = self._given["from"]
        message["To"] = self._given["to"]
        name = hashlib.sha256(handing.reference.encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{name}@kept>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(handing.text)
        try:
            with self._opened() as server:
                if self._given.get("secret"):
                    server.login(
                        self._given.get("user", self._given["from"]), self._given["secret"]
                    )
                server.send_message(message)
        except smtplib.SMTPAuthenticationError:
            raise StoreDeniedError(
                "the mail server does not let this account in",
                remedy="Check the user and the secret of [requests] tasks_to.",
            ) from None
        except (smtplib.SMTPException, OSError):
            # What the server says may repeat the message.
            raise StoreUnreachableError("the mail server did not take a task") from None

    def _opened(self) -> smtplib.SMTP:
        if self._secure:
            return smtplib.SMTP_SSL(
                self._host, self._port, timeout=_SECONDS, context=ssl.create_default_context()
            )
        server = smtplib.SMTP(self._host, self._port, timeout=_SECONDS)
        if self._given.get("tls") != "no":
            server.starttls(context=ssl.create_default_context())
        return server


class HelpDesk:
    """Opens each task as a ticket, in the form that Zendesk publishes."""

    def __init__(self, address: str, given: dict[str, str]) -> None:
        declared = Declaration(
            name="help desk",
            base=address,
            authentication="basic" if given.get("user") else "bearer",
            idempotency="Idempotency-Key",
        )
        self._line = Line(
            "help desk",
            declared,
            address,
            secret=given.get("secret", ""),
            user=given.get("user", ""),
            private=given.get("private") == "yes",
        )

    def __repr__(self) -> str:
        return "HelpDesk()"

    def hand_over(self, handing: Handing) -> None:
        """Open one ticket; asked again under the same key, the desk opens no second one."""
        ticket = {
            "subject": handing.subject,
            "comment": {"body": handing.text, "public": False},
            "external_id": handing.reference,
        }
        answer = self._line.ask(
            Asking(
                "POST",
                self._line.target("", {}),
                {"ticket": ticket},
                operation=hashlib.sha256(handing.reference.encode()).hexdigest()[:40],
            )
        )
        if not answer.there:
            raise StoreUnreachableError("the help desk is not where [requests] tasks_to says")


def _no_address() -> StoreAddressError:
    return StoreAddressError(
        "the address of [requests] tasks_to cannot be read",
        remedy="Write smtp://HOST?to=…&from=… or https://HOST/api/v2/tickets.json?user=…&secret=…,"
        ' in an environment variable, and tasks_to = "env:NAME".',
    )
