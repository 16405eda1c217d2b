"""A Vega-Lite specification drawn as SVG that may stand inside a page.

vl-convert draws without a browser and without the network. What it returns is parsed and written
anew: only shapes, words and their places get through, so whatever a label holds is a label.
"""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

Specification = dict[str, Any]

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset({"svg", "g", "path", "line", "rect", "circle", "text", "tspan"})
_PLACES = "d transform x y x1 x2 y1 y2 dx dy width height r cx cy viewBox"
_LOOKS = (
    "fill fill-opacity stroke stroke-width stroke-dasharray stroke-opacity stroke-miterlimit "
    "stroke-linecap stroke-linejoin opacity text-anchor font-size font-weight"
)
_ATTRIBUTES = frozenset([*_PLACES.split(), *_LOOKS.split()])
_DECIMALS = re.compile(r"(\.\d)\d+")
_OUTLINES = frozenset({"area mark", "line mark"})
_CONFIG: Specification = {
    "background": None,
    "view": {"stroke": None},
    "font": "sans-serif",
    "axis": {
        "labelColor": "var(--ink)",
        "titleColor": "var(--ink)",
        "domainColor": "var(--rule)",
        "tickColor": "var(--rule)",
        "gridColor": "var(--rule)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelFontWeight": "normal",
    },
    "legend": {
        "labelColor": "var(--ink)",
        "labelFontSize": 12,
        "labelLimit": 300,
        "orient": "bottom",
        "title": None,
        "symbolSize": 120,
    },
}
_NARROW = {**_CONFIG, "legend": {**_CONFIG["legend"], "columns": 1, "labelLimit": 270}}


def draw(specification: Mapping[str, Any], *, width: int, kind: str, named_by: str) -> Markup:
    """The chart as an SVG element.

    Args:
        specification: Vega-Lite without a width; colours may be CSS variables.
        width: Of the whole drawing, in pixels.
        kind: Its class, `wide` or `narrow`.
        named_by: Ids of the elements of the page that name it.

    Raises:
        ValueError: The specification is wrong.
    """
    # Half a second, and only the report draws.
    import vl_convert  # noqa: PLC0415

    drawn = vl_convert.vegalite_to_svg(
        {
            **specification,
            "width": width,
            "autosize": {"type": "fit-x", "contains": "padding"},
            "padding": 2,
            "config": _CONFIG if kind == "wide" else _NARROW,
        },
        allowed_base_urls=[],
    )
    return _clean(drawn, kind=kind, named_by=named_by)


def _clean(drawn: str, *, kind: str, named_by: str) -> Markup:
    """The drawing with nothing but what is known to be harmless."""
    root = _copied(ET.fromstring(drawn))  # noqa: S314 - no more than what the library just wrote
    if root is None or root.tag != "svg":
        raise ValueError("The chart is no SVG drawing.")
    root.set("class", f"chart {kind}")
    root.set("role", "img")
    root.set("aria-labelledby", named_by)
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - written by ElementTree


def _copied(element: ET.Element) -> ET.Element | None:
    tag = element.tag.removeprefix(_NAMESPACE)
    if tag not in _ELEMENTS or element.get("display") == "none" or element.get("d") == "":
        return None
    copy = ET.Element(tag)
    for name, value in element.attrib.items():
        if name in _ATTRIBUTES and "url(" not in value:
            copy.set(name, _DECIMALS.sub(r"\1", value))
    copy.text = element.text
    label = element.get("aria-label")
    if label and tag == "path" and element.get("aria-roledescription") not in _OUTLINES:
        # What a pointer that rests on a mark is shown; the table says the same to everyone.
        ET.SubElement(copy, "title").text = label
    copy.extend(child for child in map(_copied, element) if child is not None)
    return copy
