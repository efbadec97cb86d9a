"""Pictures of many kinds and what Pillow reads in them, for KnownAnswers/PictureAnswersTests.cs.

    python3 pillow.py FOLDER COUNT SEED [LARGEST]

writes COUNT pictures into FOLDER, with index.csv (one row a picture), decoded.raw (the bytes of each, upright, over the background,
red, green and blue of a pixel together) and resized.raw (the same picture in the size that its row asks for, by Pillow's own BILINEAR).
The rules by which Pillow's modes become RGB:
  1, L, LA, P, PA, RGB, RGBA, CMYK   Image.convert
  I;16, I (PNG of 16 bits)           the upper byte: value >> 8
  transparency of any kind           pasted over the background by its alpha, as Image.paste does
  EXIF orientation                   ImageOps.exif_transpose, before the rest
Needs Pillow and NumPy.
"""

import io
import random
import struct
import sys
import zlib

import numpy
from PIL import Image, ImageOps

BACKGROUND = (32, 160, 255)


def picture(rng, width, height, channels):
    """Something between a photo and noise: a slope, a few shapes, grain."""
    y, x = numpy.mgrid[0:height, 0:width]
    layers = []
    for _ in range(channels):
        plane = rng.uniform(0, 255) + rng.uniform(-2, 2) * x + rng.uniform(-2, 2) * y
        for _ in range(rng.randint(0, 3)):
            inside = (x - rng.uniform(0, width)) ** 2 + (y - rng.uniform(0, height)) ** 2 < rng.uniform(2, max(width, 3)) ** 2 / 4
            plane = numpy.where(inside, rng.uniform(0, 255), plane)
        grain = numpy.random.RandomState(rng.randint(0, 2**31)).normal(0, rng.choice([0, 2, 12, 80]), plane.shape)
        layers.append(numpy.clip(plane + grain, 0, 255).astype(numpy.uint8))
    return numpy.stack(layers, -1)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(values, bits, kind, transparent=None, interlaced=False, rng=None):
    """A PNG file of numpy values [height, width, channels], with any number of bits and any filter."""
    height, width, channels = values.shape
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for left, top, right, down in passes:
        part = values[top::down, left::right]
        if part.size == 0:
            continue
        for row in part:
            if bits == 16:
                line = row.astype(">u2").tobytes()
            elif bits == 8:
                line = row.astype(numpy.uint8).tobytes()
            else:
                flags = "".join(format(int(v), f"0{bits}b") for v in row.reshape(-1))
                flags += "0" * (-len(flags) % 8)
                line = bytes(int(flags[i : i + 8], 2) for i in range(0, len(flags), 8))
            raw += b"\0" + line
    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, int(interlaced))
    extra = chunk(b"tRNS", transparent) if transparent else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def saved(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def palette(rng, image):
    return image.quantize(rng.choice([2, 7, 16, 200, 256]))


def oriented(rng, options):
    """Now and then an EXIF orientation."""
    if rng.random() < 0.6:
        exif = Image.Exif()
        exif[0x0112] = rng.randint(1, 8)
        options["exif"] = exif.tobytes()
    return options


def make(rng, width, height):
    """A kind, a file's ending and its bytes."""
    rgb = Image.fromarray(picture(rng, width, height, 3))
    grey = Image.fromarray(picture(rng, width, height, 1)[..., 0])
    alpha = Image.fromarray(picture(rng, width, height, 1)[..., 0])
    rgba = rgb.copy()
    rgba.putalpha(alpha)
    wide = numpy.random.RandomState(rng.randint(0, 2**31)).randint(0, 65536, (height, width, 4))
    laced = rng.random() < 0.3
    choice = rng.choice(KINDS)
    if choice == "png-1":
        return "png", saved(grey.convert("1"), "PNG", **oriented(rng, {})), choice
    if choice == "png-l":
        return "png", saved(grey, "PNG", **oriented(rng, {"optimize": rng.random() < 0.5})), choice
    if choice == "png-la":
        return "png", saved(rgba.convert("LA"), "PNG", **oriented(rng, {})), choice
    if choice == "png-rgb":
        return "png", saved(rgb, "PNG", **oriented(rng, {})), choice
    if choice == "png-rgba":
        return "png", saved(rgba, "PNG", **oriented(rng, {})), choice
    if choice == "png-p":
        return "png", saved(palette(rng, rgb), "PNG", **oriented(rng, {})), choice
    if choice == "png-p-transparent":
        image = palette(rng, rgb)
        colours = len(image.getcolors())
        return "png", saved(image, "PNG", transparency=bytes(rng.randint(0, 255) for _ in range(colours))), choice
    if choice == "png-i16":
        return "png", saved(Image.fromarray(wide[..., 0].astype(numpy.uint16)), "PNG"), choice
    if choice == "png-16-l":
        return "png", png(wide[..., :1], 16, 0, interlaced=laced), choice
    if choice == "png-16-rgb":
        return "png", png(wide[..., :3], 16, 2, interlaced=laced), choice
    if choice == "png-16-la":
        return "png", png(wide[..., :2], 16, 4, interlaced=laced), choice
    if choice == "png-16-rgba":
        return "png", png(wide, 16, 6, interlaced=laced), choice
    if choice == "png-2":
        return "png", png(wide[..., :1] >> 14, 2, 0, interlaced=laced), choice
    if choice == "png-4":
        return "png", png(wide[..., :1] >> 12, 4, 0, interlaced=laced), choice
    if choice == "png-l-transparent":
        values = wide[..., :1] >> 8
        return "png", png(values, 8, 0, struct.pack(">H", int(values[0, 0, 0])), laced), choice
    if choice == "png-rgb-transparent":
        values = (wide[..., :3] >> 14) * 85
        return "png", png(values, 8, 2, struct.pack(">HHH", *(int(v) for v in values[0, 0])), laced), choice
    if choice == "bmp-1":
        return "bmp", saved(grey.convert("1"), "BMP"), choice
    if choice == "bmp-l":
        return "bmp", saved(grey, "BMP"), choice
    if choice == "bmp-p":
        return "bmp", saved(palette(rng, rgb), "BMP"), choice
    if choice == "bmp-rgb":
        return "bmp", saved(rgb, "BMP"), choice
    if choice == "bmp-rgba":
        return "bmp", saved(rgba, "BMP"), choice
    if choice == "gif-l":
        return "gif", saved(grey, "GIF"), choice
    if choice == "gif-p":
        return "gif", saved(palette(rng, rgb), "GIF", interlace=laced), choice
    if choice == "gif-transparent":
        return "gif", saved(palette(rng, rgb), "GIF", transparency=rng.randint(0, 1)), choice
    if choice == "gif-frames":
        others = [Image.fromarray(picture(rng, width, height, 3)) for _ in range(2)]
        return "gif", saved(rgb, "GIF", save_all=True, append_images=others, duration=50), choice
    if choice == "webp-lossless":
        return "webp", saved(rgb, "WEBP", lossless=True, **oriented(rng, {})), choice
    if choice == "webp-lossless-alpha":
        return "webp", saved(rgba, "WEBP", lossless=True, exact=laced, **oriented(rng, {})), choice
    quality = rng.choice([5, 30, 60, 75, 85, 95, 100])
    if choice == "webp-lossy":
        return "webp", saved(rgb, "WEBP", quality=quality, **oriented(rng, {})), choice
    if choice == "webp-lossy-alpha":
        return "webp", saved(rgba, "WEBP", quality=quality), choice
    options = oriented(rng, {"quality": quality, "progressive": rng.random() < 0.3, "optimize": rng.random() < 0.3})
    if choice == "jpeg-l":
        return "jpg", saved(grey, "JPEG", **options), choice
    if choice == "jpeg-cmyk":
        return "jpg", saved(Image.fromarray(picture(rng, width, height, 4), "CMYK"), "JPEG", **options), choice
    subsampling = {"jpeg-444": 0, "jpeg-422": 1, "jpeg-420": 2}[choice]
    return "jpg", saved(rgb, "JPEG", subsampling=subsampling, **options), choice


LOSSLESS = [
    "png-1", "png-l", "png-la", "png-rgb", "png-rgba", "png-p", "png-p-transparent", "png-i16", "png-16-l", "png-16-rgb", "png-16-la",
    "png-16-rgba", "png-2", "png-4", "png-l-transparent", "png-rgb-transparent", "bmp-1", "bmp-l", "bmp-p", "bmp-rgb", "bmp-rgba",
    "gif-l", "gif-p", "gif-transparent", "gif-frames", "webp-lossless", "webp-lossless-alpha",
]
LOSSY = ["webp-lossy", "webp-lossy-alpha", "jpeg-l", "jpeg-cmyk", "jpeg-444", "jpeg-422", "jpeg-420"]
KINDS = LOSSLESS + LOSSY * 3


def flat(data):
    """The picture that Pillow reads, upright, in RGB, over the background."""
    image = Image.open(io.BytesIO(data))
    image.load()
    exif = image.getexif()
    if image.mode in ("I", "I;16", "I;16B"):
        image = Image.fromarray((numpy.asarray(image).astype(numpy.int64) >> 8).astype(numpy.uint8))
    if image.mode == "CMYK":
        image = image.convert("RGB")
    rgba = image.convert("RGBA")
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
    }
    turn = turns.get(exif.get(0x0112))
    rgba = rgba if turn is None else rgba.transpose(turn)
    canvas = Image.new("RGB", rgba.size, BACKGROUND)
    canvas.paste(rgba, mask=rgba.getchannel("A"))
    return canvas


