"""Components are what the edges connect, named by the least of their ids."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from transforms.components import Edge, components

_IDS = "abcdefgh"
_EDGES = st.lists(st.tuples(st.sampled_from(_IDS), st.sampled_from(_IDS)), max_size=12)


def _reached(start: str, edges: list[Edge]) -> set[str]:
    """Everything connected with an id, found by walking."""
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        near = {b for a, b in edges if a == here} | {a for a, b in edges if b == here}
        waiting += sorted(near - found)
        found |= near
    return found


@given(_EDGES)
def test_an_id_belongs_to_the_least_it_is_connected_with(edges: list[Edge]) -> None:
    """However long the chain."""
    assert components(_IDS, edges) == {each: min(_reached(each, edges)) for each in _IDS}


@given(_EDGES, st.randoms(use_true_random=False))
def test_order_and_direction_of_edges_are_irrelevant(
    edges: list[Edge], chance: random.Random
) -> None:
    """Nor does it matter how often an edge is named, or the order of the ids."""
    shuffled = [(b, a) for a, b in edges] + edges
    chance.shuffle(shuffled)

    assert components(reversed(_IDS), shuffled) == components(_IDS, edges)
    assert list(components(reversed(_IDS), shuffled)) == list(_IDS)


@given(_EDGES)
def test_joining_what_is_joined_changes_nothing(edges: list[Edge]) -> None:
    """The result as edges gives the result."""
    found = components(_IDS, edges)

    assert components(_IDS, list(found.items())) == found


@given(_EDGES, st.sets(st.sampled_from(_IDS)))
def test_edges_to_others_are_left_out(edges: list[Edge], ids: set[str]) -> None:
    """A component holds none but the ids given, and none of them connects through another."""
    inside = [(a, b) for a, b in edges if a in ids and b in ids]

    assert components(ids, edges) == components(ids, inside)


def test_a_long_chain_is_no_deep_recursion() -> None:
    """A hundred thousand updates of one text are one component."""
    ids = [f"{number:06}" for number in range(100_000)]
    chain = list(zip(ids[1:], ids, strict=False))

    assert set(components(ids, reversed(chain)).values()) == {"000000"}
