"""What a backfill would do and what it would cost, roughly."""

from __future__ import annotations

from dataclasses import dataclass, field

_NAMED = 10


@dataclass(slots=True)
class Plan:
    """What a dry run found.

    `units` are the parts of the archive that would be read, `units_before` those that are done
    already. `pages` are those that would be looked at and `requests` what would be asked of hosts;
    None where that is not known. `byte_count` is what would be read or downloaded. `seconds` is the
    least time under the politeness limits and at an ordinary speed. `names` are the first units.
    """

    units: int = 0
    units_before: int = 0
    pages: int | None = 0
    requests: int = 0
    byte_count: int = 0
    seconds: float = 0.0
    names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, name: str, *, pages: int | None, requests: int = 0, byte_count: int = 0) -> None:
        """Count a unit that would be read."""
        self.units += 1
        self.pages = None if pages is None or self.pages is None else self.pages + pages
        self.requests += requests
        self.byte_count += byte_count
        if len(self.names) < _NAMED:
            self.names.append(name)

    def as_json(self) -> dict[str, object]:
        """The same as one JSON object."""
        return {
            "units": self.units,
            "units_done_before": self.units_before,
            "pages": self.pages,
            "requests": self.requests,
            "megabytes": round(self.byte_count / 1e6, 1),
            "minutes": round(self.seconds / 60, 1),
            "first_units": self.names,
            "notes": self.notes,
            "problems": self.problems,
        }

    def as_text(self) -> str:
        """The same in a few lines for a person."""
        pages = "an unknown number of" if self.pages is None else f"{self.pages:,}"
        lines = [
            f"Would read {self.units:,} units with {pages} pages.",
            f"Done already: {self.units_before:,} units.",
            f"Cost: {self.requests:,} requests, {self.byte_count / 1e6:,.1f} MB,",
            f"at least {self.seconds / 60:,.1f} minutes. Nothing was written.",
        ]
        lines += [f"  {name}" for name in self.names]
        if self.units > len(self.names):
            lines.append(f"  and {self.units - len(self.names):,} more")
        return "\n".join([*lines, *self.notes, *self.problems])
