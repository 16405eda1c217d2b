"""Bytes to text: content coding within bounds, binary payloads told apart, the right charset."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.decode import (
    binary_kind,
    decode_body,
    decode_text,
    is_gzip,
    media_type,
    storable,
)
from transforms.records import Reason

RUSSIAN = "Портовый план одобрен: совет проголосовал во вторник, сообщили чиновники."
FRENCH = "Le café de la gare a été fermé après la fête, selon la préfecture."
JAPANESE = "港の計画は火曜日に承認されたと当局が発表した。住民は計画を歓迎している。"


def test_gzip_is_undone_member_by_member():
    """A body of several gzip members is read to its end; noise behind it is no fault."""
    body = gzip.compress(b"first ") + gzip.compress(b"second")
    assert decode_body(body, "gzip") == b"first second"
    assert decode_body(body + b"\0\0\0", "X-GZIP") == b"first second"


def test_deflate_is_read_in_both_forms():
    """`deflate` means a zlib stream, but servers also send a bare one."""
    bare = zlib.compressobj(wbits=-15)
    assert decode_body(zlib.compress(b"text"), "deflate") == b"text"
    assert decode_body(bare.compress(b"text") + bare.flush(), "deflate") == b"text"


@pytest.mark.parametrize("coding", [None, "", "identity", " Identity "])
def test_identity_is_passed_through(coding: str | None):
    """A body without a coding is itself, up to the limit."""
    assert decode_body(b"text", coding) == b"text"
    assert decode_body(b"text", coding, limit=3) is Reason.TOO_LARGE


def test_a_bomb_stops_at_the_limit():
    """The limit counts decoded bytes: exactly at it passes, one more does not."""
    assert decode_body(gzip.compress(bytes(1000)), "gzip", limit=1000) == bytes(1000)
    assert decode_body(gzip.compress(bytes(1001)), "gzip", limit=1000) is Reason.TOO_LARGE
    assert decode_body(gzip.compress(bytes(50_000_000)), "gzip") is Reason.TOO_LARGE


@given(st.binary(max_size=300), st.data())
def test_a_cut_stream_is_never_whole(payload: bytes, data: st.DataObject):
    """Every proper prefix of a gzip body is a fault, never a shorter text."""
    whole = gzip.compress(payload, mtime=0)
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert decode_body(whole, "gzip") == payload
    assert decode_body(whole[:cut], "gzip") is Reason.TRUNCATED


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "rot13"])
def test_codings_never_asked_for_are_unreadable(coding: str):
    """Only gzip and deflate are undone, once."""
    assert decode_body(b"anything", coding) is Reason.UNREADABLE


def test_a_damaged_stream_is_unreadable():
    """A flipped byte inside the stream is found by its checksum."""
    body = bytearray(gzip.compress(b"text " * 100))
    body[-6] ^= 0xFF
    assert decode_body(bytes(body), "gzip") is Reason.UNREADABLE
    assert decode_body(b"no gzip", "gzip") is Reason.UNREADABLE


@pytest.mark.parametrize(
    ("text", "codec", "content_type"),
    [
        (RUSSIAN, "cp1251", "text/html; charset=windows-1251"),
        (RUSSIAN, "koi8-r", "text/html;charset=KOI8-R"),
        (RUSSIAN, "utf-8", "text/html; charset=utf-8"),
        (RUSSIAN, "utf-16", "text/html"),
        (RUSSIAN, "utf-8-sig", "text/html; charset=windows-1251"),
        (FRENCH, "cp1252", 'text/html; charset="iso-8859-1"'),
        (FRENCH, "utf-16-le", "text/html"),
        (FRENCH, "utf-16-be", "text/html"),
        (JAPANESE, "shift_jis", "text/html; charset=Shift_JIS"),
        (JAPANESE, "euc_jp", "text/html; charset=EUC-JP"),
        ("港口计划", "gb18030", "text/html; charset=gb2312"),
    ],
)
def test_the_declared_encoding_is_used(text: str, codec: str, content_type: str):
    """The header's label or the mark decides."""
    assert decode_text(text.encode(codec), content_type) == text


