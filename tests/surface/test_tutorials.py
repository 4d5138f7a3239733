import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(file [\w.]+|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXPECTED = re.compile(r"\s+# exits with (\d+)$")


@pytest.mark.parametrize("tutorial", sorted((ROOT / "docs" / "tutorials").glob("*.md")))
def test_every_command_of_a_tutorial_does_what_the_tutorial_says(
    tutorial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Path(sys.executable).parent
    monkeypatch.setenv("PATH", str(ours), prepend=os.pathsep)
    ran = 0
    for kind, body in BLOCK.findall(tutorial.read_text(encoding="utf-8")):
        if kind != "console":
            (tmp_path / kind.removeprefix("file ")).write_text(body, encoding="utf-8")
            continue
        for line in body.splitlines():
            assert line.startswith("$ "), f"a console block holds commands alone: {line}"
            command = line.removeprefix("$ ")
            expected = EXPECTED.search(command)
            done = subprocess.run(
                EXPECTED.sub("", command),
                shell=True,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            wanted = int(expected[1]) if expected else 0
            assert done.returncode == wanted, f"{command}\n{done.stdout}\n{done.stderr}"
            assert "Traceback" not in done.stderr
            ran += 1
    assert ran > 0
