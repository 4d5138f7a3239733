"""How long reading a policy takes after start-up, beside splitting it into words."""

import re
from pathlib import Path

from measure import line, median_ms

from kept.policy.reader import Source, read

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "policies"


def main() -> None:
    paths = sorted(SHARED.glob("*.txt")) or [ROOT / "src/kept/demo/policy.en.md"]
    for path in paths:
        source = Source(name=path.name, content=path.read_bytes())
        text = source.content.decode("utf-8", "replace")
        ours = median_ms(lambda source=source: read([source]))
        floor = median_ms(lambda text=text: re.findall(r"\w+", text))
        line(f"read {path.name}", ours, at_most=100)
        line("  ratio to splitting it into words", ours / floor, unit="×")


if __name__ == "__main__":
    main()
