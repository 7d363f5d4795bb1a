"""Draws the sample clips frame by frame and pipes them to ffmpeg: `clips.py NAME OUT_DIR [STILL_SECOND]`."""

import math
import pathlib
import subprocess
import sys

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from sound import RATE, ambience, faded, one_pole, write_wave

W, H, FPS = 1920, 1080, 30


def rgb(code):
    return np.array([int(code[i:i + 2], 16) for i in (1, 3, 5)], np.float32) / 255


def keyed(t, keys):
    """Blends a list of (time, colours) softly."""
    for (t0, a), (t1, b) in zip(keys, keys[1:]):
        if t <= t1:
            u = np.clip((t - t0) / (t1 - t0), 0, 1)
            u = u * u * (3 - 2 * u)
            return [rgb(x) * (1 - u) + rgb(y) * u for x, y in zip(a, b)]
    return [rgb(x) for x in keys[-1][1]]


def step(edge0, edge1, x):
    u = np.clip((x - edge0) / (edge1 - edge0), 0, 1)
    return u * u * (3 - 2 * u)


def cloud_texture(width, height, seed, cover, stretch=3.0):
    """Tiling fractal noise cut into soft banks."""
    rng = np.random.default_rng(seed)
    total, weight = np.zeros((height, width), np.float32), 0
    for octave in range(6):
        sigma = 120 / 2 ** octave
        layer = gaussian_filter(rng.normal(size=(height, width)).astype(np.float32), (sigma, sigma * stretch), mode="wrap")
        layer /= layer.std()
        total += layer * 0.55 ** octave
        weight += 0.55 ** octave
    total /= total.std()
    return step(cover, cover + 1.9, total).astype(np.float32), gaussian_filter(total, 8, mode="wrap")


def bank_edge(height):
    """Fades a cloud texture out above and below, so that it has no border."""
    return np.clip(np.sin(np.linspace(0, math.pi, height, dtype=np.float32)), 0, 1)[:, None] ** 0.7


def shoulder(light):
    """Rolls highlights off as film does, so that a sun is brighter than its glow."""
    return np.where(light < 0.78, light, 0.78 + 0.22 * (1 - np.exp(-(light - 0.78) / 0.30)))


def scrolled(texture, offset):
    """A W wide window on a tiling texture at a fractional offset."""
    whole, part = int(math.floor(offset)), offset - math.floor(offset)
    index = (np.arange(W + 1) + whole) % texture.shape[1]
    window = texture[:, index]
    return window[:, :-1] * (1 - part) + window[:, 1:] * part


def gradient(top, mid, low, height, bend=0.55):
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    upper = top + (mid - top) * step(0, bend, y)
    return (upper + (low - upper) * step(bend * 0.7, 1, y))[:, None, :] * np.ones((1, W, 1), np.float32)


def over(canvas, color, alpha):
    canvas += (color - canvas) * alpha[..., None]


# --- city ---------------------------------------------------------------------------

WATER = int(H * 0.735)
SKY = [(0.00, ("#5c9bd1", "#9cc9e4", "#f6e8cb")), (0.25, ("#4f83bb", "#e3bd98", "#ffd48a")), (0.43, ("#40508f", "#dd7b86", "#ffa055")),
       (0.58, ("#262c63", "#75528f", "#e2786f")), (0.74, ("#0e1540", "#232a63", "#5a4a80")), (1.00, ("#070c2a", "#121b47", "#2c3069"))]
HOUSES = [(0.00, ("#c3d3df", "#3d566f")), (0.25, ("#e6bd98", "#57466a")), (0.43, ("#d58486", "#3a2c54")),
          (0.58, ("#85608f", "#1e1b42")), (0.74, ("#2c2f66", "#0c0f2c")), (1.00, ("#1d2354", "#070a20"))]
GLOWS = [rgb(c) for c in ("#ffcf7a", "#ffb455", "#ffe2a8", "#fff0d2", "#9fd4ff")]


