"""From bytes to text: content coding, binary payloads, character encoding.

trafilatura given bytes ignores the HTTP header, and a page in windows-1251 comes out as nonsense.
The order here: a byte order mark, the HTTP charset, the `<meta>` charset, then detection; a label is
believed only when the bytes fit it (labels as the WHATWG Encoding Standard reads them).
"""

from __future__ import annotations

import codecs
import itertools
import re
import zlib

from transforms.records import Reason

MAX_DECODED_BYTES = 20_000_000
"""Limit for a body after content decoding, in bytes."""

_GZIP_MAGIC = b"\x1f\x8b\x08"
_CHUNK = 65_536
_SAMPLE = 65_536
_BINARY_SAMPLE = 16_384
_META_SCAN = 4_096
"""How far into a page a charset is looked for; the standard says 1024, real pages exceed it."""

_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an XZ archive"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"ID3", "an audio file"),
    (b"OggS", "an audio file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"{\\rtf", "an RTF file"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
    "utf-8-sig": "utf-8",
}
"""Codecs that a label means on the web although Python reads it more narrowly."""

_NEVER = frozenset(
    {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}
)
_CHARSET_PARAMETER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CHARSET_META = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
_HIGH = re.compile(rb"[\x80-\xff]+")
_HIGH_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_PLAUSIBLE = (
    "cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 koi8_r cp932 euc_jp cp949 gb18030 big5".split()  # noqa: SIM905 - names read better as words
)
"""What a page without a label may be in; windows-1252 is told before."""

_LONG = 1_000
_CONTROLS = bytes([*range(1, 9), *range(14, 27), *range(28, 32), 127])
_SURROGATES = re.compile("[\ud800-\udfff]")
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_SURE_MULTIBYTE = 8
"""So many multi-byte sequences in bytes that are valid UTF-8 rule out any other encoding."""


def media_type(content_type: str) -> str:
    """The type alone, in lower case: "text/html" for "Text/HTML; charset=utf-8"."""
    return content_type.partition(";")[0].strip().lower()


def decode_body(
    body: bytes, content_encoding: str | None, *, limit: int = MAX_DECODED_BYTES
) -> bytes | Reason:
    """Undo the content coding of a body as received, within bounds.

    Args:
        body: the bytes as they came over the wire.
        content_encoding: the header; None, "", "identity", "gzip", "x-gzip" and "deflate" are known.
        limit: largest result in bytes; memory stays near it whatever the body claims.

    Returns:
        The decoded bytes, or `TOO_LARGE`, `TRUNCATED` (the stream ends early) or `UNREADABLE` (a
        damaged stream, or a coding we never ask for, such as brotli or two codings on one another).
    """
    coding = (content_encoding or "").strip().lower()
    if coding in {"", "identity"}:
        return body if len(body) <= limit else Reason.TOO_LARGE
    if coding in {"gzip", "x-gzip"}:
        return _inflate(body, 31, limit)
    if coding == "deflate":
        zlib_form = _inflate(body, 15, limit)
        return _inflate(body, -15, limit) if zlib_form is Reason.UNREADABLE else zlib_form
    return Reason.UNREADABLE


def is_gzip(payload: bytes) -> bool:
    """Whether a payload starts like a gzip member."""
    return payload.startswith(_GZIP_MAGIC)


def binary_kind(payload: bytes) -> str | None:
    """What a payload is that is no text ("a PDF file"), or None where it may be text."""
    start = payload[:1024].lstrip(b"\t\n\r \xef\xbb\xbf")
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return kind
    if start[:4] == b"RIFF" and start[8:12] in {b"WEBP", b"WAVE", b"AVI "}:
        return "an image, audio or video file"
    if start[4:8] == b"ftyp":
        return "a video file"
    sample = payload[:_BINARY_SAMPLE]
    if not sample or _wide_encoding(sample):
        return None
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > len(sample) * 0.02 or sample.count(0) > len(sample) * 0.1:
        return "binary data"
    return None


def decode_text(payload: bytes, content_type: str) -> str:
    """The text of a payload: never fails, holds no lone surrogate and no NUL.

    Args:
        payload: the bytes after content decoding.
        content_type: the header as sent, with its charset if any.
    """
    return storable(_decode(payload, content_type))


def storable(text: str) -> str:
    """Text that any store takes: NUL dropped, lone surrogates replaced by U+FFFD; NFC untouched."""
    text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def _decode(payload: bytes, content_type: str) -> str:
    for mark, codec in _BOMS:
        # In UTF-16 no text is ASCII byte by byte without a NUL: then the mark is wrong.
        is_wrong = (
            codec == "utf-16" and payload[2:_META_SCAN].isascii() and 0 not in payload[:_META_SCAN]
        )
        if payload.startswith(mark) and not is_wrong:
            return payload.decode(codec, "replace")
    if (wide := _wide_encoding(payload[:_SAMPLE])) is not None:
        return payload.decode(wide, "replace")
    labels = _declared(payload, content_type)
    utf8 = _strict_utf8(payload)
    if utf8 is not None and (not labels or labels[0] == "utf-8" or _surely_utf8(payload)):
        return utf8
    fitting = (_strictly(payload, codec) for codec in labels if codec != "utf-8")
    nearly = (_nearly(payload, codec) for codec in labels)
    candidates = itertools.chain(fitting, (utf8,), nearly)
    found = next((text for text in candidates if text is not None), None)
    return found if found is not None else _detect(payload, labels)


def _declared(payload: bytes, content_type: str) -> list[str]:
    """Codecs named by the header, then by the page, without repeats."""
    found: list[str] = []
    header = _CHARSET_PARAMETER.search(content_type.partition(";")[2])
    meta = _CHARSET_META.search(payload[:_META_SCAN])
    names = [
        header[1] if header else "",
        (meta[1] or meta[2]).decode("ascii", "replace") if meta else "",
    ]
    for name in names:
        codec = _codec(name)
        if codec is not None and codec not in found:
            found.append(codec)
    # A page that can be read as ASCII to find its <meta> is in no 16-bit encoding.
    return ["utf-8" if codec.startswith("utf-16") and meta else codec for codec in found]


def _codec(label: str) -> str | None:
    """Python's codec for a web label, or None where there is none."""
    name = (
        label.strip().lower().replace("x-sjis", "shift_jis").replace("unicode-1-1-utf-8", "utf-8")
    )
    if not name:
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    codec = found.name
    # Only text encodings: "rot13" and "zlib" are codecs too.
    if not getattr(found, "_is_text_encoding", True) or codec in _NEVER:
        return None
    return _WIDER.get(codec, codec)


def _strictly(payload: bytes, codec: str) -> str | None:
    try:
        text = payload.decode(codec)
    except (UnicodeError, ValueError):
        return None
    return text


def _strict_utf8(payload: bytes) -> str | None:
    """Valid UTF-8; in a long payload the last character may be cut. Surrogates may be encoded."""
    try:
        text, _ = codecs.utf_8_decode(payload, "surrogatepass", len(payload) < _LONG)
    except UnicodeError:
        return None
    return text


def _nearly(payload: bytes, codec: str) -> str | None:
    """The text with its damage replaced, where that is little of what lies beyond ASCII."""
    text = payload.decode(codec, "replace")
    bad = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text if bad <= beyond // 10 else None


def _surely_utf8(payload: bytes) -> bool:
    found = _MULTIBYTE.finditer(payload)
    return sum(1 for _ in zip(range(_SURE_MULTIBYTE), found, strict=False)) == _SURE_MULTIBYTE


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a mark, told by the NULs that Latin text has at every second place."""
    pairs = len(sample) // 2
    if pairs < 4 or 0 not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if even > 0.6 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None


def _detect(payload: bytes, labels: list[str]) -> str:
    """A guess: Latin script where the high bytes are few and far between, else a detector's."""
    sample = payload[:_SAMPLE]
    high = len(_HIGH.findall(sample))
    alone = len(_HIGH_ALONE.findall(sample))
    if alone >= high * 0.9:
        return payload.decode("cp1252", "replace")
    # The detector trafilatura itself depends on; slow, and needed by few pages.
    from charset_normalizer import from_bytes  # noqa: PLC0415 - heavy, rarely reached

    best = from_bytes(sample, cp_isolation=list(_PLAUSIBLE)).best()
    codec = _codec(best.encoding) if best is not None else None
    if codec is None:
        codec = labels[0] if labels else "cp1252"
    return payload.decode(codec, "replace")


def _inflate(body: bytes, window: int, limit: int) -> bytes | Reason:
    """Decompress all members of a stream into at most `limit` bytes."""
    out: list[bytes] = []
    size = 0
    rest = body
    while rest:
        stream = zlib.decompressobj(window)
        while not stream.eof:
            try:
                part = stream.decompress(rest, min(_CHUNK, limit + 1 - size))
            except zlib.error:
                return Reason.UNREADABLE
            size += len(part)
            if size > limit:
                return Reason.TOO_LARGE
            out.append(part)
            rest = stream.unconsumed_tail
            if not rest and not part and not stream.eof:
                return Reason.TRUNCATED
        rest = stream.unused_data
        # Zero padding and trailing noise after a whole member are common and harmless.
        if window != 31 or not rest.startswith(_GZIP_MAGIC):
            break
    return b"".join(out) if body else Reason.TRUNCATED
