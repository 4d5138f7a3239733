"""What ``kept map`` can be told."""

from pathlib import Path
from typing import Annotated

import typer

Write = Annotated[bool, typer.Option("--write", help="Add what is proposed to datamap.toml.")]
Accept = Annotated[bool, typer.Option("--accept", help="Mark what is proposed as decided.")]
Diff = Annotated[
    bool, typer.Option("--diff", help="Print what changed in the stores since the last run.")
]
Article30 = Annotated[
    str,
    typer.Option(
        "--article30",
        metavar="FILE",
        help="Write the record of processing (.html, .csv, .json; - for JSON here).",
    ),
]
Language = Annotated[
    str, typer.Option("--language", help="Of the map and of the record: en, fr or ar.")
]
FidesOut = Annotated[
    Path | None,
    typer.Option("--fides-out", metavar="DIR", help="Write Fides dataset and system files."),
]
FidesIn = Annotated[
    list[Path] | None,
    typer.Option("--fides-in", metavar="FILE", help="Add what Fides files say to datamap.toml."),
]
Dpv = Annotated[
    Path | None,
    typer.Option("--dpv", metavar="FILE", help="Write JSON-LD in the Data Privacy Vocabulary."),
]
Full = Annotated[
    bool, typer.Option("--full", help="Read every row, going on where the last run ended.")
]
Store = Annotated[
    str, typer.Option("--store", metavar="NAME", help="With --full: of this store only.")
]
For = Annotated[
    str,
    typer.Option("--for", metavar="TIME", help="With --full: stop after this long (30m, 2h)."),
]
Until = Annotated[
    str,
    typer.Option(
        "--until",
        metavar="HH:MM",
        help="With --full: stop at this hour of the controller's day (06:00).",
    ),
]
Again = Annotated[
    bool,
    typer.Option("--again", help="With --full: read anew what was read within 12 hours too."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Config = Annotated[Path, typer.Option("--config", help="The company's kept.toml.")]
