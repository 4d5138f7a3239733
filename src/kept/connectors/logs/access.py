"""How a line of a web server's access log or error log is read."""

import json
import re
from urllib.parse import unquote_plus

from kept.connectors.open_rows import Record
from kept.inventory.connector import Value

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_TIME = r"\[(\d{1,2}/[A-Za-z]{3}/\d{4}:[^\]\s]+(?: [+-]\d{4})?)\]"
_ACCESS = re.compile(
    rf"(?:(?P<vhost>[\w.-]+:\d{{1,5}}) |(?P<host>[A-Za-z_][\w.-]*\.[A-Za-z][\w-]*) (?=\S+ \S+ \S+ \[))?"
    rf"(?P<remote_addr>[^\s\"\[\]]+) (?P<ident>\S+) (?P<remote_user>\S+|[^\[\]\"]{{1,100}}) {_TIME} "
    rf"{_QUOTED} (?P<status>\d{{3}}|-) (?P<bytes>\d+|-)(?P<rest>.*)",
    re.DOTALL,
)
_TWO = re.compile(rf" {_QUOTED} {_QUOTED}(?P<rest>.*)", re.DOTALL)
_NGINX_ERROR = re.compile(
    r"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(\w+)\] (\d+)#(\d+): (?:\*(\d+) )?(.*)", re.DOTALL
)
_NGINX_PAIR = re.compile(
    r',? (client|server|request|upstream|host|referrer|login|subrequest): (?:"((?:[^"\\]|\\.)*)"|([^,]*))'
)
_APACHE_ERROR = re.compile(
    r"\[([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] \[(?:(\w+):)?(\w+)\]"
    r"(?: \[pid ([^\]]*)\])?(?: \[client ([^\]]*)\])? ?(.*)",
    re.DOTALL,
)
_REFERER = re.compile(r", referer: (\S+)$")
_PORT = re.compile(r"(?<=[\]\d]):\d{1,5}$")
_FORWARDED = re.compile(_QUOTED)
_ADDRESSES = re.compile(r"[0-9a-fA-F:.]{3,45}(?:, ?[0-9a-fA-F:.]{3,45})*")
_REQUEST_PARTS = 3


def access(line: str) -> Record | None:
    """Return what a line of an access log says: common, combined, or with a virtual host.

    Examples:
        >>> access('192.0.2.7 - ana [10/Oct/2026:13:55:36 +0000] "GET /a?q=x HTTP/1.1" 200 5')
        {'remote_addr': '192.0.2.7', 'remote_user': 'ana', 'time_local': '10/Oct/2026:13:55:36 +0000', \
'request': 'GET /a?q=x HTTP/1.1', 'query': '{"q": "x"}', 'status': 200, 'body_bytes_sent': 5}
    """
    read = _ACCESS.fullmatch(line)
    if read is None:
        return None
    request, time = read[7], read[6]
    said: dict[str, Value] = {
        "vhost": read["vhost"] or read["host"],
        "remote_addr": read["remote_addr"],
        "ident": _told(read["ident"]),
        "remote_user": _told(read["remote_user"]),
        "time_local": time,
        "request": request,
        "query": query_of(request),
        "status": _number(read["status"]),
        "body_bytes_sent": _number(read["bytes"]),
    }
    rest = read["rest"]
    two = _TWO.fullmatch(rest)
    if two is not None:
        said |= {"referer": _told(two[1]), "user_agent": _told(two[2])}
        rest = two["rest"]
    if rest.strip():
        forwarded = _FORWARDED.search(rest)
        if forwarded and _ADDRESSES.fullmatch(forwarded[1]):
            said["x_forwarded_for"] = forwarded[1]
            rest = rest.replace(forwarded[0], "", 1)
        said["message"] = rest.strip() or None
    return _without_nothing(said)


def nginx_error(line: str) -> Record | None:
    """Return what a line of nginx's error log says."""
    read = _NGINX_ERROR.fullmatch(line)
    if read is None:
        return None
    message = read[6]
    pairs = {found[1]: found[2] or found[3] for found in _NGINX_PAIR.finditer(message)}
    request = pairs.get("request", "")
    return _without_nothing(
        {
            "time_local": read[1],
            "level": read[2],
            "pid": _number(read[3]),
            "remote_addr": pairs.get("client"),
            "server": pairs.get("server"),
            "request": request,
            "query": query_of(request),
            "upstream": pairs.get("upstream"),
            "host": pairs.get("host"),
            "referer": pairs.get("referrer"),
            "login": pairs.get("login"),
            # Whole, with what was taken out of it: nothing of a line is lost.
            "message": message,
        }
    )


def apache_error(line: str) -> Record | None:
    """Return what a line of Apache's error log says."""
    read = _APACHE_ERROR.fullmatch(line)
    if read is None:
        return None
    referer = _REFERER.search(read[6])
    return _without_nothing(
        {
            "time_local": read[1],
            "module": read[2],
            "level": read[3],
            "pid": read[4],
            "remote_addr": _PORT.sub("", read[5]) if read[5] else None,
            "referer": referer[1] if referer else None,
            "message": read[6],
        }
    )


def query_of(request: str) -> str | None:
    """Return the query string of a request line as a JSON text, ``None`` where there is none.

    Examples:
        >>> query_of("GET /find?email=ana%40example.com&tag=a&tag=b HTTP/2.0")
        '{"email": "ana@example.com", "tag": ["a", "b"]}'
    """
    parts = request.split(" ")
    target = parts[1] if len(parts) >= _REQUEST_PARTS - 1 else request
    if "?" not in target:
        return None
    found: dict[str, str | list[str]] = {}
    for pair in target.partition("?")[2].partition("#")[0].split("&"):
        key, _, value = map(_unquoted, pair.partition("="))
        if not pair:
            continue
        before = found.get(key)
        if before is None:
            found[key] = value
        else:
            found[key] = [*(before if isinstance(before, list) else [before]), value]
    return json.dumps(found, ensure_ascii=False) if found else None


def _unquoted(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


def _told(text: str) -> str | None:
    return None if text == "-" else text


def _number(text: str) -> Value:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else _told(text)  # noqa: PLR2004 - what 64 bits hold


def _without_nothing(said: dict[str, Value]) -> Record:
    return {key: value for key, value in said.items() if value not in {None, ""}}
