"""Pictures: checked at upload, kept privately as they came, shown in three widths and three formats.

One upload makes nine files named by the picture's own content, so that an address never changes what it
shows and says nothing about the film. Cropped to a fixed aspect ratio around the focal point; EXIF dropped.
"""

import hashlib
import io
import math
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.signing import BadSignature, Signer
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

ACCEPTED_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
# Quality and effort found by eye and by clock: nine files of a 1600 px still take about a fifth of a second.
# AVIF gets one thread because nine encoders share the cores already.
SAVE_OPTIONS = {
    "avif": {"format": "AVIF", "quality": 55, "speed": 9, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 72, "method": 2},
    "jpg": {"format": "JPEG", "quality": 78, "optimize": True, "progressive": True},
}


class Focus(models.TextChoices):
    """The part of a picture that no crop may lose."""

    CENTRE = "", _("Centre")
    LEFT = "left", _("Left")
    RIGHT = "right", _("Right")
    TOP = "top", _("Top")
    BOTTOM = "bottom", _("Bottom")
    TOP_LEFT = "top left", _("Top left")
    TOP_RIGHT = "top right", _("Top right")
    BOTTOM_LEFT = "bottom left", _("Bottom left")
    BOTTOM_RIGHT = "bottom right", _("Bottom right")

    @property
    def point(self) -> tuple[float, float]:
        """The focal point as shares of width and height, from the top left."""
        x = 0.22 if "left" in self.value else 0.78 if "right" in self.value else 0.5
        y = 0.2 if "top" in self.value else 0.8 if "bottom" in self.value else 0.5
        return x, y


@dataclass(frozen=True)
class Shape:
    """Where pictures of a kind are kept, and the widths (px) and ratio that they are cut to."""

    folder: str
    widths: tuple[int, int, int]
    ratio: tuple[int, int]

    def height(self, width: int) -> int:
        return round(width * self.ratio[1] / self.ratio[0])


STILL = Shape("stills", (480, 960, 1600), (16, 9))
HEADSHOT = Shape("headshots", (240, 480, 720), (4, 5))


@dataclass(frozen=True)
class Picture:
    """A stored picture as a template asks for it; `key` is the hash its nine files are named by.

    `root` is the address it is served under, the media's own if empty.
    """

    shape: Shape
    key: str
    alt: str = ""
    focus: str = ""
    credit: str = ""
    root: str = ""

    def path(self, width: int, extension: str) -> str:
        return f"{self.shape.folder}/{self.key}-{width}.{extension}"

    def _srcset(self, extension: str) -> str:
        return ", ".join(f"{self.url(width, extension)} {width}w" for width in self.shape.widths)

    def url(self, width: int, extension: str = "jpg") -> str:
        return f"{self.root or settings.MEDIA_URL}{self.path(width, extension)}"

    @cached_property
    def avif(self) -> str:
        return self._srcset("avif")

    @cached_property
    def webp(self) -> str:
        return self._srcset("webp")

    @cached_property
    def jpeg(self) -> str:
        return self._srcset("jpg")

    @property
    def src(self) -> str:
        return self.url(self.shape.widths[1])

    @property
    def width(self) -> int:
        return self.shape.widths[-1]

    @property
    def height(self) -> int:
        return self.shape.height(self.width)


def originals() -> FileSystemStorage:
    """Uploads as they came. No address leads here: originals may carry a place, a name, a camera's number."""
    return FileSystemStorage(location=settings.MEDIA_ROOT / "originals", base_url=None)


def sign_original(name: str) -> str:
    """What a form may carry about instead of the name of an upload, so that no other can be asked for."""
    return Signer(salt="original").sign(name)


def original_of(signed: str) -> str:
    """The name that `sign_original` signed; empty for anything else."""
    try:
        return Signer(salt="original").unsign(signed)
    except BadSignature:
        return ""


def whole_picture(original: str) -> bytes:
    """An upload as it came but for its size, as a JPEG of at most 960 px, for whoever chooses what a crop must keep.

    Raises FileNotFoundError, and ValidationError as `open_image` does.
    """
    with originals().open(original) as file:
        image = open_image(file)
    image.thumbnail((960, 960))
    return _encode(image, "jpg")


def remove_files(shape: Shape, key: str) -> None:
    """Take the nine files of a picture away; those of a picture that is shown are made anew when they are asked for."""
    picture = Picture(shape, key)
    for width in shape.widths:
        for extension in SAVE_OPTIONS:
            default_storage.delete(picture.path(width, extension))


