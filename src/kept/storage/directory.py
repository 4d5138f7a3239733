"""How a folder is told to keep what was made, renamed or deleted in it."""

import os
from pathlib import Path


def sync(directory: Path) -> None:
    """Return when the disk holds the entries of `directory` as they are; safe to repeat."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
