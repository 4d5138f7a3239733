"""``kept map``: what the stores hold, and what nobody decided yet."""

from pathlib import Path

from kept.cli import map_options as options
from kept.cli.output import speaks


@speaks
def map_stores(
    *,
    write: options.Write = False,
    accept: options.Accept = False,
    diff: options.Diff = False,
    article30: options.Article30 = "",
    language: options.Language = "en",
    fides_out: options.FidesOut = None,
    fides_in: options.FidesIn = None,
    dpv: options.Dpv = None,
    full: options.Full = False,
    store: options.Store = "",
    for_: options.For = "",
    until: options.Until = "",
    again: options.Again = False,
    as_json: options.Json = False,
    config: options.Config = Path("kept.toml"),
) -> None:
    """Look at every store: its tables, what each field holds and why, and whose rows they are.

    And hold it against the policy: what is held and not stated, stated and never found.
    Reads with the reading credentials and changes nothing in a store. `--write` adds
    proposals to `datamap.toml` beside `kept.toml`, and never changes what stands there;
    `--accept` marks them decided, except where only a person can say. The map
    speaks `--language`, with the keys of `datamap.toml` beside its words; evidence and
    questions are in English.

    Examples:

        kept map

        kept map --write --accept

        kept map --language fr

        kept map --json > map.json

        kept map --diff

        kept map --full --store app --for 2h

        kept map --full --until 06:00

        kept map --article30 record.html --language fr

        kept map --fides-in app.dataset.yml --fides-out fides --dpv record.jsonld
    """
    from kept.cli.map_full import wanted_scan
    from kept.cli.map_run import Asked, run

    asked = Asked(
        write=write,
        accept=accept,
        diff=diff,
        article30=article30,
        language=language,
        fides_out=fides_out,
        fides_in=tuple(fides_in or ()),
        dpv=dpv,
        scan=wanted_scan(full=full, store=store, for_=for_, until=until, again=again),
        as_json=as_json,
    )
    run(asked, config)
