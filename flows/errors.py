"""What the shell reports to a person.

    WirecopyError
      + NothingToRead     a path on the command line does not exist
      + ServerUnavailable the Prefect server did not start or does not answer

The store has its own tree, in `warehouse.errors`.
"""


class WirecopyError(Exception):
    """Anything the shell reports to a person; the message says what to do next."""


class NothingToRead(WirecopyError):
    """A path that was asked for does not exist."""


class ServerUnavailable(WirecopyError):
    """The Prefect server did not start or does not answer."""
