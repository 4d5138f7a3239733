import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.inventory.datamap import (
    DatasetDecision,
    FieldDecision,
    ReferenceDecision,
    parse_datamap,
)
from kept.inventory.datamap_writing import write_proposals
from kept.inventory.dataset import DatasetId, Direction, Erasing, State, Whose
from kept.inventory.errors import DataMapError
from kept.inventory.proposals import Proposal
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.identifier_kind import IdentifierKind


def _proposal(name: str = "customer", *, questions: tuple[str, ...] = ()) -> Proposal:
    return Proposal(
        decision=DatasetDecision(
            id=DatasetId("app", name),
            on_erasure=Erasing.DELETE,
            identity={"e-mail": IdentifierKind.EMAIL},
            references=(
                ReferenceDecision(
                    fields=("rep id",),
                    to=DatasetId("app", "staff"),
                    to_fields=("id",),
                    whose=Whose.REFERENCED,
                ),
                ReferenceDecision(
                    fields=("home",),
                    to=DatasetId("app", "odd:table(1)"),
                    to_fields=("a,b",),
                    whose=Whose.OWNED,
                    direction=Direction.FORWARD,
                ),
            ),
            fields={
                "e-mail": FieldDecision(categories=(DataCategory.USER_CONTACT_EMAIL,)),
                "number": FieldDecision(categories=()),
                "said": FieldDecision(
                    categories=(DataCategory.USER_CONTENT,), author="rep id", of="home"
                ),
            },
        ),
        undeclared={("home",): "not enforced by the store"},
        reasons={"e-mail": "1.00: the name says so"},
        questions=questions,
    )


def test_a_new_file_says_exactly_what_was_proposed() -> None:
    proposal = _proposal()
    written = write_proposals("", [proposal])
    assert written.added == (proposal.id,)
    assert written.decided == ()
    assert parse_datamap(written.text).datasets == {proposal.id: proposal.decision}
    assert "# 1.00: the name says so" in written.text
    assert "# not enforced by the store" in written.text


def test_accepting_decides_what_has_no_question() -> None:
    clear, open_ = _proposal(), _proposal("message", questions=("Whose is it?",))
    written = write_proposals("", [clear, open_], accept=True)
    assert written.decided == (clear.id,)
    assert written.open == ((open_.id, ("Whose is it?",)),)
    datasets = parse_datamap(written.text).datasets
    assert datasets[clear.id].state is State.DECIDED
    assert datasets[open_.id].state is State.PROPOSED
    assert "# To decide: Whose is it?" in written.text


def test_accepting_later_decides_what_was_written_before() -> None:
    first = write_proposals("", [_proposal()])
    second = write_proposals(first.text, [_proposal()], accept=True)
    assert second.decided == (_proposal().id,)
    assert second.text == first.text.replace('state = "proposed"', 'state = "decided"')


def test_writing_again_changes_nothing() -> None:
    proposals = [_proposal(), _proposal("other", questions=("Well?",))]
    for accept in (False, True):
        first = write_proposals("", proposals, accept=accept)
        assert write_proposals(first.text, proposals, accept=accept).text == first.text


DECIDED = """\
# Ours. Do not touch.
[stores.app.datasets.customer]   # the people
state = "decided"  # by Ana, on Monday
on_erasure = "blank"
identity = { "e-mail" = "email" }

  [stores.app.datasets.customer.fields]
  said = { categories = [] }   # a joke column
"""


def test_a_decision_and_its_comments_stay_to_the_letter() -> None:
    written = write_proposals(DECIDED, [_proposal(), _proposal("new")], accept=True)
    assert written.text.startswith(DECIDED)
    assert written.added == (DatasetId("app", "new"),)
    tomllib.loads(written.text)


