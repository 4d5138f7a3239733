"""Under which headings, and after which lead-in, each block of a text stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from kept.policy.structure import Block, Part


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands.

    Attributes:
        block: The block.
        headings: Headings above it, the nearest first, as positions in the outline.
        before: The heading that stands before the nearest at the same depth, or none:
            where a text shows no depths, it may be the one above.
        lead: The lead-in, or the item, that an item belongs to, as a position.
        items: How many items follow a lead-in.
    """

    block: Block
    headings: tuple[int, ...] = ()
    before: int | None = None
    lead: int | None = None
    items: int = 0


def outline(blocks: Sequence[Block]) -> list[Place]:
    """Return the place of each block, in order."""
    places: list[Place] = []
    stack: list[int] = []
    before: int | None = None
    lead: int | None = None
    nested: list[int] = []
    followers = _followers(blocks)
    for index, block in enumerate(blocks):
        above = tuple(reversed(stack))
        if block.part is Part.HEADING:
            before = stack[-1] if stack else None
            while stack and blocks[stack[-1]].level >= block.level:
                stack.pop()
            above = tuple(reversed(stack))
            before = before if before not in stack and not block.marked else None
            stack.append(index)
            lead, nested = None, []
            places.append(Place(block, above, before))
            continue
        if block.part is Part.ITEM:
            while nested and blocks[nested[-1]].level >= block.level:
                nested.pop()
            owner = nested[-1] if nested else lead
            nested.append(index)
            places.append(Place(block, above, before, owner, followers[index]))
            continue
        places.append(Place(block, above, before, None, followers[index]))
        lead, nested = index, []
    return places


def _followers(blocks: Sequence[Block]) -> list[int]:
    """Return for each block how many items come right after it, nested ones for an item."""
    followers = [0] * len(blocks)
    run: list[int] = []
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if block.part is Part.ITEM:
            deeper = 0
            while run and blocks[run[-1]].level > block.level:
                run.pop()
                deeper += 1
            followers[index] = deeper
            run.append(index)
        else:
            followers[index] = len(run)
            run = []
    return followers
