"""What becomes of an upload in the process that opens it, and what never comes back from there."""

import io
import os
import sys
import textwrap

import pytest
from PIL import Image

from tests.factories import pictures
from whiteboard import images_encoding, images_process
from whiteboard.images_encoding import ImageRefusedError, encode


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("form", "content_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/png")],
)
def test_a_still_is_written_anew_in_a_format_browsers_show(form: str, content_type: str) -> None:
    made = encode(pictures.picture((40, 30), "navy", form))
    assert (made.content_type, made.width, made.height) == (content_type, 40, 30)
    red, green, blue = opened(made.data).convert("RGB").getpixel((20, 15))
    assert (red < 12, green < 12, 116 < blue < 140) == (True, True, True)


def test_what_is_too_large_is_made_smaller_and_keeps_its_shape() -> None:
    made = encode(pictures.picture((4_000, 1_000), form="JPEG"))
    assert (made.width, made.height) == (2_048, 512)


def test_a_photograph_saved_as_png_does_not_stay_one() -> None:
    made = encode(pictures.noise((1_400, 1_100)))
    assert made.content_type == "image/webp"
    assert len(made.data) < 2_500_000


def test_a_picture_is_turned_as_the_camera_was_held_and_says_nothing_of_where() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right by a quarter
    exif[0x010F] = "Camera of Cleo"
    exif.get_ifd(0x8825)[2] = (59.0, 26.0, 13.0)  # where it was taken
    left_red = Image.new("RGB", (40, 30), "blue")
    left_red.paste("red", (0, 0, 20, 30))
    upload = pictures.saved(left_red, "JPEG", exif=exif, comment=b"secret words", quality=95)
    assert b"Camera of Cleo" in upload
    assert b"secret words" in upload
    made = encode(upload)
    assert (made.width, made.height) == (30, 40)
    red, _, blue = opened(made.data).getpixel((15, 5))
    assert red > 200 > 60 > blue, "what was on the left is on top"
    assert not opened(made.data).getexif()
    assert b"Camera" not in made.data
    assert b"secret" not in made.data


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_shown(mode: str) -> None:
    image = Image.new("RGBA", (20, 20), (200, 200, 200, 255)).convert("L")
    image = Image.new("I;16", (20, 20), 200 * 256) if mode == "I;16" else image.convert("RGB")
    image = image if mode == "I;16" else image.convert("L" if mode == "LA" else "RGB").convert(mode)
    form = {"CMYK": "JPEG", "PA": "WEBP"}.get(mode, "PNG")
    made = opened(encode(pictures.saved(image, form)).data).convert("RGB")
    assert made.getpixel((10, 10))[0] >= 190


def test_see_through_parts_stay_so() -> None:
    made = encode(pictures.saved(Image.new("RGBA", (9, 9), (255, 0, 0, 40)), "PNG"))
    assert opened(made.data).getpixel((4, 4)) == (255, 0, 0, 40)


REFUSED = {
    "nothing": (b"", 415),
    "a page": (b"<!doctype html><script>alert(1)</script>", 415),
    "an SVG with a script": (pictures.script_svg(), 415),
    "a PDF": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", 415),
    "a TIFF": (pictures.picture(form="TIFF"), 415),
    "a BMP": (pictures.picture(form="BMP"), 415),
    "a GIF film": (pictures.film("GIF"), 422),
    "a WebP film": (pictures.film("WEBP"), 422),
    "a PNG film": (pictures.film("PNG"), 422),
    "half a PNG": (pictures.noise((60, 60))[:4_000], 422),
    "half a JPEG": (pictures.noise((60, 60), "JPEG")[:2_000], 422),
    "half a WebP": (pictures.noise((60, 60), "WEBP")[:2_000], 415),
    "a PNG of 0.8 billion pixels": (pictures.bomb(), 422),
    "a GIF of four billion pixels": (pictures.giant_gif(), 422),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_a_sentence(what: str) -> None:
    upload, status = REFUSED[what]
    with pytest.raises(ImageRefusedError) as refusal:
        encode(upload)
    assert refusal.value.status == status
    assert str(refusal.value).endswith(".")


def test_a_bomb_that_lies_about_its_size_costs_nothing() -> None:
    made = encode(pictures.lying_bomb())
    assert (made.width, made.height) == (100, 100)


def test_nothing_but_pixels_comes_through() -> None:
    upload = pictures.html_in_png()
    assert upload.count(pictures.SCRIPT) == 2
    made = encode(upload)
    assert b"script" not in made.data
    assert b"<html" not in made.data


def test_the_same_upload_becomes_the_same_picture() -> None:
    upload = pictures.noise((50, 50), "JPEG")
    assert encode(upload) == encode(upload)


PROGRAMS = {
    "too slow": "import time; time.sleep(60)",
    "dead": "import os; os.kill(os.getpid(), 11)",
    "silent": "",
    "talkative": "import sys; sys.stdout.write('x' * 9_000_000)",
    "no JSON": "print('hello')",
    "a list": "print([])",
    "another type": """print('{"content_type": "text/html", "width": 9, "height": 9}'); print('<script>')""",
    "a giant": """print('{"content_type": "image/png", "width": 99999, "height": 9}'); print('x')""",
    "sides as text": """print('{"content_type": "image/png", "width": "9", "height": 9}'); print('x')""",
    "no picture": """print('{"content_type": "image/png", "width": 9, "height": 9}')""",
    "an unknown word": """print('{"refused": "because"}')""",
}


@pytest.mark.parametrize("what", PROGRAMS)
def test_a_process_led_astray_harms_nobody(what, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent(PROGRAMS[what]))
    monkeypatch.setattr(images_encoding, "PROGRAM", program)
    monkeypatch.setattr(images_encoding, "SECONDS_FOR_ONE", 0.5 if what == "too slow" else 20)
    with pytest.raises(ImageRefusedError, match="took too much"):
        encode(pictures.picture())


def test_the_process_knows_none_of_our_secrets_and_has_its_limits(tmp_path, monkeypatch) -> None:
    said = tmp_path / "said"
    program = tmp_path / "program.py"
    program.write_text(
        f"import sys; sys.path.insert(0, {str(images_process.__file__.rsplit('/', 1)[0])!r})\n"
        "import os, resource, images_process\n"
        "images_process.answer = lambda data: b'{}'\n"
        "was, os._exit = os._exit, lambda code: None\n"
        "images_process.main()\n"
        "limits = [resource.getrlimit(one)[1] for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]\n"
        f"open({str(said)!r}, 'w').write(repr((sorted(os.environ), limits)))\n"
    )
    monkeypatch.setattr(images_encoding, "PROGRAM", program)
    monkeypatch.setenv("SECRET_KEY", "secret")
    with pytest.raises(ImageRefusedError):
        encode(b"")
    environment, limits = eval(said.read_text())
    assert set(environment) <= {*images_encoding.INHERITED, "LC_CTYPE"}
    assert limits == [images_process.MEMORY_LIMIT, images_process.CPU_SECONDS]


def test_when_all_are_busy_one_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images_encoding, "SECONDS_TO_WAIT", 0.01)
    taken = [images_encoding._slots.acquire() for _ in range(2)]
    try:
        with pytest.raises(ImageRefusedError) as refusal:
            encode(pictures.picture())
        assert refusal.value.status == 503
    finally:
        for _ in taken:
            images_encoding._slots.release()


def test_nothing_is_left_open() -> None:
    encode(pictures.picture())
    before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    for _ in range(3):
        encode(pictures.picture())
    after = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    assert after == before
