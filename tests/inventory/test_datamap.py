from contextlib import suppress

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.inventory.datamap import parse_datamap
from kept.inventory.dataset import DatasetId, Direction, Erasing, State, Whose
from kept.inventory.errors import DataMapError, DataMapKeyError, DataMapReferenceError
from kept.jurisdictions.period import Period, Unit
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.identifier_kind import IdentifierKind

ORDERS = DatasetId("app", "orders")


def _orders(lines: str) -> str:
    return f"[stores.app.datasets.orders]\n{lines}\n"


def test_everything_that_can_be_decided_is_read() -> None:
    found = parse_datamap(
        """
        [stores.app.datasets.orders]
        state      = "decided"
        about      = "staff"
        held_as    = "processor"
        client     = "Acme"
        on_erasure = "keep"
        identity   = { contact_email = "email" }
        references = [
          { fields = ["customer_id"], to = "customer(id)", whose = "owned" },
          { fields = ["a", "b"], to = "crm:people(x, y)", whose = "shared", direction = "forward" },
        ]
        anchors    = { closed_at = "account closed" }
        keep       = { reason = "claims", provision = "BGB 195", until = "three years on" }
        reviewed_triggers = { on_delete = "ab12" }
        [stores.app.datasets.orders.fields.note]
        categories = ["user.content", "user.name"]
        source     = "third party"
        of         = "a"
        author     = "b"
        protected  = true
        disclosed  = false
        because    = "GDPR Art. 15(4)"
        """
    ).datasets[ORDERS]
    assert (found.state, found.about, found.held_as, found.client) == (
        State.DECIDED,
        "staff",
        "processor",
        "Acme",
    )
    assert found.on_erasure is Erasing.KEEP
    assert found.keep_reason == "claims; BGB 195; until three years on"
    assert found.identity == {"contact_email": IdentifierKind.EMAIL}
    first, second = found.references
    assert (first.fields, first.to, first.to_fields) == (
        ("customer_id",),
        DatasetId("app", "customer"),
        ("id",),
    )
    assert (second.to, second.to_fields) == (DatasetId("crm", "people"), ("x", "y"))
    assert (second.whose, second.direction) == (Whose.SHARED, Direction.FORWARD)
    assert found.anchors == {"closed_at": "account closed"}
    assert found.reviewed_triggers == {"on_delete": "ab12"}
    field = found.fields["note"]
    assert field.categories == (DataCategory.USER_CONTENT, DataCategory.USER_NAME)
    assert (field.source, field.of, field.author) == ("third party", "a", "b")
    assert (field.protected, field.disclosed, field.because) == (True, False, "GDPR Art. 15(4)")


def test_nothing_said_is_nothing_decided() -> None:
    assert parse_datamap("").datasets == {}
    found = parse_datamap(_orders("")).datasets[ORDERS]
    assert (found.state, found.about, found.on_erasure) == (State.PROPOSED, "customer", None)
    silent = parse_datamap(_orders("fields = { a = {}, b = { categories = [] } }"))
    fields = silent.datasets[ORDERS].fields
    # To say nothing leaves it to discovery; to say "nothing" is a decision.
    assert fields["a"].categories is None
    assert fields["b"].categories == ()


def test_a_minimum_is_a_law_or_written_out() -> None:
    law = parse_datamap(
        _orders('on_erasure = "keep"\nminimum = { law = "de-x", counted_from = "issued_on" }')
    ).datasets[ORDERS]
    assert law.minimum is not None
    assert (law.minimum.law, law.minimum.counted_from) == ("de-x", "issued_on")
    written = parse_datamap(
        _orders(
            'on_erasure = "keep"\nminimum = { keep_for = "8 years", counted_from = "issued_on",'
            ' from_year_end = true, reason = "tax", provision = "AO 147", afterwards = "blank" }'
        )
    ).datasets[ORDERS]
    assert written.minimum is not None
    assert written.minimum.written is not None
    assert written.minimum.written.keep_for == Period(8, Unit.YEAR)
    assert written.minimum.written.afterwards is Erasing.BLANK


def test_a_name_that_no_short_form_can_say_is_said_in_full() -> None:
    found = parse_datamap(
        _orders(
            'references = [{ fields = ["x"], whose = "owned",'
            ' to = { store = "crm", dataset = "odd:name(1)", fields = ["a,b"] } }]'
        )
    ).datasets[ORDERS]
    assert found.references[0].to == DatasetId("crm", "odd:name(1)")
    assert found.references[0].to_fields == ("a,b",)


