"""Every benchmark, one after the other: ``make bench``."""

import runpy
from pathlib import Path

from measure import machine

HERE = Path(__file__).parent
FIRST = ("startup", "reading")
PARTS = {"run", "measure", "bench_database"}


def main() -> None:
    print(machine())
    names = [path.stem for path in HERE.glob("*.py") if path.stem not in PARTS]
    for name in sorted(names, key=lambda each: (each not in FIRST, each)):
        print(f"\n── {name}")
        runpy.run_path(str(HERE / f"{name}.py"), run_name="__main__")


if __name__ == "__main__":
    main()