def open_image(upload: File) -> Image.Image:
    """The decoded picture, turned upright, in sRGB.

    Raises ValidationError, in a sentence for the person who chose the file, when it is too large, of a
    type that we do not take, or broken.
    """
    if upload.size > settings.IMAGE_MAX_BYTES:
        raise ValidationError(
            _("This picture is larger than %(limit)s MB. Please export a smaller one and choose it again."),
            params={"limit": settings.IMAGE_MAX_BYTES // 1024 // 1024},
        )
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=ACCEPTED_FORMATS)
            if image.width * image.height > settings.IMAGE_MAX_PIXELS:
                raise Image.DecompressionBombError
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(
            _(
                "This picture has more than %(limit)s million pixels. 1600 pixels wide is all we show: "
                "please export a smaller one."
            ),
            params={"limit": settings.IMAGE_MAX_PIXELS // 1_000_000},
        ) from error
    except UnidentifiedImageError as error:
        raise ValidationError(
            _("This file is not a picture we can use. Please choose a JPEG, PNG, WebP or AVIF file.")
        ) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ValidationError(
            _("This picture is damaged or cut off and cannot be read. Please export it again.")
        ) from error
    return _to_srgb(ImageOps.exif_transpose(image))


def _to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except ImageCms.PyCMSError:
            pass  # An unreadable profile: the plain values are the best guess there is.
    if "A" in image.getbands():
        ground = Image.new("RGB", image.size, "black")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def store_picture(upload: File, shape: Shape, focus: str = "") -> tuple[str, str]:
    """Keep the original privately, make its nine files, and return (name of the original, key of the files).

    Raises ValidationError as `open_image` does, with nothing written.
    """
    image = open_image(upload)
    upload.seek(0)
    content = upload.read()
    key = hashlib.sha256(content + repr((shape, focus)).encode()).hexdigest()[:24]
    _make_files(Picture(shape, key), image, Focus(focus).point)
    extension = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif"}[Image.open(io.BytesIO(content)).format]
    # Kept once, however often it is cut anew.
    name = f"{shape.folder}/{hashlib.sha256(content).hexdigest()[:24]}.{extension}"
    if not originals().exists(name):
        originals().save(name, ContentFile(content))
    return name, key


def _make_files(picture: Picture, image: Image.Image, centering: tuple[float, float]) -> None:
    """Those of the nine that are not there yet: a key stands for one content, cut in one way."""
    missing = [
        (width, extension)
        for width in picture.shape.widths
        for extension in SAVE_OPTIONS
        if not default_storage.exists(picture.path(width, extension))
    ]
    if not missing:
        return
    sizes = {width: (width, picture.shape.height(width)) for width in picture.shape.widths}
    cut = ImageOps.fit(image, sizes[picture.shape.widths[-1]], Image.Resampling.LANCZOS, centering=centering)
    with ThreadPoolExecutor() as pool:
        sized = dict(zip(sizes, pool.map(lambda size: _resize(cut, *size), sizes.values()), strict=True))
        jobs = [(width, extension, pool.submit(_encode, sized[width], extension)) for width, extension in missing]
    for width, extension, encoded in jobs:
        default_storage.save(picture.path(width, extension), ContentFile(encoded.result()))


def _resize(image: Image.Image, width: int, height: int) -> Image.Image:
    return image if image.width == width else image.resize((width, height), Image.Resampling.LANCZOS)


def _encode(image: Image.Image, extension: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **SAVE_OPTIONS[extension])
    return buffer.getvalue()


def grade_of(image: Image.Image) -> int | None:
    """The hue (0 to 345, in steps of 15 degrees) of most of the picture's colour; None for black and white.

    Hues are those of OKLCH, in which the stylesheets are written (Björn Ottosson, "A perceptual color space
    for image processing", 2020); a colour weighs by its chroma to the power of 1.5.
    """
    bins = [0.0] * 24
    pixels = image.convert("RGB").resize((64, 36), Image.Resampling.BOX).get_flattened_data()
    for pixel in pixels:
        r, g, b = (c / 3294.6 if c <= 10.31 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in pixel)
        long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
        medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
        short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
        green_red = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
        blue_yellow = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
        chroma = math.hypot(green_red, blue_yellow)
        if chroma > 0.03:
            hue = math.degrees(math.atan2(blue_yellow, green_red)) % 360
            bins[round(hue / 15) % 24] += chroma**1.5
    if sum(bins) / len(pixels) < 0.0015:
        return None
    spread = [bins[i] + 0.5 * bins[i - 1] + 0.5 * bins[(i + 1) % 24] for i in range(24)]
    return spread.index(max(spread)) * 15
