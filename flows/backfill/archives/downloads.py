"""Asking archives for what is no page: listings, indexes, pieces of large files.

As polite and as safe as any other fetch: one request at a time to a host, with its pause, to public
addresses only, within caps and a deadline. What may pass is tried again a few times; what does not
leaves the unit where it is, and the next run goes on there.
"""

from __future__ import annotations

import asyncio
import io
import re
import ssl
from importlib.metadata import version
from urllib.parse import urljoin

from flows.errors import ArchiveFailed
from flows.settings import Settings
from flows.web.addresses import NotPublic, RefusedAddress, dial, parse_target, system_resolve
from flows.web.connections import Answer, ExchangeFailed, connect, exchange
from flows.web.host_gate import HostBusy, HostGates
from flows.web.policy import user_agent
from flows.web.session import Web, WebSession
from transforms.decode import decode_body
from transforms.http_headers import Headers, header, retry_after_s
from transforms.records import Reason

PIECE_BYTES = 16 << 20
"""How much of a large file is asked for at a time; two pieces are in memory."""

MAX_LISTING_BYTES = 32 << 20

_FOLLOWED = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 3
_TRIES = 4
_DEADLINE_S = 300.0
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_GIVEN_UP = frozenset({Reason.TLS_FAILED, Reason.TOO_LARGE})


class Downloads:
    """Asks archives over a web session.

    Args:
        settings: Contact, limits, and the data folder with the hosts' turns.
        session: Where the requests are made.
    """

    def __init__(self, settings: Settings, session: WebSession) -> None:
        self._settings = settings
        self._session = session
        self._gates: HostGates | None = None
        self._tls: ssl.SSLContext | None = None
        self.requests = 0
        self.bytes = 0

    def text_of(self, url: str) -> str | None:
        """What stands at an address, unpacked, as text; None where there is nothing (404).

        Raises:
            ArchiveFailed: It cannot be had now.
        """
        answer = self._tried(url, (("Accept-Encoding", "gzip"),), MAX_LISTING_BYTES)
        if answer.status in {404, 410}:
            return None
        if answer.status != 200:
            raise ArchiveFailed(f"{url} answered {answer.status}; run this again later.")
        coding = header(answer.headers, "content-encoding")
        body = decode_body(answer.body, coding, limit=MAX_LISTING_BYTES)
        if isinstance(body, bytes) and body.startswith(b"\x1f\x8b"):
            body = decode_body(body, "gzip", limit=MAX_LISTING_BYTES)
        if isinstance(body, Reason):
            raise ArchiveFailed(f"{url} cannot be unpacked: {body.value}.")
        return body.decode("utf-8", "replace")

    def piece(self, url: str, first: int, last: int) -> tuple[bytes, int, str | None]:
        """Bytes `first` to `last` of a file, its size, and the tag of its state.

        Where `first` is behind its end there are none.

        Raises:
            ArchiveFailed: They cannot be had now.
        """
        asked = (("Accept-Encoding", "identity"), ("Range", f"bytes={first}-{last}"))
        answer = self._tried(url, asked, last - first + 1 + (128 << 10))
        tag = header(answer.headers, "etag") or header(answer.headers, "last-modified")
        if answer.status == 416:
            size = re.search(r"\*/(\d{1,18})", header(answer.headers, "content-range") or "")
            return b"", int(size[1]) if size else first, tag
        if answer.status == 200 and first == 0:
            return answer.body, len(answer.body), tag
        found = _CONTENT_RANGE.fullmatch((header(answer.headers, "content-range") or "").strip())
        if answer.status != 206 or found is None or int(found[1]) != first:
            raise ArchiveFailed(
                f"{url} answered {answer.status} to a request for a part of it; run this again "
                "later, or download it and give its path."
            )
        return answer.body, int(found[3]), tag

    def _tried(self, url: str, headers: Headers, cap: int) -> Answer:
        """An answer that is no passing failure.

        Raises:
            ArchiveFailed: All tries failed.
        """
        problem = ""
        for tries in range(_TRIES):
            wait_s = self._settings.host_spacing_s * 4**tries
            try:
                answer = self._session.run(lambda web: self._ask(web, url, headers, cap))
            except ExchangeFailed as error:
                problem = error.detail
                if error.reason in _GIVEN_UP:
                    break
            except (HostBusy, TimeoutError) as error:
                problem = str(error) or "it took too long"
            except (NotPublic, RefusedAddress) as error:
                raise ArchiveFailed(f"{url} is not asked: {error}") from error
            else:
                if answer.status not in _TRANSIENT:
                    return answer
                problem = f"it answered {answer.status}"
                asked = retry_after_s(answer.headers, answer.exchange.sent_at)
                wait_s = max(wait_s, min(asked or 0.0, 60.0))
            if tries + 1 < _TRIES:
                self._session.run(lambda _, wait_s=wait_s: asyncio.sleep(wait_s))  # type: ignore[misc]
        raise ArchiveFailed(f"{url} cannot be had: {problem.rstrip('.')}. Run this again later.")

    async def _ask(self, web: Web, url: str, headers: Headers, cap: int) -> Answer:
        if self._gates is None:
            folder = self._settings.home / "live" / "hosts"
            self._gates = HostGates(folder, spacing_s=self._settings.host_spacing_s)
        agent = user_agent(version("wirecopy"), self._settings.contact)
        for _ in range(_MAX_REDIRECTS + 1):
            target = parse_target(url)
            async with web.at_once, self._gates.turn(target.host):
                answer = await self._exchange(target.url, (("User-Agent", agent), *headers), cap)
                if answer.status == 429:
                    pause_s = retry_after_s(answer.headers, answer.exchange.sent_at)
                    self._gates.pause(target.host, pause_s or 30.0)
            location = header(answer.headers, "location")
            if answer.status not in _FOLLOWED or not location:
                return answer
            url = urljoin(target.url, location)
        raise ExchangeFailed(Reason.TOO_MANY_REDIRECTS, "it redirects again and again")

    async def _exchange(self, url: str, headers: Headers, cap: int) -> Answer:
        target = parse_target(url)
        async with asyncio.timeout(_DEADLINE_S):
            connection = await connect(
                target,
                resolve=system_resolve,
                dial=dial,
                tls=self._tls_context,
                allow_private_networks=self._settings.allow_private_networks,
            )
            try:
                answer = await exchange(
                    connection,
                    target,
                    headers,
                    wire_cap=cap,
                    body_cap=lambda status, _: None if status in {200, 206} else 0,
                )
            finally:
                connection.close()
        self.requests += 1
        self.bytes += len(answer.body)
        return answer

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


