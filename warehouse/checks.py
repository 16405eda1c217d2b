"""What the tables promise, each as a statement under `sql/checks` that returns the rows that break it."""

from dataclasses import dataclass

from warehouse.connection import Connection
from warehouse.statements import names, statement

_SHOWN = 5
_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: its name, what it promises, how many rows break it, and the first of them."""

    name: str
    promise: str
    violation_count: int
    examples: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether no row breaks the promise."""
        return self.violation_count == 0


def run_checks(con: Connection) -> list[CheckResult]:
    """Run every check, in order of name. A check's first comment line says what it promises."""
    return [_run(con, name) for name in names("checks")]


def _run(con: Connection, name: str) -> CheckResult:
    text = statement(f"checks/{name}")
    promise = text.partition("\n")[0].removeprefix("--").strip()
    result = con.execute(text)
    shown = result.fetchmany(_SHOWN)
    count = len(shown)
    while rows := result.fetchmany(_COUNTED):  # a broken loader may break a million rows
        count += len(rows)
    return CheckResult(name, promise, count, tuple(str(row) for row in shown))
