// A timeline as a picture: a lane a track, a bar a segment, times above. Drawn to the width
// that there is, so that words stay as large as they are.
const LANE = 30;
const RULER = 20;

function timeline(data) {
  const box = el("div", { class: "times" });
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.floor(box.clientWidth);
    if (now > 0 && now !== width) {
      width = now;
      box.replaceChildren(timelinePicture(data, width));
    }
  }).observe(box);
  return box;
}

function timelinePicture(data, width) {
  const gutter = width < 460 ? 46 : 60;
  const end = Math.max(data.seconds, 0.1);
  const x = (seconds) => gutter + (Math.min(seconds, end) / end) * (width - gutter - 1);
  const height = RULER + data.tracks.length * LANE + 2;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": timelineWords(data) });
  for (const at of ticks(end, width - gutter)) {
    picture.append(svg("line", { class: "tick", x1: x(at), x2: x(at), y1: RULER - 4, y2: height }));
    const anchor = at === 0 ? "start" : x(at) > width - 16 ? "end" : "middle";
    picture.append(svg("text", { x: x(at), y: 12, "text-anchor": anchor }, clock(at)));
  }
  data.tracks.forEach((track, n) => {
    const y = RULER + n * LANE + 3;
    picture.append(svg("rect", { class: "lane", x: gutter, y, width: width - gutter, height: LANE - 6, rx: 4 }));
    picture.append(svg("text", { x: 0, y: y + 16 }, track.kind));
    for (const segment of track.segments) picture.append(bar(track, segment, x, y));
  });
  return picture;
}

function bar(track, segment, x, y) {
  const [from, to] = [x(segment.start), x(segment.start + segment.seconds)];
  const width = Math.max(to - from, 2);
  const kind = ["video", "audio", "text"].includes(track.kind) ? track.kind : "other";
  const group = svg("g", { class: `seg ${kind}` }, svg("title", {}, segmentWords(segment)),
    svg("rect", { x: from, y, width, height: LANE - 6, rx: 4 }));
  const label = segmentLabel(segment);
  // Twelve pixels of a sans face take about 6.6 a letter, and twice that where it is not Latin.
  const room = width - 12;
  let taken = 0;
  const shown = [...label].filter((c) => (taken += c.charCodeAt(0) > 0x2e7f ? 12.5 : 6.8) <= room).join("");
  if (shown.length > 1 || shown === label) {
    const text = shown === label ? label : `${shown.slice(0, -1).trimEnd()}…`;
    group.append(svg("text", { x: from + 6, y: y + 16 }, text));
  }
  return group;
}

function segmentLabel(segment) {
  return segment.volume === null || segment.volume === undefined || segment.volume === 1
    ? segment.label : `${segment.label} ${Math.round(segment.volume * 100)}%`;
}

function segmentWords(segment) {
  const tenth = (seconds) => Number(seconds.toFixed(1));
  return `${segmentLabel(segment)}: ${tenth(segment.start)} to ${tenth(segment.start + segment.seconds)} s`;
}

function timelineWords(data) {
  const tracks = data.tracks.map((track) => `${track.kind}: ${track.segments.slice(0, 6).map(segmentWords).join("; ")}`);
  return `Timeline of ${Number(data.seconds.toFixed(1))} seconds. ${tracks.join(". ")}`;
}

/** Times for the ruler: as many as there is room for, at round seconds. */
function ticks(end, width) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
  const most = Math.max(2, Math.floor(width / 70));
  const step = steps.find((one) => end / one <= most) || end;
  const at = [];
  for (let t = 0; t <= end + 1e-6; t += step) at.push(t);
  return at;
}
