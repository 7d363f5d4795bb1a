"""Timeline a in moviepy. The file is the first argument."""

import sys

from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, afx, vfx

WIDTH, HEIGHT = 1920, 1080


def photo(place, start, seconds):
    """A photo that zooms in and out by turns, and fades over the one before it."""
    depth = 0.14 if seconds == 7 else 0.12

    def zoom(t):
        share = t / seconds if place % 2 == 0 else 1 - t / seconds
        return 1 / (1 - (1 - 1 / (1 + depth)) * share)

    def corner(t):
        return (WIDTH * (1 - zoom(t)) * 0.5, HEIGHT * (1 - zoom(t)) * 0.42)

    clip = ImageClip(f"photo{place}.jpg", duration=seconds).resized(zoom).with_position(corner)
    clip = clip.with_start(start)
    return clip.with_effects([vfx.CrossFadeIn(1)]) if place else clip


clips = [photo(place, place * 6, 7 if place < 4 else 6) for place in range(5)]
clips.append(ImageClip("logo.png", duration=30).resized(width=269).with_position((1602, 49)))
clips.append(ImageClip("title.png", duration=3).with_start(1))
film = CompositeVideoClip(clips, size=(WIDTH, HEIGHT)).with_duration(30)
film = film.with_audio(AudioFileClip("song.m4a").subclipped(0, 30).with_effects([afx.MultiplyVolume(0.35)]))
film.write_videofile(
    sys.argv[1], fps=30, codec="libx264", preset="veryfast", audio_codec="aac", audio_bitrate="192k",
    ffmpeg_params=["-crf", "20"], logger=None,
)
