"""In which order things that depend on each other come."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def ordered_groups(after: Mapping[Node, tuple[Node, ...]]) -> tuple[tuple[Node, ...], ...]:
    """Return the nodes in order: each after all that it comes after.

    Nodes that come after each other in a circle form one group. The order follows that
    of the mapping wherever the edges leave a choice, so the same input gives the same
    order. Runs without recursion: a chain may be as long as it likes.

    Args:
        after: For each node, what must come before it. Unknown nodes are left out.

    Examples:
        >>> ordered_groups({"line": ("invoice",), "invoice": ("customer",), "customer": ()})
        (('customer',), ('invoice',), ('line',))
        >>> ordered_groups({"a": ("b",), "b": ("a",), "c": ("a",)})
        (('a', 'b'), ('c',))
    """
    position = {node: at for at, node in enumerate(after)}
    found: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    open_: list[Node] = []
    groups: list[tuple[Node, ...]] = []
    for start in after:
        if start in found:
            continue
        walk = [(start, iter(after[start]))]
        found[start] = lowest[start] = len(found)
        open_.append(start)
        while walk:
            node, befores = walk[-1]
            following = next((each for each in befores if each in position), None)
            if following is None:
                walk.pop()
                if walk:
                    above = walk[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == found[node]:
                    groups.append(_closed(open_, node, position))
            elif following not in found:
                found[following] = lowest[following] = len(found)
                open_.append(following)
                walk.append((following, iter(after[following])))
            elif following in open_:
                lowest[node] = min(lowest[node], found[following])
    return tuple(groups)


def _closed(open_: list[Node], node: Node, position: Mapping[Node, int]) -> tuple[Node, ...]:
    """Take the circle that ends at `node` off the open nodes."""
    at = open_.index(node)
    group = sorted(open_[at:], key=lambda each: position[each])
    del open_[at:]
    return tuple(group)
