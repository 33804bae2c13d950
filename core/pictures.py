"""A picture somebody uploads: looked at, drawn anew without whatever it carried, and made small enough."""

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

LARGEST = 5 * 1024 * 1024  # bytes
MOST_PIXELS = 30_000_000  # of what is opened; some hundred bytes can say a picture of gigabytes
LONGEST_SIDE = 1600  # pixels of what is kept
ON_PAPER = 480  # pixels of a logo on a document
FORMATS = ("PNG", "JPEG", "WEBP")


class Refused(ValueError):
    """This is no picture that is taken; the text says why, and what to do."""


@dataclass(frozen=True)
class Picture:
    """Bytes without metadata, as PNG or JPEG."""

    content: bytes
    content_type: str


def redrawn(content: bytes, name: str = "", *, is_photo: bool = False) -> Picture:
    """`content` (PNG, JPEG or WebP) drawn anew, upright, 1600 pixels at most: a photo as JPEG, anything else as PNG.

    Nothing but its pixels is taken over: no place, no camera, no comment. Raises Refused.
    """
    if len(content) > LARGEST:
        raise Refused(_("This file is larger than 5 MB. Save it smaller and send it again."))
    if name.lower().endswith((".svg", ".svgz")) or b"<svg" in content[:2000].lower():
        raise Refused(_("SVG is not taken, because it can hold more than a picture. Save it as PNG."))
    drawn = _fitted(_opened(content), LONGEST_SIDE)
    return Picture(_jpeg(drawn), "image/jpeg") if is_photo else Picture(_png(drawn), "image/png")


def for_paper(content: bytes) -> bytes:
    """A picture that is kept, as small as a logo on a document needs it, as PNG; the same bytes for the same."""
    return _png(_fitted(_opened(content), ON_PAPER))


def type_of(content: bytes) -> str:
    """The type of a picture that is kept, by its bytes: nothing else is ever named to a browser."""
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"


def _opened(content: bytes) -> Image.Image:
    """The pixels of a picture, upright. Its size is looked at before any of them is unpacked."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, would let half a picture pass
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused(_too_many_pixels())
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
            return upright.convert("RGBA" if has_holes else "RGB")
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_too_many_pixels()) from None
    except Exception:  # whatever a decoder trips over is no picture
        raise Refused(_("This is no picture that can be read. Choose a PNG, JPEG or WebP file.")) from None


def _too_many_pixels() -> str:
    return _("This picture has more than 30 million pixels. Make it smaller and send it again.")


def _fitted(image: Image.Image, longest: int) -> Image.Image:
    image.thumbnail((longest, longest))
    bare = Image.new(image.mode, image.size)  # `info` of the one that was opened would be written with it
    bare.paste(image)
    return bare


def _png(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    written = BytesIO()
    image.save(written, "JPEG", quality=85, optimize=True)
    return written.getvalue()
