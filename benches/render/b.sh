#!/bin/sh
# Timeline b by hand: ten seconds of a clip, a title as a picture, music. The file is the
# first argument.
set -eu
exec ffmpeg -nostdin -v error -y -ss 8 -t 10 -i clip.mp4 -framerate 30 -i title.png -i song.m4a -filter_complex "
[1:v]crop=1400:300:260:390,scale=out_color_matrix=bt709,format=yuva420p[title];
[0:v][title]overlay=260:390:enable='between(n,30,119)'[v];
[2:a]volume=0.35[a]" -map '[v]' -map '[a]' -t 10 \
    -c:v libx264 -preset veryfast -crf 20 -profile:v high -aq-mode 3 -g 120 -pix_fmt yuv420p \
    -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv \
    -c:a aac -b:a 192k -ar 48000 -ac 2 -movflags +faststart "$1"
