"""How a line of a system's or an application's log is read."""

import json
import re

from kept.connectors.lake.json_lines import parsed
from kept.connectors.open_rows import Record
from kept.inventory.connector import Value

_PRI = r"(?:<(?P<pri>\d{1,3})>)?"
_SYSLOG_5424 = re.compile(
    r"<(\d{1,3})>\d{1,2} (\S+) (\S+) (\S+) (\S+) (\S+) (-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(.*)",
    re.DOTALL,
)
_SYSLOG_3164 = re.compile(
    _PRI + r"(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)) "
    r"(?P<host>[\w.:-]+) (?P<tag>[^\s:\[\]]{1,64})(?:\[(?P<pid>[^\]]{1,32})\])?: ?(?P<message>.*)",
    re.DOTALL,
)
_SD = re.compile(r'(\S+?)="((?:[^"\\]|\\.)*)"')
_APPLICATION = re.compile(
    r"\[?(?P<time>\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)\]?"
    r"[ \t|:-]+(?:\[(?P<thread>[^\]\n]{1,100})\][ \t]+)?"
    r"[\[(|]?(?P<level>TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|SEVERE|CRITICAL|FATAL|ALERT|EMERG(?:ENCY)?|LOG)[\])|]?"
    r"(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
_LOGGER = re.compile(
    r"[ \t|:-]*(?:\d+ --- )?(?:\[[^\]\n]{0,100}\][ \t]+)?(?P<logger>[A-Za-z_][\w.$-]{1,150}?)[ \t]*"
    r"(?: - |: | \| )(?P<message>.*)",
    re.DOTALL,
)
_PAIR = re.compile(
    r"([A-Za-z_@][\w.@/-]{0,63})=(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s\"']\S*|)(?=\s|$)"
)
_LEAST_PAIRS = 2
_MOSTLY = 0.6
_FACILITIES = 8


def json_line(line: str) -> Record | None:
    """Return what a line of JSON says: one field for each key."""
    return parsed(line) if line[:1] == "{" else None


def syslog(line: str) -> Record | None:
    """Return what a line of syslog says, by RFC 5424, RFC 3164, or as it is put in files.

    Examples:
        >>> syslog("Oct  1 22:14:15 web sshd[42]: Accepted password for ana from 192.0.2.7")
        {'timestamp': 'Oct  1 22:14:15', 'hostname': 'web', 'app_name': 'sshd', 'procid': '42', \
'message': 'Accepted password for ana from 192.0.2.7'}
    """
    read = _SYSLOG_5424.fullmatch(line)
    if read is not None:
        pairs = dict(_SD.findall(read[7]))
        said: dict[str, Value] = {
            "severity": int(read[1]) % _FACILITIES,
            "timestamp": read[2],
            "hostname": read[3],
            "app_name": read[4],
            "procid": read[5],
            "msgid": read[6],
            "structured_data": json.dumps(pairs, ensure_ascii=False) if pairs else read[7],
            "message": read[8].removeprefix("\ufeff"),
        }
        return {key: value for key, value in said.items() if value not in {"-", ""}}
    read = _SYSLOG_3164.fullmatch(line)
    if read is None:
        return None
    said = {
        "severity": int(read["pri"]) % _FACILITIES if read["pri"] else None,
        "timestamp": read["time"],
        "hostname": read["host"],
        "app_name": read["tag"],
        "procid": read["pid"],
        "message": read["message"],
    }
    return {key: value for key, value in said.items() if value not in {None, ""}}


def application(line: str) -> Record | None:
    """Return what a line says that begins with a time and a level.

    Examples:
        >>> application("2026-01-31 12:00:00,123 INFO shop.orders: paid by ana@example.com")
        {'timestamp': '2026-01-31 12:00:00,123', 'level': 'INFO', 'logger': 'shop.orders', \
'message': 'paid by ana@example.com'}
    """
    read = _APPLICATION.fullmatch(line)
    if read is None:
        return None
    rest = read["rest"]
    named = _LOGGER.fullmatch(rest)
    said: dict[str, Value] = {
        "timestamp": read["time"],
        "thread": read["thread"],
        "level": read["level"],
        "logger": named["logger"] if named else None,
        "message": (named["message"] if named else rest.strip(" \t|:-")) or rest,
    }
    pairs = pairs_of(str(said["message"]), least=_LEAST_PAIRS)
    return {key: value for key, value in {**(pairs or {}), **said}.items() if value}


def key_values(line: str) -> Record | None:
    """Return what a line says that is mostly pairs: ``level=info user=ana``.

    Examples:
        >>> key_values('level=info msg="paid it" email=ana@example.com')
        {'level': 'info', 'msg': 'paid it', 'email': 'ana@example.com'}
    """
    found = pairs_of(line, least=_LEAST_PAIRS)
    if found is None:
        return None
    covered = sum(len(each[0]) for each in _PAIR.finditer(line))
    if covered < len(line) * _MOSTLY:
        return None
    rest = " ".join(_PAIR.sub(" ", line).split())
    return {**found, **({"message": rest} if rest and "message" not in found else {})}


def pairs_of(text: str, *, least: int) -> dict[str, Value] | None:
    """Return the pairs that stand in a text, ``None`` where there are hardly any.

    A key that comes twice keeps both values.
    """
    found: dict[str, Value] = {}
    count = 0
    for key, value in _PAIR.findall(text):
        count += 1
        plain = value[1:-1] if value[:1] in {'"', "'"} and len(value) > 1 else value
        plain = plain.replace('\\"', '"')
        found[key] = f"{found[key]!s} {plain}" if key in found else plain
    return found if count >= least else None
