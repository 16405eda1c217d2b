"""What the shell reports to a person.

    WirecopyError
      + ArchiveFailed     an archive cannot be asked now; the next run goes on where this one stopped
      + BadRequest        what was asked for cannot be done; nothing was written
      + BadSources        the list of sources cannot be read or changed as asked
      + NothingToRead     a path on the command line does not exist
      + OutputRefused     a file or folder that was to be written cannot be
      + RebuildRefused    a rebuilt warehouse would have lost articles; the old one stays
      + ServerUnavailable the Prefect server did not start or does not answer

The store has its own tree, in `warehouse.errors`.
"""


class WirecopyError(Exception):
    """Anything the shell reports to a person; the message says what to do next."""


class ArchiveFailed(WirecopyError):
    """An archive does not answer, or not as it should; what was committed stays."""


class BadRequest(WirecopyError):
    """What was asked for contradicts itself, or names what does not exist; nothing was written."""


class NothingToRead(WirecopyError):
    """A path that was asked for does not exist."""


class OutputRefused(WirecopyError):
    """What was to be written cannot be; what was there before is as it was."""


class RebuildRefused(WirecopyError):
    """A rebuilt warehouse would have lost articles; nothing was changed."""


class ServerUnavailable(WirecopyError):
    """The Prefect server did not start or does not answer."""


class BadSources(WirecopyError):
    """`sources.toml`, or a list to import, cannot be read; or what was asked of it cannot be done."""
