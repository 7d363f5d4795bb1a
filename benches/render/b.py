"""Timeline b in moviepy. The file is the first argument."""

import sys

from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, VideoFileClip, afx

clip = VideoFileClip("clip.mp4", audio=False).subclipped(8, 18)
title = ImageClip("title.png", duration=3).with_start(1)
film = CompositeVideoClip([clip, title], size=(1920, 1080)).with_duration(10)
film = film.with_audio(AudioFileClip("song.m4a").subclipped(0, 10).with_effects([afx.MultiplyVolume(0.35)]))
film.write_videofile(
    sys.argv[1], fps=30, codec="libx264", preset="veryfast", audio_codec="aac", audio_bitrate="192k",
    ffmpeg_params=["-crf", "20"], logger=None,
)
