import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.datamap import parse_datamap
from kept.inventory.datamap_writing import write_proposals
from kept.inventory.dataset import (
    Classified,
    Dataset,
    DatasetId,
    DecidedBy,
    Direction,
    Field,
    Inventory,
    Reference,
    State,
    Whose,
)
from kept.inventory.exchange_dpv import as_json_ld
from kept.inventory.exchange_errors import ExchangeError, ExchangeTooLargeError
from kept.inventory.exchange_fides import dataset_manifests, fides_key, system_manifests
from kept.inventory.exchange_fides_reading import merged, taken_from
from kept.inventory.exchange_yaml import MOST_BYTES, read_yaml, write_yaml
from kept.inventory.promised import Promised, Words
from kept.inventory.proposals import propose
from kept.inventory.record import Facts
from kept.settings import (
    ActivitySettings,
    Client,
    Controller,
    Party,
    Recipient,
    StoreSettings,
    Wording,
)
from kept.vocabulary.data_category import DataCategory as C
from kept.vocabulary.data_category import is_personal
from kept.vocabulary.dpv import data_iri, purpose_iri
from kept.vocabulary.fideslang import category_of_fides, fides_category
from kept.vocabulary.identifier_kind import CATEGORY_OF, IdentifierKind
from kept.vocabulary.purpose import Purpose

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PERSONAL = sorted(each for each in C if is_personal(each))


def facts(*datasets: Dataset, promised: Promised | None = None) -> Facts:
    return Facts(
        made_at=NOON,
        controller=Controller(name="Example GmbH"),
        stores={"app": StoreSettings(name="app", url="sqlite://", region="DE", system="Shop")},
        inventory=Inventory(datasets=datasets),
        promised=promised,
    )


def catalog(*datasets: Dataset) -> Catalog:
    return Catalog(
        store="app",
        engine="sqlite",
        tables=tuple(
            Table(
                name=each.id.name,
                columns=tuple(Column(name=one.name, type=one.type) for one in each.fields),
            )
            for each in datasets
        ),
    )


def field(name: str, *held: C, identity: IdentifierKind | None = None) -> Field:
    return Field(
        name=name,
        type="TEXT",
        identity=identity,
        decided_by=DecidedBy.PERSON,
        categories=tuple(Classified(category=each, score=1.0) for each in held),
    )


def dataset(name: str, *fields: Field, references: tuple[Reference, ...] = ()) -> Dataset:
    return Dataset(
        id=DatasetId("app", name), state=State.DECIDED, fields=fields, references=references
    )


PEOPLE = dataset(
    "people", field("id"), field("email", C.USER_CONTACT_EMAIL, identity=IdentifierKind.EMAIL)
)


