"""Pictures that are uploaded: taken, drawn anew, or refused with the reason."""

import contextlib
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from core.pictures import LARGEST, LONGEST_SIDE, ON_PAPER, Refused, for_paper, redrawn, type_of
from tests.factories.rows import picture


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(("is_photo", "format_of"), [(False, "PNG"), (True, "JPEG")])
def test_a_logo_is_kept_as_png_and_a_photo_as_jpeg(kind: str, is_photo: bool, format_of: str) -> None:
    kept = redrawn(picture(kind=kind), is_photo=is_photo)
    assert opened(kept.content).format == format_of
    assert kept.content_type == type_of(kept.content) == f"image/{format_of.lower()}"


@pytest.mark.parametrize(
    ("size", "kept"),
    [((3200, 800), (1600, 400)), ((1600, 1600), (1600, 1600)), ((40, 30), (40, 30)), ((2, 3000), (1, 1600))],
)
def test_it_is_made_small_enough(size: tuple[int, int], kept: tuple[int, int]) -> None:
    assert opened(redrawn(picture(size=size)).content).size == kept
    assert max(opened(for_paper(picture(size=size))).size) <= ON_PAPER <= LONGEST_SIDE


def test_what_is_seen_through_stays_so_in_a_logo_and_is_white_in_a_photo() -> None:
    clear = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(clear, "PNG")
    assert opened(redrawn(clear.getvalue()).content).getpixel((5, 5)) == (0, 0, 0, 0)
    assert opened(redrawn(clear.getvalue(), is_photo=True).content).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("is_photo", [False, True])
def test_nothing_but_the_pixels_is_kept(is_photo: bool) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    exif.get_ifd(0x8825)[2] = (43.0, 39.0, 4.0)
    taken = BytesIO()
    Image.new("RGB", (20, 20)).save(taken, "JPEG", exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile")
    assert b"SecretCamera" in taken.getvalue()
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "SecretAuthor")
    drawn = BytesIO()
    Image.new("P", (20, 20)).save(drawn, "PNG", pnginfo=told)
    for content in (taken.getvalue(), drawn.getvalue()):
        kept = redrawn(content, is_photo=is_photo).content
        assert b"Secret" not in kept
        assert dict(opened(kept).getexif()) == {}
        assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    taken = BytesIO()
    Image.new("RGB", (40, 20)).save(taken, "JPEG", exif=exif)
    assert opened(redrawn(taken.getvalue(), is_photo=True).content).size == (20, 40)


def bomb(width: int, height: int) -> bytes:
    """A PNG that says to be of this size; a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
IS_NONE = "This is no picture that can be read."


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "logo.png", IS_NONE),
        (b"School Number,School Name", "logo.png", IS_NONE),
        (b"%PDF-1.7", "logo.pdf", IS_NONE),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "logo.gif", IS_NONE),
        (picture()[:60], "logo.png", IS_NONE),
        (picture(kind="JPEG")[:200], "logo.jpg", IS_NONE),
        (bomb(10, 10), "logo.png", IS_NONE),
        (picture() + b"x" * LARGEST, "logo.png", "This file is larger than 5 MB."),
        (bomb(6000, 5001), "logo.png", "This picture has more than 30 million pixels."),
        (bomb(30_000, 30_000), "logo.png", "This picture has more than 30 million pixels."),
        (bomb(2**31 - 1, 2**31 - 1), "logo.png", "This picture has more than 30 million pixels."),
        (SVG, "logo.svg", "SVG is not taken"),
        (SVG, "logo.png", "SVG is not taken"),
        (picture(), "logo.SVG", "SVG is not taken"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(content: bytes, name: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        redrawn(content, name)


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x00\x00\x00\x00WEBP"])
)
def test_no_bytes_are_too_strange_to_be_refused(content: bytes, head: bytes) -> None:
    with contextlib.suppress(Refused):
        redrawn(head + content)


def test_the_same_picture_for_paper_is_the_same_bytes() -> None:
    assert for_paper(picture(7, (900, 600))) == for_paper(picture(7, (900, 600)))