class RemoteFile(io.RawIOBase):
    """A file on the web as one that can be read from any place: fetched in pieces as they are needed.

    Args:
        downloads: What asks for the pieces.
        url: Where it is.
        piece_bytes: How much to ask for at a time.
    """

    def __init__(self, downloads: Downloads, url: str, piece_bytes: int | None = None) -> None:
        super().__init__()
        self._downloads = downloads
        self._url = url
        self._piece_bytes = piece_bytes or PIECE_BYTES
        self._pieces: dict[int, bytes] = {}
        self._size: int | None = None
        self._tag: str | None = None
        self._at = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """The place, in bytes."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; nothing is fetched but, for the end of the file, its size."""
        if whence == io.SEEK_END:
            offset += self.size()
        elif whence == io.SEEK_CUR:
            offset += self._at
        self._at = offset
        return offset

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as the piece at hand goes; 0 is the end of the file.

        Raises:
            ArchiveFailed: A piece cannot be had, or the file is no longer the one it was.
        """
        number, begin = divmod(self._at, self._piece_bytes)
        part = self._piece(number)[begin : begin + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def size(self) -> int:
        """How many bytes the file has.

        Raises:
            ArchiveFailed: It cannot be asked.
        """
        if self._size is None:
            self._piece(self._at // self._piece_bytes)
        return self._size or 0

    def _piece(self, number: int) -> bytes:
        if number not in self._pieces:
            first = number * self._piece_bytes
            if self._size is not None and first >= self._size:
                return b""
            last = first + self._piece_bytes - 1
            body, size, tag = self._downloads.piece(self._url, first, last)
            if self._size not in {None, size} or (self._tag or tag) != tag:
                raise ArchiveFailed(f"{self._url} was changed while it was read; run this again.")
            self._size, self._tag = size, tag
            if len(body) == size and size > self._piece_bytes:  # it gives the whole file at once
                self._piece_bytes = size
            while len(self._pieces) > 1:
                del self._pieces[min(self._pieces)]
            self._pieces[number] = body
        return self._pieces[number]