@pytest.mark.parametrize(
    ("lines", "where", "remedy"),
    [
        ('on_erasur = "blank"', "stores.app.datasets.orders.on_erasur", "'on_erasure'"),
        ("fields = { note = { categorys = [] } }", "orders.fields.note.categorys", "'categories'"),
        (
            'references = [{ field = ["a"], to = "b(c)", whose = "owned" }]',
            "orders.references[1].field",
            "'fields'",
        ),
        ('keep = { reason = "r", provision = "p", untill = "u" }', "orders.keep.untill", "'until'"),
    ],
)
def test_an_unknown_key_is_refused_and_the_nearest_named(
    lines: str, where: str, remedy: str
) -> None:
    with pytest.raises(DataMapKeyError, match=r"is not known") as caught:
        parse_datamap(_orders(lines))
    assert where in str(caught.value)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('state = "unlisted"', "orders.state"),
        ('state = "maybe"', "'decided'"),
        ("state = 1", "must be text"),
        ('on_erasure = "burn"', "'delete', 'blank', 'keep'"),
        ('on_erasure = "keep"', "nothing says why"),
        ('keep = { reason = "r", provision = "p", until = "u" }', 'needs on_erasure = "keep"'),
        ('minimum = { law = "x", counted_from = "y" }', 'needs on_erasure = "keep"'),
        ('on_erasure = "keep"\nminimum = { law = "x" }', "counted_from is missing"),
        ('on_erasure = "keep"\nminimum = { counted_from = "y" }', "keep_for is missing"),
        (
            'on_erasure = "keep"\nminimum = { keep_for = "long", counted_from = "y" }',
            "must be like",
        ),
        ('held_as = "processor"', "client is missing"),
        ('held_as = "owner"', "held_as must be one of"),
        ('identity = { mail = "electronic" }', "identity.mail must be one of"),
        ('identity = "email"', "identity must be a table"),
        ('references = "customer(id)"', "references must be a list"),
        ('references = ["customer(id)"]', "list of tables"),
        ('references = [{ fields = [], to = "b(c)", whose = "owned" }]', "names no field"),
        ('references = [{ fields = ["a"], to = "b(c)" }]', "whose is missing"),
        ('references = [{ fields = ["a"], to = "b", whose = "owned" }]', "must be like"),
        ('references = [{ fields = ["a"], to = "b()", whose = "owned" }]', "must be like"),
        ('references = [{ fields = ["a"], to = "b(c, d)", whose = "owned" }]', "2 fields for 1"),
        ('references = [{ fields = ["a"], to = "b(c)", whose = "mine" }]', "whose must be one of"),
        ("fields = { note = 3 }", "fields.note must be a table"),
        ('fields = { note = { categories = "user.name" } }', "must be a list"),
        ('fields = { note = { categories = ["user.nam"] } }', "'user.nam'"),
        ('fields = { note = { protected = "yes" } }', "true or false"),
        ('fields = { note = { source = "bought" } }', "source must be one of"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_its_place_named(lines: str, says: str) -> None:
    with pytest.raises(DataMapError) as caught:
        parse_datamap(_orders(lines))
    assert says in str(caught.value)
    assert "datamap.toml" in str(caught.value)
    assert caught.value.remedy


def test_a_store_that_the_settings_do_not_have_is_refused() -> None:
    with pytest.raises(DataMapReferenceError, match="'ap'") as caught:
        parse_datamap("[stores.ap.datasets.x]", stores=["app", "crm"])
    assert "'app'" in caught.value.remedy
    reference = 'references = [{ fields = ["a"], to = "cmr:b(c)", whose = "owned" }]'
    with pytest.raises(DataMapReferenceError, match="'cmr'"):
        parse_datamap(_orders(reference), stores=["app", "crm"])


def test_a_file_that_is_no_toml_is_refused_without_its_content() -> None:
    with pytest.raises(DataMapError, match="not valid TOML") as caught:
        parse_datamap("a = [canary@example.com")
    assert "canary" not in str(caught.value)


_WORDS = st.sampled_from(
    ["stores", "app", "datasets", "orders", "state", "fields", "to", "keep", "whose", "x"]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(DataMapError):
        parse_datamap(text)


@given(st.dictionaries(_WORDS, _VALUES, max_size=4))
@settings(deadline=None)
def test_any_table_is_read_or_refused(table: dict[str, object]) -> None:
    try:
        text = tomlkit.dumps({"stores": {"app": {"datasets": {"orders": table}}}})
    except (TypeError, ValueError):
        return
    with suppress(DataMapError):
        parse_datamap(text)