def test_a_proposal_that_somebody_edited_gets_only_what_it_lacks() -> None:
    edited = """\
[stores.app.datasets.customer]
state = "proposed"
about = "member"             # not customer: we are a club
on_erasure = "blank"
references = [{ fields = ["rep id"], to = "staff(id)", whose = "owned" }]
[stores.app.datasets.customer.fields.said]
categories = ["user.name"]   # names only
"""
    written = write_proposals(edited, [_proposal()])
    found = parse_datamap(written.text).datasets[_proposal().id]
    assert (found.about, found.on_erasure) == ("member", Erasing.BLANK)
    assert found.fields["said"].categories == (DataCategory.USER_NAME,)
    assert found.fields["e-mail"].categories == (DataCategory.USER_CONTACT_EMAIL,)
    assert [each.whose for each in found.references] == [Whose.OWNED, Whose.OWNED]
    assert found.identity == {"e-mail": IdentifierKind.EMAIL}
    for comment in ("# not customer: we are a club", "# names only"):
        assert comment in written.text


OF_ANOTHER_HAND = {
    "out of order": (
        '[stores.app.datasets.customer]\nstate = "proposed"\n'
        '[stores.app.datasets.other]\nstate = "decided"\n'
        "[stores.app.datasets.customer.fields]\nsaid = { categories = [] }\n"
    ),
    "all in one line": (
        "[stores.app.datasets.customer]\n"
        'references = [{ fields = ["rep id"], to = "staff(id)", whose = "owned" }] # mine\n'
        'fields = { said = { of = "rep id" } }\n'
    ),
    "without an end of line": '[stores.app.datasets.customer]\nstate = "proposed"',
}


@pytest.mark.parametrize("text", OF_ANOTHER_HAND.values(), ids=OF_ANOTHER_HAND.keys())
def test_whichever_way_somebody_wrote_it_it_is_completed(text: str) -> None:
    proposals = [_proposal(), _proposal("new")]
    written = write_proposals(text, proposals, accept=True)
    found = parse_datamap(written.text).datasets[_proposal().id]
    assert found.state is State.DECIDED
    assert [each.fields for each in found.references] == [("rep id",), ("home",)]
    assert set(found.fields) == {"e-mail", "number", "said"}
    assert write_proposals(written.text, proposals, accept=True).text == written.text


@pytest.mark.parametrize(
    "text",
    [
        'stores = { app = { datasets = { x = { state = "decided" } } } }\n',
        '[stores.app.datasets]\ncustomer = { state = "proposed" }\n',
        """
        [stores.app.datasets.customer]
        [[stores.app.datasets.customer.references]]
        fields = ["rep id"]
        to = "staff(id)"
        whose = "owned"
        """,
    ],
)
def test_a_file_written_in_one_line_is_left_alone_with_a_reason(text: str) -> None:
    with pytest.raises(DataMapError, match="cannot be added") as caught:
        write_proposals(text, [_proposal()])
    assert "table of its own" in caught.value.remedy


def test_line_ends_of_another_system_survive() -> None:
    text = DECIDED.replace("\n", "\r\n")
    assert write_proposals(text, [_proposal("new")]).text.startswith(text)


_NAMES = st.text(min_size=1, max_size=12).filter(lambda name: "\x00" not in name)


@given(table=_NAMES, name=_NAMES, why=_NAMES, accept=st.booleans())
@settings(deadline=None)
def test_any_name_and_any_comment_come_back_as_they_were(
    table: str, name: str, why: str, *, accept: bool
) -> None:
    decision = DatasetDecision(
        id=DatasetId("app", table),
        on_erasure=Erasing.BLANK,
        identity={name: IdentifierKind.PHONE},
        references=(
            ReferenceDecision(
                fields=(name,),
                to=DatasetId("app", table),
                to_fields=(name,),
                whose=Whose.REFERENCED,
            ),
        ),
        fields={name: FieldDecision(categories=(DataCategory.USER_NAME,))},
    )
    proposal = Proposal(
        decision=decision, reasons={name: why}, undeclared={(name,): why}, questions=(why,)
    )
    written = write_proposals("", [proposal], accept=accept)
    assert parse_datamap(written.text).datasets == {decision.id: decision}
    again = write_proposals(written.text, [proposal], accept=accept)
    assert again.text == written.text