class Row:
    """One row of buildings: its outline, its facades, and for each window when it lights and in which colour."""

    def __init__(self, seed, width, base, low, high, widths, pane, lit):
        rng = np.random.default_rng(seed)
        self.width = width
        outline = Image.new("L", (width * 2, WATER * 2), 0)
        draw = ImageDraw.Draw(outline)
        self.on = np.full((WATER, width), 9.0, np.float32)
        self.tint = np.zeros((WATER, width, 3), np.float32)
        self.side = np.ones((WATER, width), np.float32)
        x = -20
        while x < width:
            w = int(rng.integers(*widths))
            hump = math.exp(-((x / width - 0.36) / 0.16) ** 2) + 0.75 * math.exp(-((x / width - 0.72) / 0.11) ** 2)
            h = int(low + (high - low) * (0.12 + 0.88 * hump) * rng.uniform(0.45, 1.0))
            self.building(draw, rng, x, w, base - h, base, pane, lit)
            x += w + int(rng.integers(-6, 5))
        draw.rectangle((0, base * 2, width * 2, WATER * 2), fill=255)
        self.mask = np.asarray(outline.resize((width, WATER), Image.BOX), np.float32) / 255

    def building(self, draw, rng, x, w, top, base, pane, lit):
        kind = rng.integers(0, 6)
        draw.rectangle((x * 2, top * 2, (x + w) * 2, base * 2), fill=255)
        if kind == 0:                                             # set back crown and mast
            draw.rectangle((x * 2 + w // 2, top * 2 - w // 2, x * 2 + w * 3 // 2, top * 2), fill=255)
            draw.rectangle((x * 2 + w - 2, top * 2 - w * 2, x * 2 + w + 2, top * 2), fill=255)
        elif kind == 1:                                           # slanted roof
            draw.polygon([(x * 2, top * 2), (x * 2 + w * 2, top * 2), (x * 2 + w * 2, top * 2 - w)], fill=255)
        elif kind == 2 and w > 30:                                # spire
            draw.polygon([(x * 2 + w * 0.35, top * 2), (x * 2 + w * 1.65, top * 2), (x * 2 + w, top * 2 - w * 1.6)], fill=255)
        elif kind == 3:                                           # water tank
            draw.rectangle((x * 2 + w * 0.5, top * 2 - 26, x * 2 + w * 1.1, top * 2), fill=255)
        a, b = max(x, 0), min(x + w, self.width)
        if b > a:
            self.side[max(top - 40, 0):base, a:b] = 1 + 0.10 * np.linspace(1, -1, b - a, dtype=np.float32) * rng.uniform(0.4, 1)
        pw, ph, gap = pane
        early = rng.uniform(0.36, 0.62)
        office = GLOWS[rng.integers(0, 5)]
        for wy in range(top + 7, base - ph, ph + gap + 2):
            for wx in range(x + 5, x + w - pw - 3, pw + gap):
                if wx < 0 or wx + pw >= self.width:
                    continue
                bright = rng.random() < lit
                self.on[wy:wy + ph, wx:wx + pw] = early + abs(rng.normal(0, 0.13)) if bright else 8.0
                self.tint[wy:wy + ph, wx:wx + pw] = (office if rng.random() < 0.6 else GLOWS[rng.integers(0, 4)]) * rng.uniform(0.55, 1.0)


class City:
    seconds = 12.0

    def __init__(self):
        self.rows = [Row(3, W + 60, WATER - 6, 90, 360, (26, 60), (2, 3, 3), 0.42),
                     Row(8, W + 130, WATER - 3, 90, 420, (40, 84), (3, 4, 4), 0.46),
                     Row(13, W + 240, WATER, 60, 330, (58, 120), (4, 6, 5), 0.50)]
        self.clouds = [cloud_texture(3200, 560, 5, 0.50, 2.2), cloud_texture(3600, 560, 11, 0.75, 3.4)]
        self.cloud_edge = bank_edge(560)
        rng = np.random.default_rng(2)
        self.stars = np.zeros((WATER, W), np.float32)
        ys, xs = (rng.random(420) ** 1.5 * WATER * 0.62).astype(int), rng.integers(0, W, 420)
        self.stars[ys, xs] = rng.random(420) ** 3
        self.stars = np.maximum(self.stars, gaussian_filter(self.stars, 0.8) * 3)
        self.y, self.x = np.mgrid[0:WATER, 0:W].astype(np.float32)
        self.bridge()
        self.noise = rng.normal(0, 0.006, (H, W, 1)).astype(np.float32)

    def bridge(self):
        """A suspension bridge across the foreground, and the lanes on its deck."""
        image = Image.new("L", (W * 2, H * 2), 0)
        draw = ImageDraw.Draw(image)
        deck = lambda x: H * 0.842 - 34 * math.sin(math.pi * (x / W * 0.9 + 0.05))
        points = [(x * 2, deck(x) * 2) for x in range(0, W + 8, 8)]
        draw.polygon(points + [(x, y + 26) for x, y in points[::-1]], fill=255)
        towers = (W * 0.17, W * 0.79)
        for tower in towers:
            top = deck(tower) - 232
            for off in (-15, 15):
                draw.rectangle(((tower + off - 5) * 2, top * 2, (tower + off + 5) * 2, (deck(tower) + 92) * 2), fill=255)
            for level in (6, 84, 158):
                draw.rectangle(((tower - 18) * 2, (top + level) * 2, (tower + 18) * 2, (top + level + 9) * 2), fill=255)
            draw.rectangle(((tower - 34) * 2, (deck(tower) + 80) * 2, (tower + 34) * 2, (deck(tower) + 108) * 2), fill=255)
        self.lamps = []

        def cable(x0, y0, x1, y1, sag):
            last = None
            for i in range(121):
                u = i / 120
                x, y = x0 + (x1 - x0) * u, y0 + (y1 - y0) * u + sag * 4 * u * (1 - u)
                if last:
                    draw.line((last[0] * 2, last[1] * 2, x * 2, y * 2), fill=255, width=6)
                if i % 3 == 0 and y < deck(x) - 4:
                    draw.line((x * 2, y * 2, x * 2, deck(x) * 2), fill=190, width=2)
                if i % 6 == 0:
                    self.lamps.append((int(y), int(x)))
                last = (x, y)
        tops = [deck(t) - 228 for t in towers]
        cable(towers[0], tops[0], towers[1], tops[1], 172)
        cable(-330, tops[0], towers[0], tops[0], 150)
        cable(towers[1], tops[1], W + 330, tops[1], 150)
        self.bridge_mask = np.asarray(image.resize((W, H), Image.BOX), np.float32) / 255
        rows = np.arange(H, dtype=np.float32)[:, None]
        line = np.array([deck(x) for x in range(W)], np.float32)[None, :]
        self.band = slice(int(line.min()) - 40, H)
        self.lanes = []
        for off, color, speed in ((-5.5, rgb("#fff1cc"), -1), (-2.0, rgb("#ffd58a"), -1), (2.5, rgb("#ff5a3a"), 1), (6.0, rgb("#ff3b30"), 1)):
            distance = rows[self.band] - (line + off)
            core = np.exp(-(distance / 1.25) ** 2) + 0.20 * np.exp(-(distance / 7) ** 2)
            below = rows[self.band] - (line + 95)
            mirror = np.where(below > 0, np.exp(-below / 60) * step(0, 70, below) * 0.15, 0)
            self.lanes.append((core.astype(np.float32), mirror.astype(np.float32), color, speed))

    def frame(self, seconds):
        t = seconds / self.seconds
        night = float(step(0.45, 0.74, t))
        top, mid, low = keyed(t, SKY)
        sky = gradient(top, mid, low, WATER)
        sun_y, sun_x = H * (0.28 + 1.02 * t), W * (0.62 - 0.03 * t)
        distance = np.hypot(self.x - sun_x, self.y - sun_y)
        warm = rgb("#fff3cf") * (1 - t) + rgb("#ff8a3c") * t
        strength = 1 - float(step(0.40, 0.60, t))
        sky += warm * ((np.exp(-distance / 380) * 0.36 + np.exp(-distance / 100) * 0.30) * strength)[..., None]
        sky += rgb("#fff0c8") * (step(60, 55, distance) * strength * (0.75 - 0.45 * t))[..., None]
        sky += (self.stars * night * (0.75 + 0.25 * np.sin(seconds * 9 + self.x * 0.37)))[..., None] * 0.9
        lit = low * 0.55 + np.float32(0.45) * (1 - night) + np.float32(0.06)
        for (shape, depth), speed, share in zip(self.clouds, (46, 82), (0.85, 0.60)):
            alpha = scrolled(shape, seconds * speed + 200) * self.cloud_edge * share * (1 - 0.55 * night)
            shade = scrolled(depth, seconds * speed + 200)
            part = sky[:560]
            body = lit * 1.04 + (mid * 0.92 - lit) * np.clip(0.30 + 0.28 * shade, 0, 0.9)[..., None]
            body = body + warm * (np.exp(-distance[:560] / 260) * 0.75 * strength)[..., None]
            part += (body - part) * alpha[..., None]
        lights = np.zeros((WATER, W, 3), np.float32)
        far, near = keyed(t, HOUSES)
        for i, row in enumerate(self.rows):
            shift = (row.width - W) * t
            mask = self.window(row.mask, shift)
            u = i / (len(self.rows) - 1)
            color = far * (1 - u) + near * u
            haze = np.linspace(0, 1, WATER, dtype=np.float32)[:, None, None] ** 3 * (0.34 * (1 - u * 0.7))
            front = (color + (low - color) * haze) * self.window(row.side, shift)[..., None]
            on = self.window(row.on, shift, nearest=True)
            front *= np.where(on < 9, 0.93, 1.0)[..., None].astype(np.float32)
            sky += (front - sky) * mask[..., None]
            lights *= (1 - mask)[..., None]
            glow = step(0, 0.012, t - on) * mask * (0.62 + 0.38 * u)
            lights += self.window(row.tint, shift, nearest=True) * glow[..., None]
        sky += lights * (0.25 + 0.75 * night)
        canvas = np.empty((H, W, 3), np.float32)
        canvas[:WATER] = sky
        self.water(canvas, sky, seconds, night, low)
        self.traffic(canvas, seconds, t, night, near)
        return canvas + self.noise

    def window(self, texture, shift, nearest=False):
        whole = int(shift)
        if nearest:
            return texture[:, whole:whole + W]
        part = np.float32(shift - whole)
        right = texture[:, min(whole + 1, texture.shape[1] - W):][:, :W]
        return texture[:, whole:whole + W] * (1 - part) + right * part

    def water(self, canvas, sky, seconds, night, low):
        rows = H - WATER
        y, x = np.mgrid[0:rows, 0:W].astype(np.float32)
        near = 0.25 + 1.6 * y / rows
        ripple = (np.sin(y * 0.42 / near - seconds * 3.1 + 0.6 * np.sin(x * 0.011 + seconds)) + 0.7 * np.sin(x * 0.030 / near + y * 0.23 / near + seconds * 2.3)
                  + 0.5 * np.sin(x * 0.071 / near - y * 0.9 / near + seconds * 4.2))
        source_y = np.clip(WATER - 2 - y * 1.55 + ripple * 3.2 * near, 0, WATER - 1).astype(np.int32)
        source_x = np.clip(x + ripple * 3.0 * near, 0, W - 1).astype(np.int32)
        mirror = sky[source_y, source_x]
        depth = (y / rows)[..., None]
        tint = low * 0.25 + rgb("#123049") * 0.45 * (1 - 0.6 * night)
        water = mirror * (0.80 - 0.34 * depth) + tint * (0.12 + 0.42 * depth)
        water += (np.clip(ripple - 1.15, 0, 1) * 0.10 * (1 - 0.6 * night))[..., None] * low
        canvas[WATER:] = water

    def traffic(self, canvas, seconds, t, night, near):
        dusk = float(step(0.34, 0.62, t))
        steel = near * 0.62 + rgb("#a58ba8") * 0.34 * dusk
        canvas += (steel - canvas) * self.bridge_mask[..., None]
        columns = np.arange(W, dtype=np.float32)
        band = canvas[self.band]
        for k, (core, mirror, color, speed) in enumerate(self.lanes):
            phase = columns * speed * -1 + seconds * (760 + 90 * k) + k * 777
            pulses = np.zeros(W, np.float32)
            for length, gap, power in ((520, 900, 1.0), (260, 610, 0.7)):
                along = (phase + gap * k * 0.37) % gap
                pulses += power * np.exp(-along / length * 3.4) * step(0, 46, along)
            smeared = gaussian_filter(pulses, 60, mode="nearest")
            band += ((core * (0.30 + pulses) + mirror * (0.5 + smeared)) * (0.06 + 0.94 * dusk))[..., None] * color
        lamp = np.zeros((H // 2, W // 2), np.float32)
        for y, x in self.lamps:
            if 0 <= x < W and 0 <= y < H:
                lamp[y // 2, x // 2] = 1
        glow = (gaussian_filter(lamp, 0.9) * 5 + gaussian_filter(lamp, 5) * 22) * float(step(0.5, 0.6, t))
        canvas += np.kron(glow, np.ones((2, 2), np.float32))[..., None] * rgb("#ffd796")
        bright = np.clip(canvas[::4, ::4] - 0.62, 0, 1) * dusk
        bloom = np.stack([gaussian_filter(bright[..., c], 5) + 0.6 * gaussian_filter(bright[..., c], 16) for c in range(3)], -1)
        canvas += np.kron(bloom, np.ones((4, 4, 1), np.float32)) * 0.75

    def sound(self):
        return ambience(self.seconds, ([110, 164.81, 220, 277.18, 329.63], [98, 146.83, 220, 246.94, 329.63]), 0.30, 420)


# --- waves --------------------------------------------------------------------------

class Waves:
    seconds = 7.0
    horizon = int(H * 0.47)

    def __init__(self):
        rng = np.random.default_rng(9)
        self.clouds = cloud_texture(3000, 480, 23, 0.10, 3.2)
        rows = H - self.horizon
        y, x = np.mgrid[0:rows, 0:W].astype(np.float32)
        self.depth = 1.0 / (0.006 + (y + 0.5) / rows * 0.62)
        self.wx, self.wz = (x - W / 2) / H * self.depth * 2.2, self.depth * 2.6
        self.trains = []
        for i in range(16):
            length = 7.5 * 0.76 ** i
            angle = rng.normal(0.12, 0.36 + 0.03 * i)
            self.trains.append((2 * math.pi / length, math.sin(angle), math.cos(angle), 0.052 * length ** 0.85, rng.uniform(0, 6.3)))
        self.noise = rng.normal(0, 0.006, (H, W, 1)).astype(np.float32)

    def frame(self, seconds):
        horizon = self.horizon
        top, mid, low = rgb("#2b3f78"), rgb("#d9738a"), rgb("#ffb765")
        sky = gradient(top, mid, low, horizon, 0.62)
        y, x = np.mgrid[0:horizon, 0:W].astype(np.float32)
        sun_x, sun_y = W * 0.56, horizon - 62 + seconds * 3
        distance = np.hypot(x - sun_x, y - sun_y)
        sky += rgb("#ffcf80") * (np.exp(-distance / 260) * 0.55 + np.exp(-distance / 70) * 0.4)[..., None]
        shape, depth = (scrolled(layer, seconds * 16 + 900) for layer in self.clouds)
        shape = shape * bank_edge(480)
        part = sky[:480]
        under = rgb("#7a4a72") + (rgb("#ffb27a") - rgb("#7a4a72")) * np.clip(0.45 - 0.30 * depth + 0.5 * np.exp(-distance[:480] / 420), 0, 1)[..., None]
        part += (under - part) * (shape * 0.72)[..., None]
        sky += rgb("#fff0c8") * (step(58, 54, distance) * 0.8)[..., None]
        slope_x, slope_z, height = (np.zeros_like(self.wx) for _ in range(3))
        far = np.clip(1.4 - self.depth / 52, 0.0, 1)
        for k, sx, cz, size, phase in self.trains:
            wave = k * (sx * self.wx + cz * self.wz) + phase + seconds * math.sqrt(9.8 * k) * 0.55
            calm = np.exp(-(self.depth * k / 55) ** 2)
            slope_x += size * k * sx * np.cos(wave) * calm
            slope_z += size * k * cz * np.cos(wave) * calm
            height += size * np.sin(wave) * calm
        slope_x *= 0.42
        slope_z *= 0.42
        view = 1 / (1 + self.depth * 0.55)
        fresnel = np.clip(0.06 + 0.94 * (1 - np.clip(view + 0.55 * slope_z, 0, 1)) ** 4, 0, 1)
        up = np.clip(0.10 + 0.55 * view - 0.75 * slope_z, 0.0, 0.98)
        rows = ((1 - up) * (horizon - 1)).astype(np.int32)
        cols = np.clip(np.arange(W)[None, :] + slope_x * 260, 0, W - 1).astype(np.int32)
        mirror = sky[rows, cols]
        deep = rgb("#0d2a47") + (rgb("#1c6a7c") - rgb("#0d2a47")) * np.clip(0.25 + 1.1 * height, 0, 1)[..., None] * 0.8
        sea = deep + (mirror - deep) * fresnel[..., None]
        aim = (np.arange(W)[None, :] - sun_x) / W
        facing = slope_x * 1.35 + aim * 2.3
        tilt = slope_z - 0.03 - 0.16 * view
        glint = np.exp(-(facing / 0.17) ** 2 - (tilt / 0.13) ** 2) * (0.35 + 0.65 * far)
        sea += rgb("#ffc477") * (glint * 1.5)[..., None]
        mist = np.exp(-np.linspace(0, 1, H - horizon, dtype=np.float32) * 22)[:, None, None] * 0.75
        sea += (low * 0.93 - sea) * mist
        canvas = np.concatenate([sky, sea])
        bright = np.clip(canvas[::4, ::4] - 0.8, 0, 1)
        bloom = np.stack([gaussian_filter(bright[..., c], 8) for c in range(3)], -1)
        return canvas + np.kron(bloom, np.ones((4, 4, 1), np.float32)) * 0.6 + self.noise

    def sound(self):
        n = int(self.seconds * RATE)
        rng = np.random.default_rng(4)
        out = np.zeros((n, 2))
        t = np.arange(n) / RATE
        for side in range(2):
            hiss = rng.normal(size=n)
            deep, soft = one_pole(hiss, 300), one_pole(hiss, 1800)
            swell = 0.35 + 0.65 * np.clip(np.sin(2 * math.pi * (t / 4.6 + 0.08 * side)), 0, 1) ** 1.6
            out[:, side] = deep * 1.6 + soft * swell * 0.8
        return faded(out / np.abs(out).max() * 0.35, 0.5)


# --- hills --------------------------------------------------------------------------

class Hills:
    seconds = 6.0

    def __init__(self):
        rng = np.random.default_rng(31)
        self.ridges = []
        for i in range(6):
            width = W + 60 + 70 * i
            x = np.arange(width)
            base = H * (0.46 + 0.095 * i)
            line = base + sum(rng.normal(0, 1) * (95 - 8 * i) * 0.62 ** k * np.sin(x / (420 - 28 * i) * 1.9 ** k + rng.uniform(0, 6.3)) for k in range(6))
            if i >= 3:
                line -= self.firs(rng, width, 10 + 13 * (i - 3))
            self.ridges.append(line.astype(np.float32))
        self.fog = [cloud_texture(2800, 420, 50 + i, -0.35, 5.0)[0] for i in range(2)]
        self.noise = rng.normal(0, 0.006, (H, W, 1)).astype(np.float32)
        self.birds = rng.random((7, 3))

    @staticmethod
    def firs(rng, width, size):
        tops = np.zeros(width)
        x = 0
        while x < width:
            h, w = size * rng.uniform(0.6, 1.9), size * rng.uniform(0.30, 0.42)
            span = np.arange(max(0, int(x - w)), min(width, int(x + w) + 1))
            cone = h * (1 - np.abs(span - x) / (w + 0.5))
            tops[span] = np.maximum(tops[span], cone + 0.16 * h * ((np.abs(span - x) / w * 5) % 1) * (np.abs(span - x) < w * 0.9))
            x += w * rng.uniform(0.5, 1.7)
        return tops

    def frame(self, seconds):
        t = seconds / self.seconds
        canvas = gradient(rgb("#6f9cc4"), rgb("#f5c9a6"), rgb("#ffe6bd"), H, 0.5)
        y, x = np.mgrid[0:H, 0:W].astype(np.float32)
        sun_x, sun_y = W * 0.64, H * (0.50 - 0.16 * t)
        distance = np.hypot(x - sun_x, y - sun_y)
        canvas += rgb("#ffe0a0") * (np.exp(-distance / 420) * 0.34 + np.exp(-distance / 120) * 0.22)[..., None]
        canvas += rgb("#fff4d8") * (step(66, 61, distance) * 0.8)[..., None]
        self.flock(canvas, seconds)
        for i, ridge in enumerate(self.ridges):
            u = i / 5
            shift = (20 + 62 * i) * t
            whole, part = int(shift), shift - int(shift)
            line = ridge[whole:whole + W] * (1 - part) + ridge[whole + 1:whole + 1 + W] * part
            alpha = np.clip(y - line + 0.5, 0, 1)
            color = rgb("#c9a7ae") * (1 - u) + rgb("#17323d") * u if u > 0.35 else rgb("#e0bfae") * (1 - u / 0.35) + rgb("#8e7f96") * (u / 0.35)
            if u > 0.35:
                v = (u - 0.35) / 0.65
                color = rgb("#6f7791") * (1 - v) + rgb("#14303a") * v
            below = np.clip((y - line) / (H * 0.20), 0, 1)
            haze = rgb("#ffdcb4") * 0.75 + rgb("#d8cfd8") * 0.25
            body = color + (haze - color) * (below ** 1.3 * (0.72 - 0.62 * u))[..., None]
            rim = np.exp(-np.clip(y - line, 0, None) / 9) * np.exp(-distance / 520) * (0.5 - 0.3 * u)
            canvas += (body + rgb("#ffd9a0") * rim[..., None] - canvas) * alpha[..., None]
            if i in (1, 2, 3):
                low = int(H * (0.52 + 0.10 * (i - 1)))
                drift = scrolled(self.fog[i % 2], seconds * (26 + 18 * i) + 500 * i)
                rows = canvas[low:low + 420]
                edge = np.sin(np.linspace(0, math.pi, 420))[:, None][:len(rows)].astype(np.float32)
                rows += (rgb("#fff0d8") - rows) * (drift[:len(rows)] * edge * 0.42)[..., None]
        return canvas + self.noise

    def flock(self, canvas, seconds):
        image = Image.new("L", (W * 2, H // 2 * 2), 0)
        draw = ImageDraw.Draw(image)
        for i, (a, b, c) in enumerate(self.birds):
            x, y = W * (0.16 + 0.20 * a) + seconds * 62 + i * 9, H * (0.17 + 0.12 * b) - seconds * 6
            size, flap = 9 + 6 * c, math.sin(seconds * 8.5 + i * 1.7)
            wing = lambda side, u: ((x + side * size * u) * 2, (y - size * (0.75 * flap + 0.25) * math.sin(u * 2.1)) * 2)
            for side in (-1, 1):
                draw.line([wing(side, u) for u in (0, 0.25, 0.5, 0.75, 1)], fill=255, width=3, joint="curve")
        mask = np.asarray(image.resize((W, H // 2), Image.LANCZOS), np.float32) / 255
        over(canvas[:H // 2], rgb("#4a4658"), mask * 0.85)

    def sound(self):
        return ambience(self.seconds, ([130.81, 196, 261.63, 329.63, 392],), 0.22, 900)


CLIPS = {"city": City, "waves": Waves, "hills": Hills}


def main():
    name, out = sys.argv[1], pathlib.Path(sys.argv[2])
    clip = CLIPS[name]()
    shot = lambda s: (np.clip(shoulder(clip.frame(s)), 0, 1) * 255 + 0.5).astype("uint8")
    if len(sys.argv) > 3:
        for second in sys.argv[3:]:
            Image.fromarray(shot(float(second))).save(out / f"{name}-{second}.png")
        return
    sound = out / f"{name}.wav"
    write_wave(sound, clip.sound())
    target, part = out / f"{name}.mp4", out / f"{name}.part.mp4"
    encode = subprocess.Popen(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{W}x{H}", "-r", str(FPS), "-i", "-", "-i", str(sound),
         "-c:v", "libx264", "-preset", "slow", "-crf", "27", "-profile:v", "high", "-pix_fmt", "yuv420p", "-g", "60", "-colorspace", "bt709",
         "-color_primaries", "bt709", "-color_trc", "bt709", "-vf", "scale=out_color_matrix=bt709:out_range=tv",
         "-c:a", "aac", "-b:a", "96k", "-shortest", "-movflags", "+faststart", str(part)], stdin=subprocess.PIPE)
    for i in range(int(clip.seconds * FPS)):
        encode.stdin.write(shot(i / FPS).tobytes())
    encode.stdin.close()
    if encode.wait():
        sys.exit("ffmpeg failed")
    part.rename(target)
    sound.unlink()


main()