# ── round trip ───────────────────────────────────────────────────────────────

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
fields = st.builds(
    lambda name, held: field(name, *held),
    names,
    st.lists(st.sampled_from(PERSONAL), max_size=3, unique=True),
)
datasets = st.lists(
    st.builds(
        lambda name, held: dataset(name, *held),
        names,
        st.lists(fields, min_size=1, max_size=4, unique_by=lambda each: each.name),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda each: each.id.name,
)


def written(facts: Facts) -> Mapping[str, object]:
    (manifest,) = dataset_manifests(facts).values()
    return read_yaml(write_yaml(manifest).encode(), "app.dataset.yml")


@given(datasets)
def test_what_is_given_to_fides_comes_back_from_it(held: list[Dataset]) -> None:
    taken = taken_from([("app.yml", written(facts(*held)))], [catalog(*held)])
    assert taken.left == ()
    for each in held:
        decision = taken.decisions[each.id]
        assert decision.about == each.about
        for one in each.fields:
            if one.categories:
                assert set(decision.fields[one.name].categories or ()) == one.holds
            else:
                assert one.name not in decision.fields


@given(st.sampled_from(PERSONAL), st.sampled_from(PERSONAL))
def test_keys_that_somebody_changed_in_a_manifest_of_ours_count(ours: C, theirs: C) -> None:
    manifest = json.loads(json.dumps(dataset_manifests(facts(dataset("t", field("f", ours))))))
    told = manifest["app"]
    told["dataset"][0]["collections"][0]["fields"][0]["data_categories"] = [fides_category(theirs)]
    (decision,) = taken_from(
        [("x", told)], [catalog(dataset("t", field("f", ours)))]
    ).decisions.values()
    same = fides_category(ours) == fides_category(theirs)
    wanted = ours if same else category_of_fides(fides_category(theirs))
    assert decision.fields["f"].categories == (wanted,)


@pytest.mark.parametrize("finer", [3, "x", ["x"], {"f": 3}, {"f": ["none"]}, {"f": [3]}, {"g": []}])
def test_what_a_manifest_says_of_ours_in_another_form_is_passed_over(finer: object) -> None:
    manifest = json.loads(
        json.dumps(dataset_manifests(facts(dataset("t", field("f", C.USER_NAME)))))
    )
    told = manifest["app"]
    told["dataset"][0]["meta"]["kept"]["categories"] = {"t": finer}
    held = catalog(dataset("t", field("f", C.USER_NAME)))
    (decision,) = taken_from([("x", told)], [held]).decisions.values()
    assert decision.fields["f"].categories == (C.USER_NAME,)


@pytest.mark.parametrize("direction", list(Direction))
def test_identity_and_direction_of_a_reference_come_back(direction: Direction) -> None:
    orders = dataset(
        "archive.orders",
        field("person.id"),
        references=(
            Reference(
                dataset=DatasetId("app", "archive.orders"),
                fields=("person.id",),
                to=PEOPLE.id,
                to_fields=("id",),
                whose=Whose.OWNED,
                direction=direction,
            ),
        ),
    )
    taken = taken_from([("app.yml", written(facts(PEOPLE, orders)))], [catalog(PEOPLE, orders)])
    (reference,) = taken.decisions[orders.id].references
    assert (reference.to, reference.to_fields) == (PEOPLE.id, ("id",))
    assert (reference.whose, reference.direction) == (Whose.OWNED, direction)
    assert taken.decisions[PEOPLE.id].identity == {"email": IdentifierKind.EMAIL}


# ── what others write ────────────────────────────────────────────────────────

THEIRS = """
dataset:
  - fides_key: app
    name: internal database
    data_categories: [system.operations]
    collections:
      - name: people
        fields:
          - name: id
            fidesops_meta: {primary_key: True}
          - name: email
            data_categories: [user.provided.identifiable.contact.email]
            fides_meta: {identity: email, data_type: string}
          - name: gone
            data_categories: [user.name]
      - name: nowhere
        fields: []
system:
  - fides_key: shop
    system_type: Service
    dataset_references: [app]
    privacy_declarations:
      - {data_use: essential.service, data_categories: [user.contact], data_subjects: [employee]}
"""


def test_what_fides_people_wrote_becomes_proposals_and_the_rest_is_said() -> None:
    taken = taken_from([("x.yml", read_yaml(THEIRS.encode(), "x.yml"))], [catalog(PEOPLE)])
    decision = taken.decisions[PEOPLE.id]
    assert decision.fields["email"].categories == (C.USER_CONTACT_EMAIL,)
    assert decision.about == "staff"
    assert len(taken.left) == 2
    assert any("'gone'" in each for each in taken.left)
    assert any("'nowhere'" in each for each in taken.left)


def proposals_with(taken_yaml: str) -> str:
    bare = Inventory(datasets=(Dataset(id=PEOPLE.id, fields=(field("id"), field("email"))),))
    proposals = propose(bare, [catalog(PEOPLE)])
    taken = taken_from([("x.yml", read_yaml(taken_yaml.encode(), "x.yml"))], [catalog(PEOPLE)])
    return write_proposals("", merged(proposals, taken)).text


def test_a_proposal_is_written_and_stays_a_proposal() -> None:
    datamap = parse_datamap(proposals_with(THEIRS))
    decision = datamap.datasets[PEOPLE.id]
    assert decision.state is State.PROPOSED
    assert decision.fields["email"].categories == (C.USER_CONTACT_EMAIL,)


def test_what_stands_in_the_map_is_never_overwritten() -> None:
    before = (
        '# mine\n[stores.app.datasets.people]\nstate = "decided"\non_erasure = "delete"\n'
        '[stores.app.datasets.people.fields]\nemail = { categories = ["user.name"] }\n'
    )
    bare = Inventory(datasets=(Dataset(id=PEOPLE.id, fields=PEOPLE.fields),))
    taken = taken_from([("x.yml", read_yaml(THEIRS.encode(), "x.yml"))], [catalog(PEOPLE)])
    proposals = merged(propose(bare, [catalog(PEOPLE)]), taken)
    assert write_proposals(before, proposals).text == before


BAD = {
    "no yaml": b"a: [1, 2",
    "no mapping": b"- 1\n- 2\n",
    "empty": b"",
    "nul": b"a: \x00",
    "no utf-8": b"a: \xff\xfe\xff",
    "a tag": b"!!python/object/apply:os.system ['true']",
    "unknown tag": b"a: !mine 1",
    "a date that is none": b"a: 2026-99-99",
    "no dataset": b"policy: []",
    "dataset is text": b"dataset: text",
    "entry is text": b"dataset: [text]",
    "no key": b"dataset: [{collections: []}]",
    "key is a number": b"dataset: [{fides_key: 1, collections: []}]",
    "collections are a mapping": b"dataset: [{fides_key: app, collections: {}}]",
    "field without name": b"dataset: [{fides_key: app, collections: [{name: people, fields: [{}]}]}]",
    "name is a mapping": b"dataset: [{fides_key: no, name: {a: 1}, collections: [{name: {}}]}]",
    "another store": b"dataset: [{fides_key: other, collections: []}]",
    "meta is text": (
        b"dataset: [{fides_key: app, collections: [{name: people, "
        b"fields: [{name: id, fides_meta: text}]}]}]"
    ),
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_and_none_of_it_is_repeated(content: bytes) -> None:
    with pytest.raises(ExchangeError) as refused:
        taken_from([("x.yml", read_yaml(content, "x.yml"))], [catalog(PEOPLE)])
    assert "text" not in str(refused.value).replace("must be text", "")
    assert refused.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
        b"[" * 100 + b"]" * 100,
        b"a: " * 1,
        b"#" * (MOST_BYTES + 1),
        b"a: 1" + b":59" * 1_000_000,
        b"a: " + b"9" * 5_000,
    ],
    ids=["aliases", "depth", "null", "size", "base 60", "digits"],
)
def test_a_file_beyond_the_bounds_is_refused(content: bytes) -> None:
    if content == b"a: ":
        assert read_yaml(content, "x.yml") == {"a": None}
        return
    with pytest.raises(ExchangeTooLargeError):
        read_yaml(content, "x.yml")


