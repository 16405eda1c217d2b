"""Batches in any order, with updates and removals between, end in the tables of one batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.flows.comparing import NOON, Article, Desk, invented, lines

STORIES, LINES, NAMES = 2, 6, 16
PUBLISHERS = ("herald", "post", "echo", None)
GROUP = {"herald": 0, "post": 0, "echo": 1}
"""Sites of one group share their furniture."""

Step = tuple[str, Article | None]
"""An article that comes or comes again, by name; None: it is dropped."""


def _edited(rng: Random, text: str) -> str:
    words = text.split()
    words[rng.randrange(len(words))] = "zuzuzux"
    return " ".join(words)


def _article(rng: Random, name: str) -> Article:
    """A copy of a story, or own words around a paragraph of one; under it the site's furniture."""
    story, publisher = rng.randrange(STORIES), rng.choice(PUBLISHERS)
    lines = [invented(f"{story} {number}") for number in range(LINES)]
    if rng.random() < 0.3:
        own = [invented(f"own {name} {number}") for number in range(3)]
        body = [*own, rng.choice(lines)]
    else:
        body = [each for each in lines if rng.random() < 0.8] or lines[:4]
        if rng.random() < 0.3:
            body[-1] = _edited(rng, body[-1])
        if rng.random() < 0.3:
            body.insert(1, invented(f"{rng.randrange(STORIES)} {rng.randrange(LINES)}"))
    if rng.random() < 0.4:
        body.insert(rng.randrange(len(body) + 1), "# " + invented(f"heading {story}", 6))
    if publisher is not None:
        body += [
            invented(f"site {GROUP[publisher]} {n}", 8) for n in range(2) if rng.random() < 0.6
        ]
    days = rng.choice((0, 0, 0, 0, 1, 9))
    at = NOON + timedelta(days=days, hours=rng.randrange(3))
    return Article(
        name,
        "\n".join(body),
        publisher,
        None if rng.random() < 0.1 else at,
        is_agency=rng.random() < 0.2,
    )


def _again(rng: Random, former: Article) -> Article:
    """The article once more, with another text, time or publisher, or as an agency's own."""
    other = _article(rng, former.name)
    change = rng.choice(("body", "published_at", "publisher_id", "is_agency", "everything"))
    if change == "everything":
        return other
    return replace(former, **{change: getattr(other, change)})


def shuffled(rng: Random, steps: Sequence[Sequence[Step]]) -> list[Step]:
    """The steps of all articles in some order; those of one article in theirs."""
    order = [number for number, own in enumerate(steps) for _ in own]
    rng.shuffle(order)
    coming = [iter(own) for own in steps]
    return [next(coming[number]) for number in order]


def history(seed: int) -> list[Step]:
    """What comes and goes, in some order: of each article its first version first."""
    rng = Random(seed)  # noqa: S311
    steps: list[list[Step]] = []
    for number in range(NAMES):
        name = f"n{number}"
        own: list[Step] = [(name, _article(rng, name))]
        while rng.random() < 0.35:
            former = own[-1][1]
            own.append((name, _again(rng, former) if former else _article(rng, name)))
        if rng.random() < 0.25:
            own.append((name, None))
        steps.append(own)
    return shuffled(rng, steps)


def cut(rng: Random, steps: Sequence[Step]) -> Iterator[list[Step]]:
    """The steps in batches of random size, no name twice in one."""
    batch: list[Step] = []
    size = rng.choice((1, 3, 8))
    for step in steps:
        if len(batch) >= size or step[0] in {name for name, _ in batch}:
            yield batch
            batch, size = [], rng.choice((1, 3, 8, 20))
        batch.append(step)
    yield batch


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy from."""
    return Desk(tmp_path_factory.mktemp("template")).home


@pytest.fixture
def bounds(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets bounds so small that a few articles reach all of them: so many lead in a day."""

    def lower(leaders: int) -> None:
        monkeypatch.setattr("flows.comparison.index.LEADERS_A_DAY", leaders)
        monkeypatch.setattr("flows.comparison.furnishing.FURNITURE_CLUSTERS", 2)
        monkeypatch.setattr("transforms.furniture.FURNITURE_CLUSTERS", 2)

    return lower


def _received(desk: Desk, steps: Iterable[Sequence[Step]]) -> dict[str, Article]:
    """Let batches come; returns the articles held at the end, by name."""
    held: dict[str, Article] = {}
    for batch in steps:
        gone = [name for name, article in batch if article is None]
        desk.receive(*[article for _, article in batch if article], without=gone)
        held |= {name: article for name, article in batch if article}
        held = {name: article for name, article in held.items() if name not in gone}
    return held


