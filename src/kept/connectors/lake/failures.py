"""What the libraries' errors mean: their own words carry values and addresses."""

from collections.abc import Iterator
from contextlib import contextmanager

from kept.connectors.errors import (
    StoreChangedError,
    StoreCorruptError,
    StoreDeniedError,
    StoreUnreachableError,
)
from kept.errors import KeptError


@contextmanager
def translated(store: str, dataset: str) -> Iterator[None]:
    """Turn what is raised inside into errors of ours."""
    from deltalake.exceptions import DeltaError
    from polars.exceptions import PanicException, PolarsError

    try:
        yield
    except KeptError:
        raise
    except FileNotFoundError:
        raise StoreChangedError(f"{store}.{dataset} has lost a file meanwhile") from None
    except PermissionError:
        raise StoreDeniedError(f"{store}.{dataset} may not be read by this account") from None
    except (PolarsError, PanicException, DeltaError, ValueError, OverflowError):
        raise StoreCorruptError(
            f"{store}.{dataset} has a file that is cut short or damaged",
            remedy="Write the file again, or take it away.",
        ) from None
    except OSError:
        raise StoreUnreachableError(f"{store}.{dataset} did not answer") from None
