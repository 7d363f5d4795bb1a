"""The sound of the sample clips: pads over moving air, and the file they are written to."""

import math
import wave

import numpy as np
from scipy.signal import lfilter

RATE = 48000


def one_pole(x, cutoff):
    a = math.exp(-2 * math.pi * cutoff / RATE)
    return lfilter([1 - a], [1, -a], x)


def faded(sound, seconds):
    n = int(seconds * RATE)
    ramp = np.linspace(0, 1, n)[:, None] ** 1.5
    sound[:n] *= ramp
    sound[-n:] *= ramp[::-1]
    return sound


def ambience(seconds, chords, level, breeze):
    """A warm pad that moves through chords, over moving air."""
    n = int(seconds * RATE)
    t = np.arange(n) / RATE
    rng = np.random.default_rng(6)
    out = np.zeros((n, 2))
    for c, chord in enumerate(chords):
        middle, half = (c + 0.5) * seconds / len(chords), seconds / len(chords) * (0.75 if len(chords) > 1 else 9)
        swell = np.clip(1.35 - np.abs(t - middle) / half * 1.35, 0, 1)
        for hertz in chord:
            for side in range(2):
                detune = 1 + rng.normal(0, 0.0012)
                drift = 1 + 0.25 * np.sin(2 * math.pi * rng.uniform(0.07, 0.2) * t + rng.uniform(0, 6.3))
                tone = sum(np.sin(2 * math.pi * hertz * detune * k * t + rng.uniform(0, 6.3)) / k ** 2.3 for k in (1, 2, 3, 4))
                out[:, side] += tone * swell * drift / len(chord)
    out *= 0.5 / np.abs(out).max()
    for side in range(2):
        air = one_pole(one_pole(rng.normal(size=n), breeze), breeze)
        out[:, side] += air / np.abs(air).max() * 0.16 * (0.7 + 0.3 * np.sin(2 * math.pi * t / 5.3 + side))
    return faded(out * level / 0.5, 0.6)


def write_wave(path, sound):
    with wave.open(str(path), "wb") as f:
        f.setnchannels(2)
        f.setsampwidth(2)
        f.setframerate(RATE)
        f.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
