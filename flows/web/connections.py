"""One HTTP/1.1 exchange over one checked connection, kept byte for byte.

The protocol is h11's, which opens no socket, follows no redirect, knows no proxy, stores no cookie
and unpacks nothing: what is sent and what is read is decided here. Bytes read are counted before
they are parsed, so nothing a server sends costs more than the cap.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import h11

from flows.web.addresses import Dial, Resolve, Target, addresses_of
from flows.web.outcomes import Exchange
from transforms.http_headers import Headers
from transforms.records import Reason

MAX_HEAD_BYTES = 64 << 10
"""Limit for status line and headers; real answers with long policies and cookies reach 20 KiB."""

MAX_CHUNKS = 50_000
"""Parts a body may come in; 10 MiB in chunks of one byte would keep the parser busy for a minute."""

CONNECT_TIMEOUT_S = 10.0
_MAX_DIALLED = 4
_MAX_INTERIM = 8
_READ = 64 << 10


class ExchangeFailed(Exception):
    """The exchange brought no whole answer; `reason` says why, the message is for a person."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Stale(Exception):
    """A kept connection was closed by the server before it answered: nothing was lost."""


@dataclass(slots=True)
class Connection:
    """A connection to one origin at one checked address."""

    address: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    protocol: h11.Connection
    idle_since: float = 0.0
    exchanges: int = 0

    @property
    def is_usable(self) -> bool:
        """Whether another request may be sent on it."""
        return not (
            self.reader.at_eof()
            or self.writer.is_closing()
            or self.protocol.our_state is not h11.IDLE
        )

    def close(self) -> None:
        """Drop the connection at once, without reading what is still under way."""
        self.writer.transport.abort()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the head, the body without its transfer coding, and both as received.

    `is_whole` is false where the body was left unread, or read up to a cap that was asked for.
    """

    status: int
    headers: Headers
    body: bytes = field(repr=False)
    exchange: Exchange
    is_whole: bool


BodyCap = Callable[[int, Headers], int | None]
"""Status and headers to how many bytes of the body are wanted, None for all up to the wire cap."""


async def connect(
    target: Target,
    *,
    resolve: Resolve,
    dial: Dial,
    tls: Callable[[], ssl.SSLContext],
    allow_private_networks: bool,
) -> Connection:
    """A connection to the first of the target's public addresses that answers.

    Raises:
        NotPublic: None of them is public; nothing was sent.
        ExchangeFailed: The host is not known, does not answer, or has no valid certificate.
    """
    try:
        addresses = await addresses_of(
            target, resolve, allow_private_networks=allow_private_networks
        )
    except OSError as error:
        raise ExchangeFailed(
            Reason.HOST_NOT_FOUND, f"The host {target.host!r} was not found: {error}"
        ) from error
    problem = "no address"
    for address in addresses[:_MAX_DIALLED]:
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                sock = await dial(address, target.port)
                reader, writer = await asyncio.open_connection(
                    sock=sock,
                    limit=_READ,
                    ssl=tls() if target.scheme == "https" else None,
                    server_hostname=target.host if target.scheme == "https" else None,
                )
        except ssl.SSLCertVerificationError as error:
            raise ExchangeFailed(
                Reason.TLS_FAILED,
                f"The certificate of {target.host!r} was refused: {error.verify_message}.",
            ) from error
        except TimeoutError:
            problem = "no answer in time"
        except OSError as error:  # ssl.SSLError is one
            problem = str(error) or type(error).__name__
        else:
            protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
            return Connection(address, reader, writer, protocol)
    raise ExchangeFailed(
        Reason.CONNECTION_FAILED, f"{target.host!r} could not be connected to: {problem}."
    )


async def exchange(
    connection: Connection,
    target: Target,
    headers: Headers,
    *,
    wire_cap: int,
    body_cap: BodyCap,
) -> Answer:
    """Send a GET request and read its answer.

    Args:
        connection: fresh, or kept from an exchange before; the caller closes it on any error.
        target: what to ask for; the Host header is made from it.
        headers: further headers of the request.
        wire_cap: most bytes taken from the server for this answer.
        body_cap: how much of the body is wanted, asked once the head is there.

    Raises:
        Stale: Only on a kept connection: it was closed before a byte of the answer.
        ExchangeFailed: The answer is no HTTP, breaks off, or exceeds a limit.
    """
    sent_at = datetime.now(UTC)
    connection.exchanges += 1
    protocol = connection.protocol
    request = protocol.send(
        h11.Request(
            method="GET",
            target=target.path,
            headers=[
                (name.encode("ascii"), value.encode("latin-1"))
                for name, value in (("Host", target.authority), *headers)
            ],
        )
    ) + (protocol.send(h11.EndOfMessage()) or b"")
    wire = _Wire(connection, wire_cap)
    try:
        connection.writer.write(request)
        await connection.writer.drain()
        head, start = await _head(wire)
        body_start = wire.taken - len(protocol.trailing_data[0])
        fields = tuple((_text(name), _text(value)) for name, value in head.headers.raw_items())
        wanted = body_cap(head.status_code, fields)
        body, is_whole = await _body(wire, fields, wanted)
    except h11.RemoteProtocolError as error:
        reason = Reason.TRUNCATED if wire.has_ended else Reason.INVALID_ANSWER
        raise ExchangeFailed(reason, f"{target.host!r} sent no whole answer: {error}.") from error
    except OSError as error:
        if not wire.taken and connection.exchanges > 1:
            raise Stale from error
        reason = Reason.TRUNCATED if wire.taken else Reason.CONNECTION_FAILED
        problem = str(error) or type(error).__name__
        raise ExchangeFailed(reason, f"{target.host!r} broke off: {problem}.") from error
    message = bytes(wire.received)[start : wire.taken - len(protocol.trailing_data[0])]
    # What h11 has buffered but not parsed belongs to the body where that was cut at our wish.
    kept = message if is_whole else message[: body_start - start]
    record = Exchange(
        target.url, connection.address, sent_at, request, kept, min(body_start - start, len(kept))
    )
    _release(connection, is_whole=is_whole)
    return Answer(head.status_code, fields, body, record, is_whole)


@dataclass(slots=True)
class _Wire:
    """What has come over the wire for one answer."""

    connection: Connection
    cap: int
    taken: int = 0
    has_ended: bool = False
    received: bytearray = field(default_factory=bytearray)

    async def more(self) -> None:
        """Hand the next bytes to the protocol.

        Raises:
            ExchangeFailed: The cap is reached.
            Stale: As in `exchange`.
        """
        room = self.cap - self.taken
        if room <= 0:
            raise ExchangeFailed(Reason.TOO_LARGE, f"The answer is larger than {self.cap:,} bytes.")
        part = await self.connection.reader.read(min(_READ, room))
        if not part and not self.taken:
            if self.connection.exchanges > 1:
                raise Stale
            raise ExchangeFailed(
                Reason.CONNECTION_FAILED, "The connection was closed without an answer."
            )
        self.has_ended = not part
        self.taken += len(part)
        self.received += part
        self.connection.protocol.receive_data(part)


async def _head(wire: _Wire) -> tuple[h11.Response, int]:
    """The head of the answer, and where it begins behind interim answers (1xx)."""
    protocol = wire.connection.protocol
    start = interim = 0
    while True:
        event = protocol.next_event()
        if event is h11.NEED_DATA:
            await wire.more()
        elif isinstance(event, h11.InformationalResponse):
            interim += 1
            start = wire.taken - len(protocol.trailing_data[0])
            if interim > _MAX_INTERIM:
                raise ExchangeFailed(Reason.INVALID_ANSWER, "Interim answers without end.")
        elif isinstance(event, h11.Response):
            return event, start
        else:
            raise ExchangeFailed(Reason.INVALID_ANSWER, "The answer does not begin.")


async def _body(wire: _Wire, headers: Headers, wanted: int | None) -> tuple[bytes, bool]:
    """The body without its transfer coding, and whether all of it was read.

    Where only a part is wanted, a body that breaks off is such a part.
    """
    if wanted == 0:
        return b"", False
    body = bytearray()
    if wanted is None:
        _expect_room(headers, wire.cap)
        await _read_body(wire, body, None)
        return bytes(body), True
    try:
        is_whole = await _read_body(wire, body, wanted)
    except (h11.RemoteProtocolError, ExchangeFailed, OSError):
        is_whole = False
    return bytes(body[:wanted]), is_whole


async def _read_body(wire: _Wire, body: bytearray, wanted: int | None) -> bool:
    """Read a body to its end or up to what is wanted; whether it was the end."""
    parts = 0
    while True:
        event = wire.connection.protocol.next_event()
        if event is h11.NEED_DATA:
            await wire.more()
        elif isinstance(event, h11.Data):
            body += event.data
            parts += 1
            if wanted is not None and len(body) >= wanted:
                return False
            if parts > MAX_CHUNKS:
                raise ExchangeFailed(Reason.INVALID_ANSWER, "The body is in too many pieces.")
        else:
            return isinstance(event, h11.EndOfMessage)


def _expect_room(headers: Headers, cap: int) -> None:
    """Refuse a body that says it is too large before any of it is read."""
    declared = next((value for name, value in headers if name.lower() == "content-length"), "")
    if declared.isdecimal() and (len(declared) > 18 or int(declared) > cap):
        raise ExchangeFailed(
            Reason.TOO_LARGE,
            f"The answer says it has {declared[:30]} bytes; {cap:,} are taken.",
        )


def _release(connection: Connection, *, is_whole: bool) -> None:
    """Make the connection ready for another request, or close it where it cannot take one."""
    protocol = connection.protocol
    if (
        is_whole
        and protocol.our_state is h11.DONE
        and protocol.their_state is h11.DONE
        and not protocol.trailing_data[0]
    ):
        protocol.start_next_cycle()
    else:
        connection.close()


def _text(raw: bytes) -> str:
    """Header bytes as text, one character a byte, so that they can be sent back as they came."""
    return raw.decode("latin-1")
