"""What a person sees on the page of a flow run, as text: tables, a summary, links.

Headlines and addresses come from strangers. In Markdown every character that could mean something
stands as a character reference, so that no headline becomes a heading, a link, an image, markup or
a new column; in logs a line stays a line.
"""

import json
import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import quote, urlsplit

from flows.walk import Summary
from warehouse.lookup import Found

_LONGEST = 160
_MEANINGLESS = frozenset(",;'? ")
"""Punctuation that begins nothing in Markdown."""
_REFERENCES = {
    ord(character): f"&#{ord(character)};"
    for character in string.punctuation
    if character not in _MEANINGLESS
}
# After "http" and "www", pages make links of what looks like an address: a word joiner breaks it.
_JOINER = "&#8288;"

Cell = str | int


def one_line(text: object, longest: int = _LONGEST) -> str:
    """Text on one line: runs of white space as one space, control characters as escapes, cut."""
    line = " ".join(str(text).split())
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def escaped(text: object, longest: int = _LONGEST) -> str:
    """The same so that Markdown, HTML in Markdown and tables show it as it is."""
    line = one_line(text, longest).translate(_REFERENCES)
    for beginning in ("&#58;", "www&#46;", "&#64;"):
        line = line.replace(beginning, beginning + _JOINER)
    return line


def link(text: object, url: object) -> str:
    """A Markdown link to an address of the web; to anything else, the text alone."""
    address = str(url)
    try:
        is_web = urlsplit(address).scheme in {"http", "https"}
    except ValueError:
        is_web = False
    safe = quote(address, safe="/:?=&;,@%~+-._!$#")
    return f"[{escaped(text)}]({safe})" if is_web else escaped(text)


def outcome_rows(outcomes: Sequence[Found], unchanged: int) -> list[dict[str, Cell]]:
    """A row for each source, outcome and reason, with how many and an example."""
    rows: list[dict[str, Cell]] = [
        {
            "source": one_line(row["source"]),
            "outcome": one_line(row["outcome"]),
            "reason": one_line(row["reason"] or ""),
            "inputs": int(str(row["entry_count"])),
            "example": one_line(row["example"]) if row["reason"] else "",
            "why": one_line(row["detail"] or ""),
        }
        for row in outcomes
    ]
    if unchanged:
        rows.append(
            {
                "source": "",
                "outcome": "unchanged",
                "reason": "",
                "inputs": unchanged,
                "example": "",
                "why": "read before, and the same since",
            }
        )
    return rows


def summary_page(
    flow: str,
    summary: Summary,
    clusters: Sequence[Found],
    parameters: Mapping[str, object],
    again: str | None,
) -> str:
    """The Markdown summary of a run: figures, clusters with what is new, how to run it again."""
    found = summary.as_json()
    run = summary.run_id
    published = "published" if summary.published else "not published"
    parts = [
        f"# {escaped(flow)}",
        f"{summary.seconds:,.1f} s, {summary.batches:,} batches, {published}; run `{run}`.",
        figures({key: value for key, value in found.items() if key not in _NO_FIGURES}),
        f"## Clusters\n\n{_clusters(clusters)}",
        *_end(parameters, again),
    ]
    return "\n\n".join(parts) + "\n"


def plan_page(
    flow: str, plan: Mapping[str, object], parameters: Mapping[str, object], again: str | None
) -> str:
    """The Markdown page of a dry run: what would be done, and that nothing was."""
    said = "A dry run: this is what would be done. Nothing was written."
    parts = [f"# {escaped(flow)}", said, figures(plan), *_end(parameters, again)]
    return "\n\n".join(parts) + "\n"


_NO_FIGURES = frozenset({"run_id", "reasons", "published", "seconds", "batches", "unread_reasons"})


def figures(found: Mapping[str, object]) -> str:
    """A table of counts and texts by name; what is not known is left out."""
    rows = [
        (escaped(name.replace("_", " ")), _figure(value))
        for name, value in found.items()
        if value is not None and value != []
    ]
    return _table(("", ""), rows)


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else escaped(_shown(value), 1000)


def _end(parameters: Mapping[str, object], again: str | None) -> list[str]:
    given = [(escaped(name), escaped(_shown(value))) for name, value in parameters.items()]
    parts = ["## Parameters\n\n" + _table(("parameter", "value"), given)] if given else []
    if again:
        parts.append(f"[Fill in the form again]({again}) with these parameters.")
    return parts


def _clusters(clusters: Sequence[Found]) -> str:
    if not clusters:
        return "Nothing that came in runs the same text as another article."
    total = int(str(clusters[0]["cluster_count"]))
    counted = "1 cluster has" if total == 1 else f"{total:,} clusters have"
    shown = f"; the {len(clusters)} largest" if total > len(clusters) else ""
    rows = [
        (
            link(row["headline"] or row["url"], row["url"]),
            escaped(row["publisher"] or "(unknown)"),
            f"{row['article_count']:,}",
            _day(row["first_published_at"]),
        )
        for row in clusters
    ]
    head = ("origin", "publisher", "articles", "first published")
    return f"{counted} a new or changed article{shown}:\n\n{_table(head, rows)}"


def _day(moment: object) -> str:
    return moment.date().isoformat() if isinstance(moment, datetime) else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "(all)"
    return "" if value is None else str(value)


def form_link(ui_url: str, deployment_id: object, parameters: Mapping[str, object]) -> str:
    """The address of a deployment's form, filled in with parameters."""
    given = json.dumps(dict(parameters), default=_json, ensure_ascii=False)
    place = f"{ui_url.rstrip('/')}/v2/deployments/deployment/{deployment_id}/run"
    return f"{place}?parameters={quote(given, safe='')}"


def _json(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | set | frozenset) else str(value)
