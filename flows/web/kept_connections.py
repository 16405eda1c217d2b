"""Connections kept for the next request to the same host: one each, for seconds."""

from __future__ import annotations

import asyncio

from flows.web.addresses import Target
from flows.web.connections import Connection

MAX_KEPT = 128
KEPT_FOR_S = 15.0


class KeptConnections:
    """At most one idle connection to a host, whose address was checked when it was made."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, Connection]] = {}

    def take(self, target: Target) -> Connection | None:
        """The connection kept to this origin; one to another origin of the host is closed."""
        origin, connection = self._kept.pop(target.host, (None, None))
        if connection is None:
            return None
        age_s = asyncio.get_running_loop().time() - connection.idle_since
        if origin == target.origin and connection.is_usable and age_s < KEPT_FOR_S:
            return connection
        connection.close()
        return None

    def keep(self, target: Target, connection: Connection) -> None:
        """Keep a connection whose exchange has ended, or close it where it cannot serve again."""
        if not connection.is_usable:
            connection.close()
            return
        connection.idle_since = asyncio.get_running_loop().time()
        earlier = self._kept.pop(target.host, None)
        if earlier is not None:
            earlier[1].close()
        self._kept[target.host] = target.origin, connection
        if len(self._kept) > MAX_KEPT:
            oldest = next(iter(self._kept))
            self._kept.pop(oldest)[1].close()

    def close(self) -> None:
        """Close them all."""
        for _, connection in self._kept.values():
            connection.close()
        self._kept.clear()
