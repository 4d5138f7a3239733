"""What a policy says of the data held, in its own words, as the record quotes it.

The inventory knows no promises: whoever reads the policy hands its words over in this form.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.purpose import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one promise.

    Attributes:
        promise: Its id.
        document: Where it stands.
        language: Of the words.
        quote: The exact words.
        parallel: The same in other languages, each with its language.
        data: Categories that they name; empty where they speak of all data.
        purposes: Purposes that they name.
        at_most: The longest period that they state, or empty.
        counted_from: What starts it, or empty.
    """

    promise: str
    document: str
    language: str
    quote: str
    parallel: tuple[tuple[str, str], ...] = ()
    data: frozenset[DataCategory] = frozenset()
    purposes: tuple[Purpose, ...] = ()
    at_most: str = ""
    counted_from: str = ""

    def read_in(self, language: str) -> tuple[str, str]:
        """Return language and words, in `language` where the policy was published in it."""
        if self.language == language:
            return self.language, self.quote
        return next(
            (each for each in self.parallel if each[0] == language), (self.language, self.quote)
        )

    @property
    def general(self) -> bool:
        """Whether the words name no category, and so speak of all."""
        return not self.data - {DataCategory.USER}

    def name(self, held: Iterable[DataCategory]) -> bool:
        """Return whether the words name one of `held`, or the kind that it belongs to."""
        wanted = tuple(held)
        return any(
            each is not DataCategory.USER and (each.covers(one) or one.covers(each))
            for each in self.data
            for one in wanted
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What the policies say of the data held, each in the order of the text.

    Attributes:
        stating: Words that list what is collected; where none do, all that name categories.
        sources: Words that say where data come from.
        purposes: Words that say what data are used for.
        recipients: Words that say who gets them.
        transfers: Words that say in which countries they are, and with which safeguard.
        periods: Words that say how long they are kept.
        measures: Words that say how they are protected.
        grounds: Words that state a legal ground: consent, contract, a law.
        contacts: Words that say how to reach whoever answers for them.
        denied: Words that say of some categories that they are not collected.
    """

    stating: tuple[Words, ...] = ()
    sources: tuple[Words, ...] = ()
    purposes: tuple[Words, ...] = ()
    recipients: tuple[Words, ...] = ()
    transfers: tuple[Words, ...] = ()
    periods: tuple[Words, ...] = ()
    measures: tuple[Words, ...] = ()
    grounds: tuple[Words, ...] = ()
    contacts: tuple[Words, ...] = ()
    denied: tuple[Words, ...] = ()


def speaking_of(words: Iterable[Words], held: Iterable[DataCategory]) -> tuple[Words, ...]:
    """Return the words that name one of `held`; where none does, those that speak of all."""
    every = tuple(words)
    wanted = tuple(held)
    named = tuple(each for each in every if each.name(wanted))
    return named or tuple(each for each in every if each.general)
