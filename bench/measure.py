"""How long something takes: medians of many runs of a warm process, and the machine."""

import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def machine() -> str:
    """Return what the numbers were measured on."""
    model = platform.processor() or platform.machine()
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            model = next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        pass
    return f"{os.cpu_count()} × {model}, {platform.system()}, Python {platform.python_version()}"


def median_ms(run: Callable[[], object], *, times: int = 30, warm: int = 3) -> float:
    """Return the median milliseconds of `times` runs after `warm` that do not count."""
    for _ in range(warm):
        run()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def line(what: str, value: float, *, at_most: float | None = None, unit: str = "ms") -> None:
    """Print one measured number, and the bound that it is held against."""
    bound = "" if at_most is None else f"   (at most {at_most:g} {unit})"
    print(f"{what:<58} {value:>10.2f} {unit}{bound}", flush=True)
