#!/bin/sh
# Timeline c by hand: a small background scaled up, six captions as pictures, music. The
# file is the first argument.
set -eu
inputs= graph='[0:v]scale=1920:1080:flags=bilinear[v0];' 
for i in 0 1 2 3 4 5; do
    inputs="$inputs -framerate 30 -i caption$i.png"
    from=$((i * 300 + 30))
    graph="$graph[$((i + 1)):v]crop=1920:300:0:780,scale=out_color_matrix=bt709,format=yuva420p[c$i];"
    graph="$graph[v$i][c$i]overlay=0:780:enable='between(n,$from,$((from + 239)))'[v$((i + 1))];"
done
# The inputs are words of our own.
# shellcheck disable=SC2086
exec ffmpeg -nostdin -v error -y -i back.mp4 $inputs -i song.m4a -filter_complex "$graph[7:a]volume=0.35[a]" \
    -map '[v6]' -map '[a]' -t 60 \
    -c:v libx264 -preset veryfast -crf 20 -profile:v high -aq-mode 3 -g 120 -pix_fmt yuv420p \
    -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv \
    -c:a aac -b:a 192k -ar 48000 -ac 2 -movflags +faststart "$1"