def _assert_same(desk: Desk, expected: Desk) -> None:
    """Row for row, table by table."""
    tables = expected.tables()
    for name, rows in desk.tables().items():
        assert rows == tables[name], name


@pytest.mark.parametrize("seed", [3, 6, 8, 15, 26, 31])
def test_the_tables_are_a_function_of_the_articles_held(
    tmp_path: Path, template: Path, bounds: Callable[[int], None], seed: int
) -> None:
    """Row for row and flag for flag, the tables of the index included."""
    bounds(1 + seed % 2)
    desk = Desk(tmp_path / "slow", template)
    held = _received(desk, cut(Random(seed), history(seed)))  # noqa: S311
    at_once = Desk(tmp_path / "once", template)
    at_once.receive(*held.values())

    _assert_same(desk, at_once)
    assert _met(at_once) == set(_MECHANISMS)


_MECHANISMS = {
    "matches": "from matches",
    "clusters of several": "from clusters where article_count > 1",
    "passages": "from passages",
    "headings": """
        from passages inner join articles on article_a = article_id
        where body[a_start - 1:a_start] = '# '
    """,
    "furniture": "from reuse.furniture",
    "seeds on furniture": "from reuse.seeds where is_furniture",
    "seeds that do not lead": "from reuse.seeds where not is_leader and not is_furniture",
    "bands that do not lead": "from reuse.bands where not is_leader",
    "reprints that are first": """
        from reuse.seeds
        inner join cluster_members on format('{:016x}', article_key) = article_id
        where is_first and role = 'reprint'
    """,
}


def _met(desk: Desk) -> set[str]:
    """Which of these there is something of: a trial that meets few of them proves little."""
    return {name for name, rows in _MECHANISMS.items() if desk.ask(f"select 1 {rows} limit 1")}


_LINK = timedelta(days=6)
"""Between one copy of a chain and the next: the one after that is out of its window."""
_COPIES = 8


def _copy(number: int) -> Article:
    """A copy of one text, cut somewhere, under words of its own; another site's each."""
    body = [*lines("chain", *range(9)), invented(f"own {number}")]
    del body[number % 9]
    return Article(f"c{number}", "\n".join(body), f"site {number}", NOON + number * _LINK)


def _chain(change: str) -> list[list[Step]]:
    """What comes of each copy: all but one as they stay. Of the others one is dated wrongly at first,
    or for good, and one is dropped in the end.
    """
    steps: list[list[Step]] = [[(each.name, each)] for each in map(_copy, range(_COPIES))]
    middle = _copy(4)
    far, undated = (replace(middle, published_at=at) for at in (NOON + timedelta(days=400), None))
    extra = replace(_copy(11), published_at=NOON + 3 * _LINK + timedelta(hours=5))
    bridge = _COPIES // 2
    if change == "holds":
        steps[bridge] = [("c4", far), ("c4", undated), ("c4", middle)]
        return [*steps, [(extra.name, extra), (extra.name, None)]]
    last: dict[str, list[Step]] = {
        "removed": [("c4", None)],
        "redated": [("c4", undated), ("c4", far)],
        "undated": [("c4", far), ("c4", undated)],
    }
    steps[bridge] = [("c4", middle), *last[change]]
    return steps


_FIRST_HALF, _SECOND_HALF = {f"c{n}" for n in range(4)}, {f"c{n}" for n in range(5, _COPIES)}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("holds", [_FIRST_HALF | {"c4"} | _SECOND_HALF]),
        ("removed", [_FIRST_HALF, _SECOND_HALF]),
        ("redated", [_FIRST_HALF, {"c4"}, _SECOND_HALF]),
        ("undated", [_FIRST_HALF | {"c4"} | _SECOND_HALF]),
    ],
)
def test_a_chain_of_copies_over_weeks_is_one_cluster_however_it_comes(
    tmp_path: Path,
    template: Path,
    bounds: Callable[[int], None],
    seed: int,
    change: str,
    expected: list[set[str]],
) -> None:
    """Eight copies in six weeks, each in the window of the next alone. A batch with one of them finds
    the others, at both ends; one that goes, or turns out to be of another time, parts them, and one
    without a time joins them, for it may be of any.
    """
    bounds(1)
    rng = Random(seed)  # noqa: S311
    desk, at_once = Desk(tmp_path / "slow", template), Desk(tmp_path / "once", template)
    held = _received(desk, cut(rng, shuffled(rng, _chain(change))))
    at_once.receive(*held.values())

    assert sorted(map(sorted, at_once.clusters())) == sorted(map(sorted, expected))
    _assert_same(desk, at_once)


