"""Timeline c in moviepy. The file is the first argument."""

import sys

from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, VideoFileClip, afx

back = VideoFileClip("back.mp4", audio=False, target_resolution=(1920, 1080)).with_duration(60)
captions = [ImageClip(f"caption{i}.png", duration=8).with_start(i * 10 + 1) for i in range(6)]
film = CompositeVideoClip([back, *captions], size=(1920, 1080)).with_duration(60)
film = film.with_audio(AudioFileClip("song.m4a").subclipped(0, 60).with_effects([afx.MultiplyVolume(0.35)]))
film.write_videofile(
    sys.argv[1], fps=30, codec="libx264", preset="veryfast", audio_codec="aac", audio_bitrate="192k",
    ffmpeg_params=["-crf", "20"], logger=None,
)
