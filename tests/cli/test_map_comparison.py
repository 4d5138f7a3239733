import pytest

from kept.checks.comparison import (
    Comparison,
    NeverFound,
    Origin,
    Sensitive,
    Sureness,
    Uncovered,
    Undeclared,
)
from kept.cli.map_comparison import show
from kept.inventory.dataset import DatasetId
from kept.inventory.necessity import Unneeded, Why
from kept.inventory.promised import Words
from kept.vocabulary.data_category import DataCategory as C

PEOPLE = DatasetId("app", "people")
LIST = Words(promise="a1", document="policy.md", language="en", quote="We collect\nyour  name")


def everything(sureness: Sureness) -> Comparison:
    return Comparison(
        read=True,
        undeclared=(
            Undeclared(
                category=C.USER_DEMOGRAPHIC_MARITAL_STATUS,
                dataset=PEOPLE,
                field="married\x1b[2J",
                sureness=sureness,
                because="the name says so",
                words=LIST,
            ),
        ),
        never_found=(
            NeverFound(category=C.USER_CONTACT_EMAIL, words=(LIST, LIST), sureness=sureness),
        ),
        uncovered=(
            Uncovered(store="app", dataset="", holding=("people",), sureness=sureness),
            Uncovered(store="app", dataset="people", holding=(), sureness=sureness),
        ),
        sensitive=(
            Sensitive(
                category=C.USER_HEALTH,
                dataset=PEOPLE,
                field="blood",
                sureness=sureness,
                because="",
                denied=(LIST,),
            ),
        ),
        unneeded=(
            Unneeded(dataset=PEOPLE, field="", why=Why.NEVER_READ, proven=True, evidence="0 reads"),
        ),
        origins=(
            Origin(
                dataset=PEOPLE,
                field="name",
                source="",
                sources=(),
                purposes=(),
                recipients=(),
                region="",
            ),
        ),
    )


@pytest.mark.parametrize("sureness", list(Sureness))
def test_every_kind_of_difference_is_a_line_with_words_or_evidence(
    sureness: Sureness, capsys: pytest.CaptureFixture[str]
) -> None:
    show(everything(sureness))
    told = capsys.readouterr().out
    for part in (
        "not stated by the policy: user.demographic.marital_status in app.people.married",
        "“We collect your name” and 1 more",
        "app: kept.toml names no system",
        "app.people: not listed",
        "app.people.blood: health",
        "app.people: never read (0 reads)",
        "of 1 of 1 personal fields where they come from, first app.people.name",
    ):
        assert part in told
    assert "\x1b" not in told
    assert ("perhaps" in told) == (sureness is Sureness.SUSPECTED)


def test_a_map_in_which_all_agree_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show(Comparison(read=True))
    assert capsys.readouterr().out == ""


def test_a_person_is_shown_some_lines_and_told_how_many_are_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = everything(Sureness.PROVEN)
    show(Comparison(read=True, undeclared=one.undeclared * 100))
    told = capsys.readouterr().out
    assert told.count("not stated") == 40
    assert "… and 60 more: kept map --json" in told
