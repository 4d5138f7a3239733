"""``kept demo``: a sample company, run end to end."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.output import speaks

if TYPE_CHECKING:
    from datetime import datetime

    from kept.demo.company import SampleCompany
    from kept.promises.scoreboard import Scoreboard
    from kept.runtime import Company
    from kept.vocabulary.duty import Duty
    from kept.vocabulary.right import Right
    from kept.workflows.answer_request import Outcome


@speaks
def demo(
    company: Annotated[
        str, typer.Option("--company", help="Which sample company: tamarisk.")
    ] = "tamarisk",
    directory: Annotated[Path, typer.Option("--dir", help="Folder to write it into.")] = Path(
        "demo"
    ),
    broken: Annotated[
        str, typer.Option("--break", metavar="DUTY", help="Plant one violation of this duty.")
    ] = "",
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="End instead of serving the scoreboard.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where to serve; 0: any free port.")
    ] = 0,
    at: Annotated[
        str, typer.Option("--at", help="Instant that takes the clock's place, ISO 8601.")
    ] = "",
) -> None:
    """Write a sample company into a folder and run it end to end.

    Reads its policy, maps its store, checks its promises, answers one request for access
    and one for erasure, verifies the receipt, and shows the scoreboard. Asks nothing.
    With `--break` one promise is broken on purpose, and no request is answered.

    Examples:

        kept demo

        kept demo --dir /tmp/tamarisk --no-serve

        kept demo --break retention --no-serve
    """
    from kept.cli.check_options import instant
    from kept.demo.company import company as sample_company
    from kept.demo.start import violation
    from kept.runtime import now

    sample = sample_company(company)
    duty = violation(sample, broken) if broken else None
    if not no_serve:
        # Django is set up once in a process, and pages need more of it than a database.
        from kept.web.setup import configure

        configure()
    tour = _Tour(sample, directory, instant(at) if at else now())
    board = tour.run(duty)
    if no_serve:
        _tell(f"\nLook at it again: kept serve --config {tour.config}")
        return
    from kept.cli.serve import serve_company

    serve_company(tour.opened(), board, port=port)


class _Tour:
    """One run of the demonstration, step by numbered step."""

    def __init__(self, sample: "SampleCompany", directory: Path, now: "datetime") -> None:
        self.sample = sample
        self.directory = directory
        self.config = directory / "kept.toml"
        self.now = now
        self.steps = 0

    def opened(self) -> "Company":
        """Open the company anew, as each command does."""
        from kept.runtime import open_company

        return open_company(self.config, at=self.now)

    def run(self, duty: "Duty | None") -> "Scoreboard":
        """Go through the steps; return how the promises stand at the end."""
        from kept.demo import story
        from kept.demo.start import break_promise, make_ready

        make_ready(self.sample, self.directory, now=self.now)
        self._step(f"{self.sample.title}, an invented company", f"ls {self.directory}")
        _tell_all([f"written to {self.directory}: policy, map, database; its people are invented"])
        if duty is not None:
            planted = break_promise(self.sample, duty, self.directory, now=self.now)
            self._step("One promise broken on purpose", f"kept demo --break {duty}")
            _tell_all(story.breaking(planted))
        self._read_and_map()
        board = self._check()
        if duty is None:
            self._access()
            self._erase()
            board = self._check_again()
        self._step("The scoreboard", f"kept check --config {self.config}")
        _tell_all(story.scoreboard(board))
        return board

    def _read_and_map(self) -> None:
        from kept.demo import story

        company = self.opened()
        for policy in company.settings.policies:
            self._step("What does the policy promise?", f"kept read {self._beside(policy.path)}")
        _tell_all(story.reading(company.register))
        self._step("What does the store hold?", f"kept map --config {self.config}")
        _tell_all(story.mapping(company.inventory, company.seen.catalogs.values()))

    def _check(self) -> "Scoreboard":
        from kept.cli.check import run
        from kept.demo import story

        self._step("Is it kept?", f"kept check --config {self.config}")
        board = run(self.opened()).scoreboard
        _tell_all(story.checking(board))
        return board

    def _check_again(self) -> "Scoreboard":
        from kept.cli.check import run

        return run(self.opened()).scoreboard

    def _access(self) -> None:
        import json

        from kept.cli.request_output import write_package
        from kept.demo import story
        from kept.vocabulary.right import Right

        person = self.sample.asks_for_access
        self._step("Somebody asks what is held on them", self._request("access", person))
        outcome = self._asked(Right.ACCESS, person)
        out = self.directory / "access"
        write_package(self.opened(), outcome.request.id, out)
        answer = json.loads((out / "answer.json").read_text(encoding="utf-8"))
        _tell_all(story.accessing(outcome.counts, answer))
        _tell_all([f"the answer, to look at: {out / 'index.html'}"])

    def _erase(self) -> None:
        from kept.cli.request_output import write_package
        from kept.demo import story
        from kept.evidence.receipt import read_receipt, verify
        from kept.vocabulary.right import Right

        person = self.sample.asks_for_erasure
        self._step("Somebody asks to be forgotten", self._request("erase", person))
        outcome = self._asked(Right.ERASURE, person)
        _tell_all(story.erasing(outcome.counts))
        company = self.opened()
        receipt = self.directory / "erasure" / "RECEIPT.json"
        write_package(company, outcome.request.id, receipt.parent)
        key = company.vault.public_file
        self._step(
            "Can it be proved?",
            f"kept receipt verify {receipt} --key {self._beside(key)}",
        )
        verified = verify(read_receipt(receipt.read_bytes()), company.vault.public_key())
        _tell_all(story.verifying(verified, entries=company.verify_log().entries))

    def _asked(self, right: "Right", person: str) -> "Outcome":
        from kept.demo.start import ask

        return ask(self.opened(), right, person)

    def _request(self, right: str, person: str) -> str:
        return f"kept request {right} --identity email={person} --config {self.config}"

    def _beside(self, path: Path) -> Path:
        """Return `path` as somebody would type it who stands where this command was run."""
        folder = self.directory.resolve()
        return self.directory / path.relative_to(folder) if path.is_relative_to(folder) else path

    def _step(self, title: str, command: str) -> None:
        self.steps += 1
        typer.echo("")
        typer.secho(f"{self.steps}. {title}", bold=True)
        typer.secho(f"   $ {command}", dim=True)


def _tell_all(lines: Iterable[str]) -> None:
    for line in lines:
        _tell(f"   {line}")


def _tell(line: str) -> None:
    typer.echo(line)
