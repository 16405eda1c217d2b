"""An HTTP answer as an archive stores it: status, headers and body, without its transfer coding."""

import re
from dataclasses import dataclass

from transforms.decode import storable
from transforms.feeds.sniffing import sniff
from transforms.records import Reason

_TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain")

_STATUS_LINE = re.compile(rb"HTTP/[0-9.]{1,3} +([0-9]{3})(?=\s|\Z)")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_HEAD = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_CHUNK_END = re.compile(rb"\r?\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` are by lower-case name, the first of each; `body` may still be compressed."""

    status: int
    headers: dict[str, str]
    body: bytes | Reason


def parse_answer(block: bytes) -> Answer | None:
    """The answer these bytes are, None where they do not begin with a status line."""
    begin = _STATUS_LINE.match(block)
    if begin is None:
        return None
    end = _HEAD_END.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    headers = parse_headers(head.partition(b"\n")[2])
    coding = headers.get("transfer-encoding", "").lower()
    joined = _join_chunks(body) if "chunked" in coding else body
    return Answer(int(begin[1]), headers, joined)


def page_type(content_type: str, payload: bytes) -> str | None:
    """The content type to read a body by, None for what is neither HTML nor plain text.

    A body without a type, or with a wrong one, is a page where it begins like one.
    """
    kind = storable(content_type or "text/html")
    if kind.lower().startswith(_TEXT_TYPES):
        return kind
    return "text/html" if sniff(payload, content_type) == "page" else None


def parse_headers(lines: bytes) -> dict[str, str]:
    """Headers by lower-case name, the first of each; a line that begins blank goes on the last."""
    found: dict[str, str] = {}
    last = ""
    for line in lines.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"):
        name, colon, value = line.partition(":")
        if line[:1] in {" ", "\t"} and last:
            found[last] += " " + line.strip()
        elif colon:
            last = name.strip().lower()
            found.setdefault(last, value.strip())
    return found


def _join_chunks(body: bytes) -> bytes | Reason:
    """A chunked body as one; archives often store the header and a body that is joined already."""
    parts: list[bytes] = []
    at = 0
    while head := _CHUNK_HEAD.match(body, at):
        size = int(head[1], 16)
        if size == 0:
            return b"".join(parts)
        part = body[head.end() : head.end() + size]
        end = _CHUNK_END.match(body, head.end() + size)
        if len(part) < size or end is None:
            break
        parts.append(part)
        at = end.end()
    return Reason.TRUNCATED if parts else body
