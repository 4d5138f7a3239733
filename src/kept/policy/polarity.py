"""Whether words say that something is not done."""

from kept.policy.languages.loading import load
from kept.policy.view import view
from kept.promises.promise import Clause


def denies(clause: Clause) -> bool:
    """Return whether the words of `clause` say that something is not done."""
    words = view(clause.quote).text
    return load(clause.language).read_alone(words).does("denial")
