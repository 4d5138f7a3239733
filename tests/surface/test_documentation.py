import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kept
from kept import settings
from kept.errors import KeptError

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


def _errors() -> set[type[KeptError]]:
    for module in pkgutil.walk_packages(kept.__path__, "kept."):
        if "migrations" not in module.name and not module.name.endswith("django_settings"):
            importlib.import_module(module.name)
    found: set[type[KeptError]] = set()
    open_ = [KeptError]
    while open_:
        for each in open_.pop().__subclasses__():
            if each.__module__.startswith("kept.") and each not in found:
                found.add(each)
                open_.append(each)
    return found


def test_every_setting_is_documented() -> None:
    written = set(
        re.findall(r"^\| `([a-z_.]+)` \|", (REFERENCE / "settings.md").read_text(), re.MULTILINE)
    )
    known = {
        f"{section}.{key}" if section else key
        for section, keys in settings.KEYS.items()
        for key in keys
    }
    assert written == known


def test_errors_and_commands_are_documented_as_the_code_has_them() -> None:
    written = subprocess.run(
        [sys.executable, ROOT / "tools" / "write_reference.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert written.returncode == 0, written.stdout + written.stderr


def test_every_code_belongs_to_one_error() -> None:
    codes: dict[str, str] = {}
    for error in _errors():
        if "code" in vars(error):
            assert codes.setdefault(error.code, error.__qualname__) == error.__qualname__
            assert re.fullmatch(r"[a-z]+(-[a-z]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+", error.code), error


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")))
def test_a_link_within_the_documentation_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
    for named in re.findall(r"`(docs/[a-z/-]+\.md)`", path.read_text(encoding="utf-8")):
        assert (ROOT / named).exists(), named
