"""
What a file is by its first bytes, and whether people may send it to one another.

Signatures as the formats' own specifications give them: PNG (ISO 15948, 5.2), JPEG (T.81, B.1.1),
GIF89a, RIFF/WebP (RFC 9649), ISO base media (ISO 14496-12, 4.3) and PDF (ISO 32000, 7.5.2).
"""

FILE_BYTES_MAX = 10 * 1024 * 1024  # A telephone's photograph has 3 to 8 MB; a scanned page less.
FILE_NAME_CHARACTERS_MAX = 120  # What a list can show; longer names lose their middle.
HEAD_BYTES = 32  # Every signature below lies within.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (0, b"%PDF-", "application/pdf"),
)
"""
Offset, bytes, type. Pictures and documents only: what can run (HTML, SVG, programs, office files
with macros, archives that hide them) has no entry, so it is refused whatever it calls itself.
"""
TEXT_TYPE = "text/plain"


def file_type(content: bytes) -> str | None:
    """Say what a file is by its first bytes, never by its name; None if it may not be attached."""
    for offset, signature, kind in SIGNATURES:
        if content[offset : offset + len(signature)] == signature:
            is_riff = kind != "image/webp" or content[:4] == b"RIFF"
            return kind if is_riff else None
    return TEXT_TYPE if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    """Say whether this is plain text, and none that a browser would take for a page."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    head = text.lstrip("\ufeff \t\r\n")[:HEAD_BYTES].lower()
    is_clean = all(char.isprintable() or char in "\t\r\n\ufeff\u200c\u200d" for char in text)
    return bool(text) and is_clean and not head.startswith(("<", "%!", "#!"))


def file_name(name: str) -> str:
    """Give a file's name without its path and without what does not print, short enough to show."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(char for char in last if char.isprintable()).strip(". ")
    if len(clean) <= FILE_NAME_CHARACTERS_MAX:
        return clean or "file"
    tail = clean[-20:]
    return f"{clean[: FILE_NAME_CHARACTERS_MAX - 21]}…{tail}"
