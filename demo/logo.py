"""The logo of an invented board: drawn, so that no file is needed."""

from io import BytesIO

from PIL import Image, ImageDraw

from core.pictures import Picture, redrawn


def drawn(colour: str) -> Picture:
    """A mark of two shapes that meet, in `colour` and ink."""
    image = Image.new("RGBA", (480, 320), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((20, 60, 220, 260), radius=36, fill=colour)
    pen.ellipse((180, 60, 380, 260), fill="#2B3431")
    pen.polygon([(240, 250), (300, 90), (360, 250)], fill="#FFFFFF")
    written = BytesIO()
    image.save(written, "PNG")
    return redrawn(written.getvalue())
