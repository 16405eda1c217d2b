"""The page: templates, style sheet and script, put together as one file that loads nothing.

Three walls keep text from becoming markup: the templates escape whatever they print, charts are
written anew from what is known to be harmless, and a Content Security Policy lets the browser run
exactly the one script and apply exactly the one style sheet whose digests it names.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from flows.report import bounds, shown
from flows.report.contents import Contents
from flows.report.reader import Reader
from flows.report.volume import Volume

_TEMPLATES = files("flows.report") / "templates"
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_RAW = re.compile(r"</(script|style)|<!--", re.IGNORECASE)


def render(
    contents: Contents,
    *,
    shown_volume: Volume,
    reader: Reader,
    drawings: Mapping[str, Markup],
    version: str,
) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {
        "count": shown.count,
        "day": shown.day,
        "duration": shown.duration,
        "instant": shown.instant,
        "language": _language,
        "line": lambda text: shown.shortened(text or "", bounds.LINE_CHARACTERS),
        "name": lambda text: shown.shortened(text or "", bounds.NAME_CHARACTERS) or "(unknown)",
    }
    environment.globals |= {"share": shown.share, "bounds": bounds}
    style, script = _text("report.css"), _text("report.js")
    return environment.get_template("report.html").render(
        contents=contents,
        totals=contents.totals,
        volume=shown_volume,
        reader=reader,
        drawings=drawings,
        version=version,
        policy=_policy(style, script),
        style=_embedded(style),
        script=_embedded(script),
    )


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _finalize(value: object) -> object:
    """Whatever a template prints: control characters of text are shown and not obeyed."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return shown.visible(value)


def _embedded(text: str) -> Markup:
    """Our own style sheet or script, which must not end its element early."""
    if _RAW.search(text):
        raise ValueError("A style sheet or script of the report would end its own element.")
    return Markup(text)  # noqa: S704 - a file of this package


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _language(code: str | None) -> str:
    """A language code that may stand in `lang`; empty where nothing is known."""
    return code if code and _LANGUAGE.fullmatch(code) else ""
