"""Connected components: which articles must be looked at together when one of them changes."""

from collections.abc import Iterable

Edge = tuple[str, str]


def components(ids: Iterable[str], edges: Iterable[Edge]) -> dict[str, str]:
    """For each id the least id it is connected with, itself if alone; edges to others are ignored.

    Union by least id with path halving (Tarjan, "Efficiency of a good but not linear set union
    algorithm", Journal of the ACM 22(2), 1975); the order of the input is irrelevant.
    """
    root = {each: each for each in ids}

    def find(each: str) -> str:
        while root[each] != each:
            root[each] = root[root[each]]
            each = root[each]
        return each

    for a, b in edges:
        if a in root and b in root:
            least, other = sorted((find(a), find(b)))
            root[other] = least
    return {each: find(each) for each in sorted(root)}
