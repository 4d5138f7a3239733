"""How long ``kept --help`` takes, beside a Python that does nothing."""

import subprocess
import sys
from pathlib import Path

from measure import line, median_ms

KEPT = Path(sys.executable).with_name("kept")


def main() -> None:
    floor = median_ms(lambda: subprocess.run([sys.executable, "-c", ""], check=True))
    ours = median_ms(
        lambda: subprocess.run([KEPT, "--help"], check=True, stdout=subprocess.DEVNULL)
    )
    line("kept --help", ours, at_most=300)
    line("  floor: python -c ''", floor)
    line("  ratio", ours / floor, unit="×")


if __name__ == "__main__":
    main()
