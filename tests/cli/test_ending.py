import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CANARY = "canary-7f3a@example.com"
START = "from kept.cli.main import main; main()"
BROKEN = (
    "import kept.cli.main as m\n"
    f"m.app.command('boom')(lambda: (_ for _ in ()).throw(ValueError('{CANARY}')))\n"
    "m.main()"
)


def ran(
    code: str, *args: str, output: int = subprocess.PIPE, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, **more},  # noqa: TID251 - the process is given its own
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_output_that_a_full_disk_does_not_take_ends_with_one_line_and_75() -> None:
    with Path("/dev/full").open("w") as full:
        done = ran(START, "--help", output=full.fileno())
    assert done.returncode == 75
    assert done.stderr.count("\n") == 1
    assert "output.not-taken" in done.stderr


def test_a_reader_that_stops_is_told_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = ran(START, "--version", output=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (75, "")


def test_closed_output_ends_before_anything_is_begun() -> None:
    closing = f"import os, sys; os.close(1); sys.stdout = None; {START}"
    done = ran(closing, "--version")
    assert (done.returncode, done.stderr.count("\n")) == (75, 1)


def test_what_nobody_thought_of_says_its_class_and_no_value() -> None:
    done = ran(BROKEN, "boom", KEPT_DEBUG="")
    assert done.returncode == 70
    assert done.stderr.startswith("error: internal fault: ValueError (kept.fault)")
    assert done.stderr.count("\n") == 1
    assert CANARY not in done.stderr


def test_a_program_is_told_of_a_fault_as_an_object() -> None:
    done = ran(
        f"import sys; sys.argv[1:] = ['boom', '--json']\n{BROKEN}".replace(
            "lambda:", "lambda json=False:"
        )
    )
    assert done.returncode == 70
    assert json.loads(done.stderr)["code"] == "kept.fault"


def test_whoever_looks_for_the_defect_sees_where_it_is() -> None:
    done = ran(BROKEN, "boom", KEPT_DEBUG="1")
    assert done.returncode == 70
    assert "Traceback" in done.stderr


def test_what_was_typed_wrongly_ends_with_2_as_ever() -> None:
    done = ran(START, "no-such-command")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
