"""Which rows law may make a company keep for years, whatever it promises."""

from kept.inventory.catalog import Table
from kept.inventory.proposing.words import has_any, singular_words, vocabulary
from kept.jurisdictions.minimum import legal_minimums

_TIMES = ("DATE", "TIME")


def law_note(table: Table, establishment: str) -> str:
    """Return what to look at before such rows are deleted, or empty where nothing says so.

    Args:
        table: Its structure: its name tells whether it holds vouchers, a date of it from
            when the period would run.
        establishment: ISO 3166-1 code of the controller, perhaps with a subdivision;
            empty where nobody said.

    Examples:
        >>> from kept.inventory.catalog import Column
        >>> day = Column(name="issued_on", type="DATE")
        >>> law_note(Table(name="orders", columns=(day,)), "GB")
        ''
        >>> print(law_note(Table(name="invoices", columns=(day,)), "GB"))
        law may make you keep these: set minimum = { law = "gb-vat-records", \
counted_from = "issued_on" } and on_erasure = "keep"
    """
    words = singular_words(table.name.rpartition(".")[2])
    if not has_any(words, vocabulary().things["accounts"]):
        return ""
    country = establishment.strip().upper().partition("-")[0]
    national = [each for each in legal_minimums().values() if each.country == country]
    # What a law says of this very kind of record comes before what it says of accounts.
    exact = [each for each in national if not set(words).isdisjoint(singular_words(each.records))]
    keys = [each.id for each in (*exact, *(one for one in national if one not in exact))]
    counted = next((each.name for each in table.columns if _is_time(each.type)), "…")
    first = keys.pop(0) if exact or len(national) == 1 else "…"
    note = (
        f'law may make you keep these: set minimum = {{ law = "{first}", counted_from ='
        f' "{counted}" }} and on_erasure = "keep"'
    )
    if keys:
        return f"{note}; {'law can also be' if exact else 'known are'} {', '.join(keys)}"
    if not country:
        return f"{note}; kept.toml does not say where the controller is established"
    return note if national else f"{note}; no minimum of {country} is known: write it out"


def _is_time(type_: str) -> bool:
    return any(word in type_.upper() for word in _TIMES)
