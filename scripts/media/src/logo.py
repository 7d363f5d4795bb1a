"""Draws the mark of Amber Fern, a coffee house that does not exist: a fern frond that rises like steam from a cup."""

import math
import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFont

CREAM = (250, 243, 230, 255)
GREEN = (27, 58, 46, 255)
AMBER = (226, 152, 54, 255)
LIGHT_AMBER = (240, 176, 84, 255)
SCALE = 4  # drawn larger, then reduced: smooth edges


def font(folder, name, size):
    return ImageFont.truetype(str(next(pathlib.Path(folder).rglob(name))), size)


def leaf(draw, x, y, angle, length, width, fill):
    """One leaflet: two arcs from its root to its tip."""
    points = []
    for side in (1, -1):
        steps = [i / 16 for i in range(17)]
        for t in steps if side == 1 else reversed(steps):
            along, across = t * length, side * width * math.sin(math.pi * t ** 0.8)
            points.append((x + along * math.cos(angle) - across * math.sin(angle),
                           y + along * math.sin(angle) + across * math.cos(angle)))
    draw.polygon(points, fill=fill)


def frond(draw, cx, base, top, fill, pairs=8):
    """A fern frond with a gentle bend, leaflets growing smaller to the tip."""
    height = base - top
    spine = [(cx + height * 0.07 * math.sin(t / 40 * math.pi * 1.15), base - height * t / 40) for t in range(41)]
    draw.line(spine, fill=fill, width=int(height * 0.026), joint="curve")
    for i in range(pairs):
        t = 0.13 + 0.80 * i / (pairs - 1)
        x, y = spine[int(t * 40)]
        length = height * 0.34 * math.sin(math.pi * (0.22 + 0.74 * t)) ** 0.9 + height * 0.03
        for side in (1, -1):
            angle = -math.pi / 2 + side * (1.12 - 0.45 * t)
            leaf(draw, x, y, angle, length, length * 0.15, fill)
    leaf(draw, *spine[-4], -math.pi / 2, height * 0.13, height * 0.022, fill)


def cup(draw, n, ink, accent):
    """A frond that rises from a cup, in a square of side n."""
    line = n * 0.022
    frond(draw, n * 0.5, n * 0.66, n * 0.13, accent)
    # The cup: a bowl, its handle and a saucer line.
    draw.chord((n * 0.29, n * 0.38, n * 0.71, n * 0.82), 0, 180, fill=ink)
    draw.rectangle((n * 0.29, n * 0.585, n * 0.71, n * 0.605), fill=ink)
    draw.arc((n * 0.655, n * 0.60, n * 0.79, n * 0.735), -110, 120, fill=ink, width=int(line * 1.15))
    draw.rounded_rectangle((n * 0.31, n * 0.845, n * 0.69, n * 0.868), n * 0.012, fill=ink)


def emblem(size, ink, accent):
    """The round mark alone, on nothing."""
    n = size * SCALE
    image = Image.new("RGBA", (n, n), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    line = n * 0.022
    draw.ellipse((line, line, n - line, n - line), outline=ink, width=int(line))
    cup(draw, n, ink, accent)
    return image.resize((size, size), Image.LANCZOS)


def spaced(draw, center, y, text, face, fill, gap):
    """Text centred on a point, with extra space between its letters."""
    width = sum(face.getlength(c) for c in text) + gap * (len(text) - 1)
    x = center - width / 2
    for c in text:
        draw.text((x, y), c, font=face, fill=fill, anchor="ls")
        x += face.getlength(c) + gap


def lockup(width, fonts, ink, accent):
    """Mark above name; transparent."""
    w = width * 2
    image = Image.new("RGBA", (w, int(w * 1.02)), (0, 0, 0, 0))
    mark = emblem(int(w * 0.66), ink, accent)
    image.alpha_composite(mark, ((w - mark.width) // 2, 0))
    draw = ImageDraw.Draw(image)
    spaced(draw, w / 2, w * 0.84, "AMBER FERN", font(fonts, "LeagueSpartan-SemiBold.otf", int(w * 0.125)), ink, w * 0.018)
    spaced(draw, w / 2, w * 0.955, "SLOW COFFEE", font(fonts, "LeagueSpartan-Medium.otf", int(w * 0.062)), accent, w * 0.026)
    return image.resize((width, int(width * 1.02)), Image.LANCZOS)


def badge(size, fonts, ink, accent):
    """Mark and name on a green disc of their own, so that they hold on bright pictures and on dark ones."""
    n = size * SCALE
    image = Image.new("RGBA", (n, n), ink[:3] + (0,))
    draw = ImageDraw.Draw(image)
    draw.ellipse((0, 0, n - 1, n - 1), fill=ink)
    rim = n * 0.014
    draw.ellipse((rim, rim, n - rim, n - rim), fill=GREEN)
    part = int(n * 0.66)
    mark = Image.new("RGBA", (part, part), (0, 0, 0, 0))
    cup(ImageDraw.Draw(mark), part, ink, accent)
    image.alpha_composite(mark, ((n - part) // 2, int(n * 0.045)))
    spaced(draw, n / 2, n * 0.765, "AMBER FERN", font(fonts, "LeagueSpartan-SemiBold.otf", int(n * 0.108)), ink, n * 0.012)
    spaced(draw, n / 2, n * 0.858, "SLOW COFFEE", font(fonts, "LeagueSpartan-Medium.otf", int(n * 0.056)), accent, n * 0.016)
    return image.resize((size, size), Image.LANCZOS)


def grain(image, strength, seed):
    noise = np.random.default_rng(seed).normal(0, strength, (image.height, image.width, 1))
    pixels = np.asarray(image.convert("RGB"), float) + noise
    return Image.fromarray(np.clip(pixels, 0, 255).astype("uint8"))


def label(fonts):
    """The paper label of the bag."""
    w, h = 1200, 1500
    image = Image.new("RGBA", (w, h), CREAM)
    draw = ImageDraw.Draw(image)
    draw.rectangle((48, 48, w - 48, h - 48), outline=GREEN, width=5)
    mark = emblem(560, GREEN, AMBER)
    image.alpha_composite(mark, ((w - 560) // 2, 130))
    spaced(draw, w / 2, 860, "AMBER FERN", font(fonts, "LeagueSpartan-SemiBold.otf", 138), GREEN, 20)
    spaced(draw, w / 2, 960, "SLOW COFFEE", font(fonts, "LeagueSpartan-Medium.otf", 66), AMBER, 26)
    draw.line((w / 2 - 190, 1040, w / 2 + 190, 1040), fill=GREEN, width=4)
    italic = font(fonts, "EBGaramond12-Italic.otf", 92)
    draw.text((w / 2, 1150), "Hillside washed", font=italic, fill=GREEN, anchor="ms")
    spaced(draw, w / 2, 1255, "APRICOT · HONEY · CEDAR", font(fonts, "LeagueSpartan-Medium.otf", 50), GREEN, 8)
    spaced(draw, w / 2, 1380, "WHOLE BEAN  250 G", font(fonts, "LeagueSpartan-Medium.otf", 42), GREEN, 10)
    return grain(image, 2.5, 3)


def main():
    out, work, fonts = map(pathlib.Path, sys.argv[1:4])
    badge(640, fonts, CREAM, LIGHT_AMBER).save(out / "logo.png", optimize=True)
    label(fonts).save(work / "label.png")
    lockup(900, fonts, GREEN, AMBER).save(work / "mark-dark.png")
    lockup(900, fonts, CREAM, LIGHT_AMBER).save(work / "mark-light.png")


main()
