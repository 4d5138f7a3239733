"""How many statements a text may hold for its length, so that reading it always ends soon."""

import re
from collections.abc import Sequence

from kept.policy.errors import PolicyTooLargeError
from kept.policy.structure import Block

MOST_STATEMENTS = 4_000
"""How many lines, cells and sentences are read of a text, however short they are."""
LEAST_LENGTH = 50
"""How many characters each has on average in a text of more. Published policies of that
length have twice as many; what has fewer is a list of something else, or is made to be slow."""

_END = re.compile(r"[.!?؟。…] (?=\S)")


def check_density(text: str, blocks: Sequence[Block]) -> None:
    """Check that `text`, made of `blocks`, is no heap of tiny statements.

    Raises:
        PolicyTooLargeError: It is; nothing of it was read.
    """
    count = len(blocks) + len(_END.findall(text))
    if count > max(MOST_STATEMENTS, len(text) // LEAST_LENGTH):
        raise PolicyTooLargeError(
            f"the policy has {count:,} lines, cells and sentences in {len(text):,} characters;"
            f" past {MOST_STATEMENTS:,}, at most one in {LEAST_LENGTH} is read"
        )