def test_the_header_wins_over_the_page():
    """A page that was re-encoded on its way still carries its old `<meta>`."""
    page = f'<html><meta charset="utf-8"><p>{RUSSIAN}</p></html>'
    assert decode_text(page.encode("cp1251"), "text/html; charset=windows-1251") == page


def test_the_page_speaks_where_the_header_is_silent():
    """`<meta charset>` and the older `http-equiv` form are both read."""
    for meta in (
        '<meta charset="windows-1251">',
        '<meta http-equiv="x" content="text/html; charset=windows-1251">',
    ):
        page = f"<html><head>{meta}</head><p>{RUSSIAN}</p></html>"
        assert decode_text(page.encode("cp1251"), "text/html") == page


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "windows-1251", "shift_jis", "no-such-charset", ""]
)
def test_a_label_that_contradicts_plain_utf8_is_not_believed(label: str):
    """Bytes with many multi-byte sequences that are valid UTF-8 are UTF-8."""
    assert decode_text(RUSSIAN.encode(), f"text/html; charset={label}") == RUSSIAN


def test_a_wrong_utf8_label_is_not_believed():
    """A page that says UTF-8 and is not is read as what its bytes look like."""
    assert decode_text(FRENCH.encode("cp1252"), "text/html; charset=utf-8") == FRENCH


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r"])
def test_undeclared_encodings_are_detected(codec: str):
    """Without any label the script of the bytes tells."""
    assert decode_text((RUSSIAN * 3).encode(codec), "text/plain") == RUSSIAN * 3


def test_a_cut_last_character_does_not_change_the_encoding():
    """A long UTF-8 text that ends within a character stays UTF-8."""
    whole = (RUSSIAN * 30).encode()
    assert decode_text(whole[:-1], "text/plain") == (RUSSIAN * 30)[:-1]


def test_codecs_that_are_no_charsets_are_ignored():
    """A label may not start a decompression or another transformation."""
    for label in ("zlib", "rot13", "hex", "base64", "utf-7", "idna", "unicode_escape", "x" * 5000):
        assert decode_text(b"+AGEAYg- plain", f"text/html; charset={label}") == "+AGEAYg- plain"


@given(st.binary(max_size=200), st.text(max_size=30))
def test_decoding_never_fails_and_always_stores(payload: bytes, label: str):
    """Any bytes under any label give text that encodes to UTF-8 and has no NUL."""
    text = decode_text(payload, f"text/html; charset={label}")
    assert "\x00" not in text
    assert text.encode("utf-8").decode("utf-8") == text


@given(st.text())
def test_storable_changes_nothing_it_need_not(text: str):
    """Text without NUL and surrogates comes back as it is, decomposed characters included."""
    clean = storable(text)
    assert storable(clean) == clean
    if "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text):
        assert clean == text


def test_storable_replaces_surrogates_and_drops_nul():
    """A lone surrogate leaves a visible mark; a NUL nothing."""
    assert storable("a\x00b\ud800c e\u0301") == "ab\ufffdc e\u0301"


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"%PDF-1.7 stream", "a PDF file"),
        (b"\n\n%PDF-1.7", "a PDF file"),
        (b"\xff\xd8\xff\xe0JFIF", "a JPEG image"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"abc\x00def\x00" * 100, "binary data"),
        (bytes(range(256)) * 10, "binary data"),
    ],
)
def test_binary_payloads_are_named(payload: bytes, kind: str):
    """A person reads what the payload is."""
    assert binary_kind(payload) == kind


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"plain",
        RUSSIAN.encode("koi8-r"),
        JAPANESE.encode("iso2022_jp"),
        FRENCH.encode("utf-16"),
        b"a\x00" + b"text " * 50,
    ],
)
def test_text_is_not_called_binary(payload: bytes):
    """Text in any encoding, or with a stray NUL, may still be read."""
    assert binary_kind(payload) is None


def test_media_type_is_bare_and_lower_case():
    """Parameters and case do not belong to the type."""
    assert media_type("Text/HTML; charset=utf-8") == "text/html"
    assert media_type("") == ""
    assert is_gzip(gzip.compress(b"x"))
    assert not is_gzip(b"text")
