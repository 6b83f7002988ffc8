"""Files that people upload, good and bad, made in memory."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(
    size: tuple[int, int] = (40, 30), color: str = "navy", form: str = "PNG", **options: Any
) -> bytes:
    """Return a picture of one colour as a file."""
    return saved(Image.new("RGB", size, color), form, **options)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def noise(size: tuple[int, int], form: str = "PNG", **options: Any) -> bytes:
    """Return a picture that no encoder makes much smaller."""
    return saved(Image.effect_noise(size, 90).convert("RGB"), form, **options)


def film(form: str) -> bytes:
    """Return a file with three different frames."""
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "green", "blue")]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int = 28_000, height: int = 28_000, depth: int = 1) -> bytes:
    """Return a PNG of under 100 kB that is 0.8 billion pixels when opened."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width * depth + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def lying_bomb() -> bytes:
    """Return a PNG that says 100 × 100 and carries 100 MB of zeros."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(100)) + packer.flush()
    head = struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def giant_gif() -> bytes:
    """Return a GIF of a few bytes that says it is four billion pixels."""
    side = struct.pack("<H", 65_535)
    return b"GIF89a" + side * 2 + bytes(3) + b"," + bytes(4) + side * 2 + bytes(1) + b"\x02\x02\x4c\x01\x00;"


SCRIPT = b"<script>fetch('https://example.org')</script>"


def html_in_png() -> bytes:
    """Return a PNG that is a page of HTML to who looks for one: in a text chunk and after the end."""
    sound = picture()
    end = len(sound) - 12
    page = b"<!doctype html><html>" + SCRIPT
    return sound[:end] + chunk(b"tEXt", b"Comment\x00" + page) + sound[end:] + page


def script_svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">' + SCRIPT + b"</svg>"
