from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.settings import Settings, SettingsError, UnknownKeyError, parse_settings

HERE = Path("/company/kept.toml")

WHOLE = """
[controller]
name = "Example Cloud"
contact = "privacy@example.com"
establishment = "DE"
laws = ["eu-gdpr", "us-ca-ccpa"]
[[policies]]
path = "policy.en.md"
language = "en"
published = "https://example.com/privacy"
[stores.app]
url = "sqlite:///data/app.sqlite"
write_url = "env:KEPT_APP_WRITE_URL"
region = "DE"
system = "Web shop"
[terms]
"3f2a9c01b7de" = { at_most = "24 months", counted_from = "account closed" }
[requests]
identity = "verified"
approval = "second person"
[languages]
prevailing = "en"
"""


def parse(text: str, **environment: str) -> Settings:
    return parse_settings(text, path=HERE, environment=environment)


def test_every_documented_key_is_read() -> None:
    settings = parse(WHOLE, KEPT_APP_WRITE_URL="sqlite:////elsewhere/app.sqlite")
    assert settings.controller.laws == ("eu-gdpr", "us-ca-ccpa")
    assert settings.policies[0].path == Path("/company/policy.en.md")
    assert settings.stores["app"].url == "sqlite:////company/data/app.sqlite"
    assert settings.stores["app"].write_url == "sqlite:////elsewhere/app.sqlite"
    assert settings.terms["3f2a9c01b7de"]["at_most"] == "24 months"
    assert (settings.identity, settings.approval) == ("verified", "second person")
    assert settings.state == Path("/company/.kept")
    assert settings.datamap == Path("/company/datamap.toml")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[controler]\nname = 'x'", "controller"),
        ("[controller]\nnmae = 'x'", "name"),
        ("[[policies]]\npaht = 'x'", "path"),
        ("[stores.app]\nur1 = 'x'", "url"),
        ("[requests]\naproval = 'x'", "approval"),
    ],
)
def test_an_unknown_key_is_refused_and_the_nearest_known_one_is_named(
    text: str, named: str
) -> None:
    with pytest.raises(UnknownKeyError) as refused:
        parse(text)
    assert f"'{named}'" in refused.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "stores = 3",
        "[stores]\napp = 3",
        "[stores.app]\nregion = 'DE'",
        "[stores.app]\nurl = 3",
        "policies = 'policy.md'",
        "[[policies]]\nlanguage = 'en'",
        "[controller]\nlaws = 'eu-gdpr'",
        "[controller]\nlaws = ['eu-gdrp']",
        "[requests]\nidentity = 'nobody'",
        "[controller]\ntimezone = 'Berlin'",
        "[controller]\ntimezone = '../../etc/passwd'",
        "[controller]\ntimezone = ''",
        "[controller]\ntimezone = 'Europe'",
        "[terms]\nabc = 3",
        "[stores.app]\nurl = 'env:NOT_SET'",
    ],
)
def test_a_wrong_value_is_refused_with_one_clear_message(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse(text)
    assert "kept.toml" in str(refused.value)
    assert refused.value.remedy


def test_addresses_never_show_in_a_repr() -> None:
    settings = parse("[stores.app]\nurl = 'postgresql://reader:hunter2@db/app'")
    assert "hunter2" not in repr(settings)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        settings = parse(text)
    except SettingsError:
        return
    assert settings.path == HERE


RECORD = """
[controller.officer]
name = "Office for data protection"
contact = "dpo@example.com"
[controller.representative]
not_needed = { en = "in the Union", fr = "dans l’Union" }
[[controller.joint]]
name = "Example Partner"
[stores.app]
url = "sqlite:///app.sqlite"
safeguard = "adequacy decision"
[[recipients]]
name = "Example Mailings"
role = "processor"
systems = ["app"]
[[clients]]
name = "Client plc"
officer = { contact = "dpo@client.example" }
processing = ["hosting"]
[[activities]]
system = "app"
purposes = ["billing", { en = "support", ar = "دعم" }]
"""


def test_what_the_record_of_processing_needs_is_read() -> None:
    settings = parse(RECORD)
    controller = settings.controller
    assert controller.officer is not None
    assert controller.officer.contact == "dpo@example.com"
    assert controller.representative is not None
    assert controller.representative.not_needed.read_in("fr") == ("fr", "dans l’Union")
    assert controller.representative.not_needed.read_in("ar") == ("en", "in the Union")
    assert [each.name for each in controller.joint] == ["Example Partner"]
    assert settings.stores["app"].safeguard
    assert settings.recipients[0].concern("app", "customer")
    assert settings.clients[0].processing[0].read_in("fr") == ("", "hosting")
    assert len(settings.activities[0].purposes) == 2


@pytest.mark.parametrize(
    "text",
    [
        "controller.officer = 'me'",
        "controller.officer = {}",
        "controller.officer = { name = 'x', not_needed = 'y' }",
        "controller.officer = { nam = 'x' }",
        "controller.joint = { name = 'x' }",
        "[[controller.joint]]\ncontact = 'x'",
        "[[recipients]]\nrole = 'processor'",
        "[[recipients]]\nname = 'x'\nrole = 'friend'",
        "[[recipients]]\nname = 'x'\nsystems = ['nowhere']",
        "[[recipients]]\nname = 'x'\nkind = 3",
        "[[recipients]]\nname = 'x'\ncountry = 'America'",
        "[[recipients]]\nname = 'x'\nkind = { de = 'x' }",
        "[[recipients]]\nname = 'x'\nkind = { en = 3 }",
        "[[clients]]\nname = 'x'\n[[clients]]\nname = 'x'",
        "[[activities]]\npurposes = 'billing'",
        "[[activities]]\npurposes = ['']",
        "[[activities]]\nsystem = 'nowhere'",
        "recipients = 3",
        "a = " + "[" * 5000,
    ],
)
def test_what_cannot_stand_in_the_record_is_refused_with_one_clear_message(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse(text)
    assert "kept.toml" in str(refused.value)
    assert refused.value.remedy
