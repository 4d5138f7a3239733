from kept.policy.source import Source
from kept.workflows.review_policies import read_as_decided

POLICY = b"""# Privacy policy

We collect your name and your e-mail address. You can ask for a copy of your data.
California residents may opt out of the sale of their data.
"""


def test_only_what_the_controllers_laws_demand_is_asked_of_its_policy() -> None:
    sources = [Source("policy.md", POLICY)]
    named = read_as_decided(sources, "").reviewed.register.disclosures
    under = read_as_decided(sources, "", laws=("eu-gdpr",)).reviewed.register.disclosures
    assert len(named) == 39
    assert 0 < len(under) < len(named)
    assert all("eu-gdpr" in each.laws and each.applies == "yes" for each in under)