@given(st.binary(max_size=200))
def test_whatever_a_file_holds_it_is_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(ExchangeError):
        taken_from([("x.yml", read_yaml(content, "x.yml"))], [catalog(PEOPLE)])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("people"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("fides_key", "name", "collections", "fields", "data_categories", "meta"),
                    *("fides_meta", "kept", "references", "identity", "data_subjects"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.fixed_dictionaries({"dataset": json_values, "system": json_values}))
def test_whatever_shape_a_manifest_has_it_is_taken_or_refused(manifest: dict[str, object]) -> None:
    with contextlib.suppress(ExchangeError):
        taken_from([("x.yml", manifest)], [catalog(PEOPLE)])


# ── what we write ────────────────────────────────────────────────────────────

USE = Words(
    promise="a1",
    document="policy.md",
    language="en",
    quote="We answer your questions",
    purposes=(Purpose.ESSENTIAL_SERVICE_OPERATIONS_SUPPORT,),
)


def test_a_system_declares_what_the_policy_says_and_nothing_else() -> None:
    (manifest,) = system_manifests(facts(PEOPLE, promised=Promised(purposes=(USE,)))).values()
    system = json.loads(json.dumps(manifest))["system"][0]
    (declaration,) = system["privacy_declarations"]
    assert declaration["data_use"] == "essential.service.operations.support"
    assert declaration["data_categories"] == ["user.contact.email"]
    assert declaration["data_subjects"] == ["customer"]
    (silent,) = system_manifests(facts(PEOPLE)).values()
    assert json.loads(json.dumps(silent))["system"][0]["privacy_declarations"] == []


@given(st.text(max_size=20))
def test_a_key_of_fides_has_only_signs_that_fides_takes(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_.<>-]+", fides_key(name))


def stated() -> Facts:
    words = (Wording((("en", "Billing"), ("fr", "Facturation"))),)
    officer = Party(name="An officer", contact="dpo@example.com")
    held = (
        PEOPLE,
        replace(PEOPLE, id=DatasetId("app", "panel"), held_as="joint controller"),
        replace(PEOPLE, id=DatasetId("app", "a b"), held_as="processor", client="Client plc"),
        replace(PEOPLE, id=DatasetId("app", "a-b"), held_as="processor", client="Client/plc"),
    )
    return replace(
        facts(*held, promised=Promised(purposes=(USE,), measures=(USE,))),
        controller=Controller(
            name="Example GmbH", officer=officer, joint=(Party(name="Partner SARL"),)
        ),
        recipients=(
            Recipient(name="Mailings Ltd", role="processor", country="US", safeguard=words[0]),
            Recipient(name="Elsewhere", systems=("Elsewhere",)),
        ),
        clients=(Client(name="Client plc", contact="x@example.com", officer=officer),),
        activities=(ActivitySettings(purposes=words, storage_periods=words, measures=words),),
    )


def test_what_the_settings_say_reaches_both_forms() -> None:
    nodes = {each["@id"]: each for each in as_json_ld(stated())["@graph"]}  # type: ignore[attr-defined] # a list of nodes
    process = nodes["#process.app.people"]
    (recipient,) = process["dpv:hasRecipient"]
    assert nodes[recipient["@id"]]["dpv:hasThirdCountry"]["dct:identifier"] == "US"
    assert len(process["dpv:hasTechnicalOrganisationalMeasure"]) == 2
    assert len(nodes) == len(as_json_ld(stated())["@graph"])  # type: ignore[arg-type] # a list
    (system,) = system_manifests(stated()).values()
    (told,) = system["system"]  # type: ignore[misc] # a list of one
    assert told["dpo"] == "An officer, dpo@example.com"
    assert told["joint_controller_info"] == "Partner SARL"
    assert told["privacy_declarations"][0]["third_parties"] == "Mailings Ltd"


@pytest.mark.parametrize(
    "known", [facts(PEOPLE, promised=Promised(purposes=(USE,), measures=(USE,))), stated()]
)
def test_linked_data_needs_no_network_and_uses_only_declared_prefixes(known: Facts) -> None:
    document = as_json_ld(known)
    context = document["@context"]
    assert isinstance(context, dict)
    ids: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, list):
            for each in value:
                walk(each)
        elif isinstance(value, dict):
            for key, inside in value.items():
                if not key.startswith("@"):
                    assert key.partition(":")[0] in context, key
                if key == "@id":
                    ids.append(inside)
                if key == "@type":
                    for each in inside if isinstance(inside, list) else [inside]:
                        assert each.startswith(("dpv:", "https://w3id.org/dpv")), each
                walk(inside)

    walk(document["@graph"])
    assert json.loads(json.dumps(document)) == document
    defined = {each["@id"] for each in document["@graph"]}  # type: ignore[attr-defined,index] # a list of nodes
    assert {each for each in ids if each.startswith("#")} <= defined


def test_every_category_and_purpose_has_a_concept() -> None:
    assert all(data_iri(each).startswith("https://w3id.org/dpv") for each in PERSONAL)
    assert all(purpose_iri(each).startswith("https://w3id.org/dpv#") for each in Purpose)
    assert data_iri(C.USER) == "https://w3id.org/dpv#PersonalData"
    assert set(CATEGORY_OF.values()) <= set(PERSONAL)
