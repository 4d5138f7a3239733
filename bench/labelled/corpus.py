"""Every labelled column of one half, in tables as stores have them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from faker import Faker

from labelled import other_columns, people_columns, unseen_others, unseen_people
from labelled.column import Column, Kind

if TYPE_CHECKING:
    from kept.inventory.connector import Value

LOCALES = {
    "tuned": ("en_GB", "fr_FR", "ar_SA", "de_DE", "es_ES", "tr_TR"),
    "held out": ("en_US", "fr_CA", "ar_PS", "de_AT", "pt_BR", "hi_IN"),
}
_KINDS = {
    "tuned": (people_columns.TUNED, other_columns.TUNED),
    "held out": (unseen_people.HELD_OUT, unseen_others.HELD_OUT),
}
_PEOPLE = {
    "en": ("customers", "employees", "users", "patients"),
    "fr": ("clients", "salaries", "utilisateurs"),
    "de": ("kunden", "mitarbeiter", "benutzer"),
    "es": ("clientes", "empleados", "usuarios"),
    "ar": ("العملاء", "الموظفين", "customers"),
    "tr": ("customers", "calisanlar", "musteriler"),
    "pt": ("clientes", "usuarios", "funcionarios"),
    "hi": ("customers", "members", "employees"),
}
_OPAQUE = ("c{}", "fld_{:02}", "attr{}", "col_{}", "x{}", "feld{}", "champ_{}", "v{:03}")
OTHERS_EACH = 9
SIZES = (15, 40, 100, 200)


def columns(half: str, seed: int) -> list[Column]:
    """Return the columns of one half; the same seed gives the same columns."""
    rng = random.Random(seed)
    people, others = _KINDS[half]
    fakes = {locale: _fake(locale, rng.randrange(10**9)) for locale in LOCALES[half]}
    made: list[Column] = []
    for kind in people:
        for locale, fake in fakes.items():
            if not kind.languages or locale[:2] in kind.languages:
                made.append(_column(kind, locale[:2], fake, rng, len(made)))
    for kind in others:
        for _ in range(OTHERS_EACH):
            locale = rng.choice(LOCALES[half])
            made.append(_column(kind, locale[:2], fakes[locale], rng, len(made)))
    return made


def _fake(locale: str, seed: int) -> Faker:
    fake = Faker(locale)
    fake.seed_instance(seed)
    return fake


def _column(kind: Kind, language: str, fake: Faker, rng: random.Random, number: int) -> Column:
    size = min(kind.most, rng.choice(SIZES))
    values: dict[Value, None] = {}
    for _ in range(size * 3):
        values[kind.make(fake, rng)] = None
        if len(values) >= size:
            break
    names = kind.names.get(language) or kind.names.get("en") or next(iter(kind.names.values()))
    tables = kind.tables or _PEOPLE.get(language, _PEOPLE["en"])
    return Column(
        kind=kind,
        language=language,
        table=rng.choice(list(tables)),
        name=_cased(rng.choice(list(names)), rng),
        opaque=rng.choice(_OPAQUE).format(number),
        values=tuple(values),
    )


def _cased(name: str, rng: random.Random) -> str:
    words = name.replace("_", " ").split()
    if not name.isascii():
        return "_".join(words)
    match rng.randrange(4):
        case 0:
            return "".join(word[:1].upper() + word[1:] for word in words)
        case 1:
            return "_".join(words).upper()
        case 2 if len(words) > 1:
            return words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:])
        case _:
            return "_".join(words)


def tables(
    made: Sequence[Column], *, opaque: bool, width: int = 6
) -> Iterator[tuple[str, list[Column]]]:
    """Yield tables of a few columns: those that have the same table's name, or anonymous ones."""
    if opaque:
        shuffled = random.Random(len(made)).sample(list(made), len(made))
        for start in range(0, len(shuffled), width):
            group = [replace(each, name=each.opaque) for each in shuffled[start : start + width]]
            yield f"t{start // width}", group
        return
    by_table: dict[str, list[Column]] = {}
    for each in made:
        by_table.setdefault(each.table, []).append(each)
    for table, members in by_table.items():
        pending = random.Random(len(members)).sample(members, len(members))
        while pending:
            group: dict[str, Column] = {}
            rest = []
            for each in pending:
                taken = each.name in group or len(group) >= width
                if taken:
                    rest.append(each)
                else:
                    group[each.name] = each
            yield table, list(group.values())
            pending = rest
