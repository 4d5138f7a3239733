import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_names_versions_and_hashes_and_no_address_or_path(lock: str) -> None:
    lines = [line for line in (ROOT / lock).read_text().splitlines() if line.strip()]
    for line in lines:
        assert re.fullmatch(
            r"[a-zA-Z0-9._-]+==[^\s;]+( ; [^/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line
        ), line
    text = "\n".join(lines)
    assert "://" not in text
    assert "--index" not in text
    assert "file:" not in text


def test_the_base_install_stays_light() -> None:
    pinned = re.findall(
        r"^[a-zA-Z0-9._-]+==", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    assert 10 < len(pinned) <= 60


def test_every_dependency_has_a_lower_bound_and_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "requirements.lock").read_text()
    for requirement in project["dependencies"]:
        name = re.match(r"[a-z0-9-]+", requirement)
        assert name is not None
        assert ">=" in requirement, requirement
        assert re.search(rf"^{name[0]}==", locked, re.MULTILINE), requirement


def test_ci_calls_lint_and_test_and_nothing_hidden() -> None:
    lines = [
        line.strip()
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    assert lines == [
        "set -euo pipefail",
        'cd "$(dirname "$0")/.."',
        "make lint",
        "make test",
    ]


@pytest.mark.parametrize("code", ["import kept", "import kept.cli.main"])
def test_starting_loads_no_framework_and_no_engine(code: str) -> None:
    probe = (
        f"{code}\nimport sys\n"
        "print([m for m in ('django', 'sqlalchemy', 'dbos', 'phonenumbers') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
