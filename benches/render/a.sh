#!/bin/sh
# Timeline a by hand: photos that zoom by scale and crop (zoompan jitters and is slower),
# crossfades, a logo, a title as a picture, music. The file is the first argument.
set -eu
still='scale=out_color_matrix=bt709:out_range=tv,format=yuv420p'
# zoom FACTOR: the part of the picture's width that is seen at frame n.
zoom() {
    printf "scale=w='2*round(960/(%s))':h='2*round(540/(%s))':eval=frame:flags=bilinear,crop=1920:1080:x='(2*round(960/(%s))-1920)/2':y='(2*round(540/(%s))-1080)*0.42'" "$1" "$1" "$1" "$1"
}
near='1-0.122807*n/210'
far='0.877193+0.122807*n/210'
last='1-0.107143*n/180'
exec ffmpeg -nostdin -v error -y \
    -framerate 30 -i photo0.jpg -framerate 30 -i photo1.jpg -framerate 30 -i photo2.jpg \
    -framerate 30 -i photo3.jpg -framerate 30 -i photo4.jpg \
    -framerate 30 -i logo.png -framerate 30 -i title.png -i song.m4a -filter_complex "
[0:v]$still,loop=209:1,setpts=N,$(zoom "$near")[p0];
[1:v]$still,loop=209:1,setpts=N,$(zoom "$far")[p1];
[2:v]$still,loop=209:1,setpts=N,$(zoom "$near")[p2];
[3:v]$still,loop=209:1,setpts=N,$(zoom "$far")[p3];
[4:v]$still,loop=179:1,setpts=N,$(zoom "$last")[p4];
[p0][p1]xfade=duration=1:offset=6[x1];[x1][p2]xfade=duration=1:offset=12[x2];
[x2][p3]xfade=duration=1:offset=18[x3];[x3][p4]xfade=duration=1:offset=24[x4];
[5:v]scale=269:-1:flags=bicubic:out_color_matrix=bt709,format=yuva420p,loop=899:1,setpts=N,
fade=in:0:15:alpha=1,fade=out:885:15:alpha=1[logo];
[6:v]crop=1400:300:260:390,scale=out_color_matrix=bt709,format=yuva420p[title];
[x4][logo]overlay=1602:49[l];
[l][title]overlay=260:390:enable='between(n,30,119)'[v];
[7:a]volume=0.35[a]" -map '[v]' -map '[a]' -t 30 \
    -c:v libx264 -preset veryfast -crf 20 -profile:v high -aq-mode 3 -g 120 -pix_fmt yuv420p \
    -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv \
    -c:a aac -b:a 192k -ar 48000 -ac 2 -movflags +faststart "$1"
