"""The pictures of people and bots: a square in the colour that is theirs. Pure."""

import hashlib
import struct
import zlib

AVATAR_SIZES = (24, 32, 48, 72, 192, 512)
"""Pixels of the pictures in a profile (docs.slack.dev/reference/objects/user-object)."""

MOST_PIXELS = max(AVATAR_SIZES)

_COLORS = ("4bbe2e", "9f69e7", "e7392d", "3c989f", "674b1b", "e96699", "684b6c", "2b6836")


def color_of(user_id: str) -> str:
    """The colour of a user, six hexadecimal digits; the same whenever it is asked for."""
    return _COLORS[hashlib.sha256(user_id.encode()).digest()[0] % len(_COLORS)]


def avatar(user_id: str, size: int) -> bytes:
    """The picture of a user as a PNG of `size` by `size` pixels."""
    row = b"\0" + bytes.fromhex(color_of(user_id)) * size
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * size)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
