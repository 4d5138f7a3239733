"""Which countries are in the European Economic Area: data may move there freely."""

EUROPEAN_ECONOMIC_AREA: frozenset[str] = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
"""ISO 3166-1 codes.

Source: Agreement on the European Economic Area, Annex XI, point 5e (Regulation 2016/679).
"""


_WHOLE = frozenset({"EU", "EEA"})
"""What people write who mean anywhere inside it."""


def is_in_economic_area(country: str) -> bool:
    """Return whether a country, by its ISO 3166-1 code or a subdivision's, is in the area.

    Examples:
        >>> is_in_economic_area("DE-BE")
        True
        >>> is_in_economic_area("CH")
        False
    """
    code = country.strip().upper().partition("-")[0]
    return code in EUROPEAN_ECONOMIC_AREA or code in _WHOLE