def test_who_is_connected_through_an_undated_article_is_clustered_with_the_others(
    tmp_path: Path, template: Path
) -> None:
    """What comes matches one article alone; that is connected with one of another year by a text
    without a time, which is no partner of what came.
    """
    text = lines("running", *range(10))
    undated = Article("undated", "\n".join(text[:6]), "herald", None)
    late = Article("late", "\n".join(text[:6]), "echo", NOON + timedelta(days=400))
    early = Article("early", "\n".join(text[2:8]), "post", NOON)
    newest = Article("newest", "\n".join(text[4:]), "site", NOON + timedelta(days=1))
    desk, at_once = Desk(tmp_path / "slow", template), Desk(tmp_path / "once", template)
    for each in (undated, late, early):
        desk.receive(each)
    desk.receive(newest)
    at_once.receive(newest, early, late, undated)

    assert {pair for pair in desk.matches() if "newest" in pair} == {frozenset(("newest", "early"))}
    assert len(desk.ask("select distinct component_id from reuse.components")) == 1
    _assert_same(desk, at_once)


def test_who_loses_a_match_to_another_leader_loses_its_credit(
    tmp_path: Path, template: Path, bounds: Callable[[int], None]
) -> None:
    """The text of an agency and its copy share one band, and a third article, which resembles
    neither, has it earlier that day: where one leads, the two are no pair any more.
    """
    bounds(1)
    wire, copy, other = lines("s95", *range(5)), lines("c95", 0, 1), lines("z95", *range(6))
    agency = Article("w", "\n".join(wire), "agency", NOON, is_agency=True)
    copied = Article("c", "\n".join(copy + wire[:3]), "herald", NOON + timedelta(hours=1))
    third = Article("z", "\n".join(other + wire[:2]), "post", NOON - timedelta(hours=1))
    desk, at_once = Desk(tmp_path / "slow", template), Desk(tmp_path / "once", template)
    desk.receive(agency, copied)
    assert desk.count("matches") == 1
    assert desk.count("article_agencies") == 2

    desk.receive(third)
    at_once.receive(third, copied, agency)
    assert at_once.count("matches") == 0
    assert desk.tables() == at_once.tables()


def test_two_that_no_longer_lead_share_no_passage_any_more(
    tmp_path: Path, template: Path, bounds: Callable[[int], None]
) -> None:
    """One paragraph in three stories: the third to come had it first that day, and lends to both."""
    bounds(1)
    paragraph = invented("paragraph")
    stories = [
        Article(name, "\n".join([*lines(name, 0, 1), paragraph]), name, NOON + timedelta(hours=at))
        for name, at in (("noon", 0), ("later", 1), ("morning", -1))
    ]
    desk, at_once = Desk(tmp_path / "slow", template), Desk(tmp_path / "once", template)
    desk.receive(*stories[:2])
    assert set(desk.passages()) == {frozenset(("noon", "later"))}

    desk.receive(stories[2])
    at_once.receive(*stories)
    pairs = {frozenset(("morning", "noon")), frozenset(("morning", "later"))}
    assert set(desk.passages()) == pairs
    assert desk.tables() == at_once.tables()


def test_a_short_line_of_furniture_leaves_the_passages_of_a_reprint(
    tmp_path: Path, template: Path, bounds: Callable[[int], None]
) -> None:
    """A line of five words has no seed, so no flag of the index changes with it; its passage goes."""
    bounds(1)
    short, text = invented("short", 5), lines("text", *range(5))
    origin = Article("origin", "\n".join([*text, short]), "agency", NOON)
    reprint = Article("reprint", "\n".join([*text, short]), "herald", NOON + timedelta(hours=1))
    other = Article("other", "\n".join([*lines("other", 0, 1), short]), "herald", NOON)
    desk, at_once = Desk(tmp_path / "slow", template), Desk(tmp_path / "once", template)
    desk.receive(origin, reprint)
    (before,) = desk.passages().values()

    desk.receive(other)
    at_once.receive(other, reprint, origin)
    (after,) = desk.passages().values()
    assert set(before) - set(after) == {short}
    assert desk.tables() == at_once.tables()
