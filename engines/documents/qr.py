"""QR codes for documents, drawn as lines rather than dots so that they print sharp on anything."""

from io import BytesIO

import segno


def qr_svg(url: str) -> bytes:
    """A QR code of `url` as an SVG image: error correction M (15 % of it may be spoilt), no quiet zone (the
    page around it is white), transparent, sized by whoever shows it. The same url gives the same bytes."""
    svg = BytesIO()
    segno.make(url, error="m", micro=False).save(
        svg, kind="svg", border=0, light=None, omitsize=True, xmldecl=False, nl=False
    )
    return svg.getvalue()
