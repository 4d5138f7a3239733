"""``kept serve``: the scoreboard as a page, on this machine alone."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from kept.cli.output import speaks
from kept.errors import RefusedError

if TYPE_CHECKING:
    from kept.promises.scoreboard import Scoreboard
    from kept.runtime import Company


class AccountsMissingError(RefusedError):
    """There are no accounts yet, so nobody's own company is shown on a page."""

    code: ClassVar[str] = "serve.accounts-missing"
    remedy: str = (
        "Use `kept check` on the terminal. Pages come with accounts; until then "
        "`kept demo` shows them with a sample company."
    )


@speaks
def serve(
    config: Annotated[Path, typer.Option("--config", help="The company's kept.toml.")] = Path(
        "kept.toml"
    ),
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0: any free port.")
    ] = 0,
) -> None:
    """Check the sample company and show its scoreboard on a page, on this machine alone.

    There are no accounts yet that could say who may read, so it serves the company that
    `kept demo` wrote and no other, and listens on 127.0.0.1 and nowhere else.

    Examples:

        kept serve --config demo/kept.toml

        kept serve --config demo/kept.toml --port 8080
    """
    from kept.cli.check import run
    from kept.demo.company import is_sample
    from kept.runtime import open_company
    from kept.web.setup import configure

    configure()
    company = open_company(config)
    if not is_sample(config):
        raise AccountsMissingError(f"{config} is not the sample company's")
    serve_company(company, run(company).scoreboard, port=port)


def serve_company(company: "Company", board: "Scoreboard", *, port: int) -> None:
    """Serve the scoreboard of `company` until the process is told to stop."""
    from kept.cli.expiring import expiring
    from kept.web.application import serve as serve_page
    from kept.web.page import Page
    from kept.workflows.request_report import result_json

    page = Page(
        controller=company.settings.controller.name,
        at=company.now,
        register=company.register,
        scoreboard=board,
        requests=tuple(result_json(each) for each in company.requests.listed()),
    )
    with expiring(company):
        serve_page(
            page,
            port=port,
            ready=lambda address: typer.echo(f"\nThe scoreboard: {address} (Ctrl+C ends it)"),
        )
