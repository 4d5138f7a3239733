"""Which extra of the package brings what a connector stands on."""

from kept.connectors.errors import StoreExtraMissingError

_EXTRAS: dict[str, str] = {
    "psycopg": "postgres",
    "pymysql": "mariadb",
    "duckdb": "duckdb",
    "duckdb_engine": "duckdb",
    "polars": "lake",
    "deltalake": "lake",
    "obstore": "lake",
    "redis": "redis",
}


def extra_missing(store: str, error: ModuleNotFoundError) -> Exception:
    """Return what a missing package means: an error that names its extra, or `error` itself."""
    extra = _EXTRAS.get((error.name or "").partition(".")[0])
    if extra is None:
        return error
    return StoreExtraMissingError(
        f"the store {store!r} needs a package that is not installed",
        remedy=f'Install it with: pip install "kept[{extra}]"',
    )
