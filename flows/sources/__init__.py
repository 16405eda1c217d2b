"""The registry of sources: `sources.toml` in the data folder, a file that people edit.

The file is the truth of what is polled; the table `sources` follows it at the start of a run
(`tables`), and `ops.source_state` holds what polling taught. `registry` edits the file in place,
`exchange` reads and writes OPML, `adding` looks at an address and tells what it is.
"""

from __future__ import annotations

from pathlib import Path

from flows.errors import BadSources
from flows.settings import Settings
from transforms.source_lists import SourceList, SourceSpec, parse_source_list

FILE = "sources.toml"


def sources_file(settings: Settings) -> Path:
    """Where the registry is; it need not exist."""
    return settings.home / FILE


def read_source_list(settings: Settings) -> SourceList:
    """The sources of the registry and the faults of its file; none where there is no file.

    Raises:
        BadSources: The file cannot be read.
    """
    path = sources_file(settings)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return SourceList()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSources(f"{path} cannot be read: {error}. Mend it, or move it away.") from error
    return parse_source_list(text, name=str(path))


def read_sources(settings: Settings) -> tuple[SourceSpec, ...]:
    """The sources of the registry that are written without fault, in the order of the file.

    Raises:
        BadSources: The file cannot be read.
    """
    return read_source_list(settings).sources