def resized(image, mode, width, height):
    """By shorter side and centre crop as torchvision has it, stretched, or letterboxed."""
    if mode == "Stretch":
        return image.resize((width, height), Image.Resampling.BILINEAR)
    tall = width * image.height >= height * image.width
    if mode == "ShorterSide":
        size = (width, image.height * width // image.width) if tall else (image.width * height // image.height, height)
        left, top = round((size[0] - width) / 2.0), round((size[1] - height) / 2.0)
        return image.resize(size, Image.Resampling.BILINEAR).crop((left, top, left + width, top + height))
    size = (max(1, (2 * image.width * height + image.height) // (2 * image.height)), height) if tall else (
        width, max(1, (2 * image.height * width + image.width) // (2 * image.width)))
    canvas = Image.new("RGB", (width, height), BACKGROUND)
    canvas.paste(image.resize(size, Image.Resampling.BILINEAR), ((width - size[0]) // 2, (height - size[1]) // 2))
    return canvas


def main(folder, count, seed, largest):
    rng = random.Random(seed)
    with open(f"{folder}/index.csv", "w") as index, open(f"{folder}/decoded.raw", "wb") as decoded, \
            open(f"{folder}/resized.raw", "wb") as small:
        index.write("file,kind,lossless,width,height,resize,new_width,new_height\n")
        for number in range(count):
            side = largest if rng.random() < 0.9 else 4 * largest
            ending, data, kind = make(rng, rng.randint(1, side), rng.randint(1, side))
            image = flat(data)
            mode = rng.choice(["ShorterSide", "Stretch", "Letterbox"])
            width, height = rng.randint(1, largest), rng.randint(1, largest)
            name = f"{number:05}.{ending}"
            with open(f"{folder}/{name}", "wb") as file:
                file.write(data)
            decoded.write(image.tobytes())
            small.write(resized(image, mode, width, height).tobytes())
            index.write(f"{name},{kind},{int(kind in LOSSLESS)},{image.width},{image.height},{mode},{width},{height}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 48)
