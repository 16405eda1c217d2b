"""The types of the forms' fields: what can be chosen, and what a value must look like.

A schema is made when deployments are registered, so the choices are those of that moment. The form
and the server refuse what does not fit it; the flow's first line checks everything again.
"""

from datetime import date
from typing import Annotated

from pydantic import Field
from pydantic.config import JsonDict

from flows.errors import BadSources
from flows.settings import load_settings
from flows.sources import read_sources


def source_slugs() -> list[str]:
    """The sources of the registry by name; none where it cannot be read, which a run will tell."""
    try:
        return sorted({source.slug for source in read_sources(load_settings())})
    except BadSources:
        return []


def _offer_sources(schema: JsonDict) -> None:
    if slugs := source_slugs():  # an empty list of choices would be no schema
        schema["enum"] = list(slugs)


Slug = Annotated[str, Field(json_schema_extra=_offer_sources)]
Slugs = tuple[Slug, ...]

# Without a pattern the server takes any text for a date, and the run fails later.
Day = Annotated[date, Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"})]
