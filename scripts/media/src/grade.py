"""Finishes the rendered photos as a photographer would: curve, warmth, a breath of steam, vignette, grain; writes the JPEGs."""

import pathlib
import sys

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates, zoom

# name: (warmth, saturation, contrast, vignette)
LOOKS = {"cup": (0.010, 1.06, 0.30, 0.20), "beans": (0.006, 1.04, 0.34, 0.26), "bag": (0.004, 1.14, 0.38, 0.12),
         "pour": (0.004, 1.12, 0.38, 0.12), "togo": (0.0, 1.06, 0.26, 0.22)}
# name: where steam rises, as shares of width and height: foot x, foot y, width, height, strength
STEAM = {"cup": (0.49, 0.36, 0.15, 0.36, 0.34), "pour": (0.705, 0.685, 0.12, 0.34, 0.26)}


def wisps(width, height, seed):
    """Smoke: smooth noise drawn upwards and bent by a second noise."""
    rng = np.random.default_rng(seed)
    low = gaussian_filter(rng.normal(size=(48, 14)), (2.2, 0.8))
    low = zoom(low, (height / 48, width / 14), order=3)[:height, :width]
    bend = zoom(gaussian_filter(rng.normal(size=(24, 10)), (2.4, 1.4)), (height / 24, width / 10), order=3)[:height, :width]
    y, x = np.mgrid[0:height, 0:width].astype(float)
    bent = map_coordinates(low, [y, x + bend / np.abs(bend).max() * width * 0.30], order=1, mode="nearest")
    bent = (bent - bent.min()) / (bent.max() - bent.min())
    ridge = np.exp(-((bent - 0.55) / 0.09) ** 2) + 0.7 * np.exp(-((bent - 0.30) / 0.07) ** 2)
    up = 1 - y / height
    spread = 0.16 + 0.22 * up
    across = np.exp(-(((x / width - 0.5) - 0.06 * np.sin(up * 5)) / spread) ** 2)
    fade = np.clip(up / 0.16, 0, 1) * np.clip((1 - up) / 0.55, 0, 1)
    return gaussian_filter(ridge * across * fade, (height / 90, width / 120))


def finish(name, work, out):
    pixels = np.asarray(Image.open(work / f"{name}.png").convert("RGB"), float) / 255
    height, width, _ = pixels.shape
    if name in STEAM:
        fx, fy, sw, sh, strength = STEAM[name]
        w, h = int(width * sw), int(height * sh)
        smoke = np.clip(wisps(w, h, 7) * strength, 0, 0.6)[..., None]
        top, left = int(height * fy) - h, int(width * fx) - w // 2
        part = pixels[max(top, 0):top + h, left:left + w]
        smoke = smoke[h - part.shape[0]:]
        part[:] = 1 - (1 - part) * (1 - smoke * np.array([1.0, 0.97, 0.92]))
    warmth, saturation, contrast, vignette = LOOKS[name]
    pixels = pixels + np.array([warmth, 0, -warmth])
    grey = pixels @ np.array([0.30, 0.59, 0.11])
    pixels = grey[..., None] + (pixels - grey[..., None]) * saturation
    pixels = np.clip(pixels, 0, 1)
    pixels = pixels + contrast * (pixels - 0.5) * pixels * (1 - pixels) * 4 * 0.5
    y, x = np.mgrid[-1:1:height * 1j, -1:1:width * 1j]
    pixels *= (1 - vignette * np.clip(x * x + y * y - 0.35, 0, 2) * 0.6)[..., None]
    grain = gaussian_filter(np.random.default_rng(1).normal(0, 1, (height, width)), 0.6)
    pixels += 0.008 * grain[..., None]
    image = Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype("uint8"))
    image.save(out / f"{name}.jpg", quality=86, optimize=True, progressive=False, subsampling=2)


def main():
    out, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    for name in sys.argv[3:] or LOOKS:
        finish(name, work, out)


main()
