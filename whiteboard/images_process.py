"""The process that opens what people upload and writes it anew: one picture, then it ends.

Run as `python -I images_process.py` with the upload as standard input; standard output is one line of
JSON (`content_type`, `width`, `height`, or `refused` with a word that `images_encoding` puts into a
sentence) and then the picture. Whatever a hostile file does to a decoder happens here: memory, time and
the size of what is written are limited by the kernel, and only pixels get out again: no metadata, no
trailing bytes, no script.
"""

import io
import json
import os
import resource
import sys
from typing import Any

from PIL import Image, ImageCms

MEMORY_LIMIT = 768 * 1024 * 1024
CPU_SECONDS = 10
LARGEST_ANSWER = 6 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2_048
LARGEST_PNG = 1_500_000  # a photograph as PNG takes ten times what it takes as WebP
# Only decoders of what browsers send; Pillow knows some forty more formats.
FORMATS = ["PNG", "JPEG", "WEBP", "GIF"]
STILLS = {"JPEG", "MPO"}  # a phone's photograph may carry a second, smaller picture: that is no film
ORIENTATION = 0x0112
_turn = Image.Transpose
TURNS = {  # EXIF 2.32, tag 0x0112: how to get a picture upright that was stored as the sensor lay
    2: _turn.FLIP_LEFT_RIGHT, 3: _turn.ROTATE_180, 4: _turn.FLIP_TOP_BOTTOM, 5: _turn.TRANSPOSE,
    6: _turn.ROTATE_270, 7: _turn.TRANSVERSE, 8: _turn.ROTATE_90,
}  # fmt: skip


class RefusedError(Exception):
    """The upload cannot be a picture on a board; the text is the word for it."""


def encoded(data: bytes) -> tuple[str, int, int, bytes]:
    """Return content type, width, height and bytes of an upload written anew."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, MemoryError):
        raise RefusedError("pixels") from None
    except Exception:
        raise RefusedError("unknown") from None
    if image.width * image.height > MOST_PIXELS:
        raise RefusedError("pixels")
    source = image.format or ""
    if source not in STILLS and getattr(image, "is_animated", False):
        raise RefusedError("animated")
    try:
        return _written(_plain(image), source)
    except MemoryError:
        raise RefusedError("pixels") from None
    except Exception:
        raise RefusedError("broken") from None


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture upright, in grey, RGB or RGBA, at most LONGEST_SIDE long, and nothing but pixels."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is then decoded at a fraction of its size
    image.load()
    turn, profile = TURNS.get(_orientation(image)), image.info.get("icc_profile")
    has_alpha = image.has_transparency_data
    if image.mode.startswith("I"):  # sixteen bits of grey, of which eight would be cut off
        image = image.convert("I").point(lambda grey: grey / 256).convert("L")
    if image.mode not in ("L", "RGB", "RGBA", "CMYK"):
        image = image.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    if profile:
        image = _in_srgb(image, profile)
    if image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGB")
    if turn is not None:
        image = image.transpose(turn)
    image.info = {}
    return image


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # whatever is wrong with its EXIF, the picture may be sound
        return 1


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the picture in the colours that a viewer without its profile shows; as it is when that fails."""
    mode = "RGB" if image.mode == "CMYK" else image.mode
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _written(image: Image.Image, source: str) -> tuple[str, int, int, bytes]:
    if source in STILLS:
        return _saved(image, "JPEG", quality=86, optimize=True)
    if source == "WEBP":
        return _saved(image, "WEBP", quality=88)
    exact = _saved(image, "PNG")
    return exact if len(exact[3]) <= LARGEST_PNG else _saved(image, "WEBP", quality=90)


def _saved(image: Image.Image, form: str, **options: Any) -> tuple[str, int, int, bytes]:
    out = io.BytesIO()
    image.save(out, form, **options)
    return f"image/{form.lower()}", image.width, image.height, out.getvalue()


def answer(data: bytes) -> bytes:
    """Return what goes to standard output for an upload."""
    try:
        content_type, width, height, picture = encoded(data)
    except RefusedError as refusal:
        return json.dumps({"refused": str(refusal)}).encode() + b"\n"
    head = {"content_type": content_type, "width": width, "height": height}
    return json.dumps(head).encode() + b"\n" + picture


def main() -> None:
    """Answer standard input within limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_ANSWER, LARGEST_ANSWER))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow warns at this and refuses at twice this
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing to tidy up, and no finalizer of a decoder that was led astray


if __name__ == "__main__":
    main()
