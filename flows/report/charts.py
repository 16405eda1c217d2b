"""The charts of the report, as Vega-Lite specifications of what `contents` and `volume` hold.

Bars are stacked here and not by Vega-Lite, so that the order of the parts is ours. Colours are
variables of the page's style sheet: a chart is light or dark with the page around it. Every chart is
drawn twice, for a wide and for a narrow page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from flows.report import bounds
from flows.report.contents import Contents, Listing, Spread
from flows.report.drawing import Specification, draw
from flows.report.shown import shortened, visible
from flows.report.volume import Volume

Point = dict[str, Any]
Build = Callable[[bool], Specification | None]

_OWN, _WIRE = "own reporting", "wire copy"
_COLOURS = {_OWN: "var(--own)", _WIRE: "var(--wire)"}
_WIDTHS = {"wide": 940, "narrow": 320}
_LONGEST_LABEL = {"wide": 240, "narrow": 110}
_BAR = 22
"""Height of a bar with its gap, in pixels."""


def drawings(contents: Contents, shown: Volume) -> dict[str, Markup]:
    """Every chart there is something to draw for, in both widths, by the name of its section."""
    builds: dict[str, Build] = {
        "volume": lambda is_wide: _volume(shown, is_wide=is_wide),
        "originality": lambda is_wide: _originality(contents.publishers, is_wide=is_wide),
        "agencies": lambda is_wide: _agencies(contents.agencies, is_wide=is_wide),
        "spread": lambda is_wide: _spread(contents.spreads, is_wide=is_wide),
        "outcomes": lambda is_wide: _outcomes(contents.outcomes, is_wide=is_wide),
    }
    found = {}
    for name, build in builds.items():
        drawn = Markup()
        for kind, width in _WIDTHS.items():
            specification = build(kind == "wide")
            if specification is not None:
                named_by = f"{name}-chart"
                drawn += draw(specification, width=width, kind=kind, named_by=named_by)
        if drawn:
            found[name] = drawn
    return found


def _scale(colours: Mapping[str, str]) -> Point:
    return {"domain": list(colours), "range": list(colours.values())}


def _volume(shown: Volume, *, is_wide: bool) -> Specification | None:
    if not shown.steps:
        return None
    is_outline = len(shown.steps) > bounds.BARS
    points = []
    for step in shown.steps:
        own, count = step.own_article_count, step.article_count
        for kind, low, high in ((_OWN, 0, own), (_WIRE, own, count)):
            tip = f"{_days(step.begins_on, step.ends_on, shown.unit)}: {high - low:,} {kind}"
            low_high = {"kind": kind, "low": low, "high": high, "tip": tip}
            points.append(
                {"from": f"{step.begins_on}", "until": f"{step.ends_on}", **low_high},
            )
    if is_outline:
        # An outline goes on to the end of its last step.
        points += [{**point, "from": point["until"]} for point in points[-2:]]
    axis = {
        "values": _ticks([step.begins_on for step in shown.steps], 8 if is_wide else 2),
        "format": "%Y" if shown.unit == "year" else "%-d %b %Y",
        "grid": False,
        "labelOverlap": True,
        "labelFlush": True,
    }
    encoding: Point = {
        "x": {"field": "from", "type": "temporal", "scale": {"type": "utc"}, "axis": axis},
        "y": {
            "field": "low",
            "type": "quantitative",
            "axis": {"tickMinStep": 1, "format": ",d", "tickCount": 5},
            "title": f"articles a {shown.unit}",
        },
        "y2": {"field": "high"},
        "color": {"field": "kind", "type": "nominal", "scale": _scale(_COLOURS)},
    }
    encoding["x"]["title"] = None
    if is_outline:
        mark: Point = {"type": "area", "interpolate": "step-after"}
    else:
        mark = {"type": "rect", "stroke": "var(--paper)", "strokeWidth": 0.5}
        encoding["x2"] = {"field": "until"}
        encoding["description"] = {"field": "tip", "type": "nominal"}
    return {"data": {"values": points}, "mark": mark, "encoding": encoding, "height": 240}


def _ticks(days: Sequence[date], limit: int) -> list[str]:
    every = -(-len(days) // limit)
    return [f"{day}" for day in days[::every]]


def _days(begins_on: date, ends_on: date, unit: str) -> str:
    return f"{begins_on}" if unit == "day" else f"{begins_on} until {ends_on}"


def _bars(
    points: Sequence[Point], colours: Mapping[str, str], axis: Point, *, is_wide: bool
) -> Specification:
    labels = list(dict.fromkeys(point["label"] for point in points))
    return {
        "data": {"values": list(points)},
        "mark": {"type": "bar", "stroke": "var(--paper)", "strokeWidth": 0.5},
        "encoding": {
            "y": {
                "field": "label",
                "type": "nominal",
                "sort": labels,
                "title": None,
                "axis": {"labelLimit": _LONGEST_LABEL["wide" if is_wide else "narrow"]},
            },
            "x": {"field": "low", "type": "quantitative", **axis},
            "x2": {"field": "high"},
            "color": {"field": "kind", "type": "nominal", "scale": _scale(colours)},
            "description": {"field": "tip", "type": "nominal"},
        },
        "height": _BAR * len(labels),
    }


def _labels(names: Iterable[str | None]) -> list[str]:
    """Names as labels that differ: bars of one label would be one bar."""
    found: list[str] = []
    for name in names:
        label = shortened(name or "(unknown)", bounds.LABEL_CHARACTERS)
        number = 2
        distinct = label
        while distinct in found:
            distinct = f"{label} ({number})"
            number += 1
        found.append(distinct)
    return found


def _stacked(label: str, parts: Mapping[str, float], form: str) -> list[Point]:
    points, low = [], 0.0
    for kind, size in parts.items():
        if size:
            tip = f"{label}: {size:{form}} {kind}"
            points.append({"label": label, "kind": kind, "low": low, "high": low + size})
            points[-1]["tip"] = tip
        low += size
    return points


def _originality(publishers: Listing, *, is_wide: bool) -> Specification | None:
    rows = [(row["publisher"], row) for row in publishers.rows]
    if publishers.others:
        rows.append((f"{publishers.others:,} others together", publishers.other_sums))
    points: list[Point] = []
    for label, (_, row) in zip(_labels(name for name, _ in rows), rows, strict=True):
        if row["word_count"]:
            own = row["own_word_count"] / row["word_count"]
            points += _stacked(label, {_OWN: own, _WIRE: 1 - own}, ".0%")
    if not points:
        return None
    axis = {
        "axis": {"format": ".0%", "tickCount": 5},
        "scale": {"domain": [0, 1]},
        "title": "share of words",
    }
    return _bars(points, _COLOURS, axis, is_wide=is_wide)


def _counted(points: Sequence[Point], title: str, *, is_wide: bool) -> Point:
    largest = max(point["high"] for point in points)
    ticks = {"tickMinStep": 1, "format": ",d", "tickCount": 6 if is_wide else 3}
    return {"axis": ticks, "scale": {"domain": [0, largest]}, "title": title}


def _agencies(agencies: Listing, *, is_wide: bool) -> Specification | None:
    names = {
        "self_count": "on its own site",
        "owner_count": "whole text elsewhere",
        "shared_count": "part of a text elsewhere",
    }
    colours = dict(zip(names.values(), ("var(--third)", "var(--wire)", "var(--own)"), strict=True))
    points: list[Point] = []
    labels = _labels(row["agency"] for row in agencies.rows)
    for label, row in zip(labels, agencies.rows, strict=True):
        points += _stacked(label, {name: row[column] for column, name in names.items()}, ",.0f")
    if not points:
        return None
    axis = _counted(points, "articles", is_wide=is_wide)
    return _bars(points, colours, axis, is_wide=is_wide)


def _outcomes(outcomes: Listing, *, is_wide: bool) -> Specification | None:
    colours = {
        "duplicate": "var(--third)",
        "skipped": "var(--own)",
        "quarantined": "var(--wire)",
        "pending": "var(--fourth)",
    }
    rows = [row for row in outcomes.rows if row["state"] in colours]
    points: list[Point] = []
    labels = _labels((row["reason"] or row["state"]).replace("_", " ") for row in rows)
    for label, row in zip(labels, rows, strict=True):
        points += _stacked(label, {row["state"]: row["input_count"]}, ",.0f")
    if not points:
        return None
    held = {point["kind"] for point in points}
    shown = {state: colour for state, colour in colours.items() if state in held}
    return _bars(points, shown, _counted(points, "inputs", is_wide=is_wide), is_wide=is_wide)


def _spread(spreads: Sequence[Spread], *, is_wide: bool) -> Specification | None:
    points, names = [], []
    for spread in spreads:
        placed = [copy for copy in spread.copies if copy["placed_at"] is not None]
        if not placed:
            continue
        limit = bounds.LABEL_CHARACTERS if is_wide else 30
        headline = visible(spread.cluster["headline"])
        names.append(shortened(f"{spread.rank}. {headline}", limit))
        for copy in placed:
            hours = (copy["placed_at"] - placed[0]["placed_at"]).total_seconds() / 3600
            points.append(
                {"name": names[-1], "hours": hours, "copies": copy["running_article_count"]}
            )
    if not points:
        return None
    lines = {
        "field": "name",
        "type": "nominal",
        "legend": {"columns": 2 if is_wide else 1, "symbolType": "stroke", "symbolStrokeWidth": 3},
    }
    colours = ("own", "wire", "third", "fourth", "fifth", "sixth")
    dashes = ([1, 0], [8, 3], [3, 3], [10, 3, 2, 3], [2, 2], [12, 4, 4, 4])
    return {
        "data": {"values": points},
        "height": 260,
        "mark": {
            "type": "line",
            "interpolate": "step-after",
            "strokeWidth": 2.5,
            "point": {"size": 28, "filled": True} if len(points) <= bounds.BARS else False,
        },
        "encoding": {
            "x": {
                "field": "hours",
                "type": "quantitative",
                "title": "hours after the first",
                "axis": {"grid": False, "tickCount": 8 if is_wide else 4},
            },
            "y": {
                "field": "copies",
                "type": "quantitative",
                "title": "articles so far",
                "axis": {"tickMinStep": 1, "format": ",d", "tickCount": 5},
            },
            "color": {
                **lines,
                "scale": _scale(
                    {name: f"var(--{c})" for name, c in zip(names, colours, strict=False)}
                ),
            },
            "strokeDash": {
                **lines,
                "scale": {"domain": names, "range": list(dashes[: len(names)])},
            },
        },
    }
