"""Pictures made fit for the public: turned upright, no wider than asked, nothing in them but the picture. Pure."""

from __future__ import annotations

import io
from typing import Final

MAX_WIDTH: Final = 1920
_QUALITY: Final = 82
_FORMATS: Final = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG"}


def compressed(data: bytes, max_width: int = MAX_WIDTH) -> bytes:
    """The picture without camera, place and comments (EXIF), at most ``max_width`` pixels wide, in its own format.

    Other formats come back as they are. Raises OSError for a picture that cannot be opened.
    """
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data)) as source:
        form = _FORMATS.get(source.format or "")
        if form is None:
            return data
        # Browsers turn by EXIF; when that goes, the turning must be done.
        image = ImageOps.exif_transpose(source)
        if image.width > max_width:
            height = max(1, round(image.height * max_width / image.width))
            if image.mode == "P":
                image = image.convert("RGBA" if "transparency" in image.info else "RGB")
            image = image.resize((max_width, height), Image.Resampling.LANCZOS)
        if form == "JPEG" and image.mode not in ("RGB", "L"):
            image = image.convert("RGB")
        options = (
            {"transparency": image.info["transparency"]}
            if "transparency" in image.info and image.mode == "P"
            else {}
        )
        image.info = {}
        out = io.BytesIO()
        if form == "JPEG":
            image.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
        else:
            image.save(out, "PNG", optimize=True, **options)
    return out.getvalue()
