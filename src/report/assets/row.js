// One row in full: its video, its timeline, what happened step by step, and what it was made of.
function rowView(row, details) {
  const videos = details.videos;
  const side = el("div", { class: "side" },
    videos.map((video) => videoPart(row, video, videos.length)),
    part("Params", details.params.length ? pairs(details.params) : null),
    part("Checks", details.checks.length ? checks(details.checks) : null),
    part("Files", details.files.length
      ? el("ul", { class: "files mono" }, details.files.map((file) => el("li", {}, file))) : null));
  const lines = videos.filter((video) => video.timeline);
  const story = el("div", { class: "story" },
    details.problem ? trouble(details.problem) : null,
    lines.map((video) => part(lines.length > 1 ? `Timeline of ${video.path}` : "Timeline", timeline(video.timeline))),
    lines.length === 0 && details.timeline ? part("Timeline as it was last seen", timeline(details.timeline)) : null,
    part("What happened", details.story.length ? steps(row, details.story) : el("p", { class: "soft" }, "Nothing yet.")));
  return el("div", { class: "two" }, side, story);
}

function part(title, content) {
  return content ? el("section", { class: "part" }, el("h3", {}, title), content) : null;
}

function videoPart(row, video, count) {
  const size = video.width && video.height ? `${video.width} × ${video.height}` : "";
  const tall = video.width && video.height ? video.height > video.width : false;
  const facts = [clock(video.seconds), size, bytes(video.bytes)].filter(Boolean).join(" · ");
  const name = count > 1 ? `${row.name}: ${video.path}` : row.name;
  return el("figure", {}, screen({ ...video, tall }, name),
    el("figcaption", { class: "soft" }, el("span", { class: "mono" }, video.path), el("br"), facts));
}

function trouble(problem) {
  return el("div", { class: "trouble", role: "note" },
    el("p", {}, el("strong", {}, problem.message)),
    problem.hint ? el("p", { class: "hint" }, el("b", {}, "What to do: "), problem.hint) : null);
}

function pairs(list) {
  return el("dl", { class: "pairs" }, list.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function checks(list) {
  return el("ul", { class: "checks" }, list.map((check) => el("li", {},
    state(check.passed ? "passed" : "failed"),
    el("span", {}, check.name, !check.passed && check.hint ? el("small", {}, check.hint) : null))));
}

function steps(row, story) {
  const ends = story.map((one) => (one.at_ms || 0) + ((one.step && one.step.took_ms) || 0));
  const whole = Math.max(1, ...ends);
  return el("ol", { class: "steps" }, story.map((one) => {
    const at = el("span", { class: "at" }, one.at_ms === null ? "" : span(one.at_ms));
    if (one.step) return step(one, at, whole);
    const text = one.file ? `made ${one.file}` : one.input ? `typed ${one.input}` : one.line;
    return el("li", { class: "line" }, at, el("pre", {}, ofRow(one), text));
  }));
}

/** Which row of the script's own batch it is of. */
function ofRow(one) {
  return one.row ? el("span", { class: "soft" }, `${one.row} `) : null;
}

function step(one, at, whole) {
  const it = one.step;
  const share = (ms) => `${(100 * ms) / whole}%`;
  const bar = el("span", { class: "bar", "aria-hidden": "true" }, el("i", {}));
  bar.firstChild.style.left = share(one.at_ms || 0);
  bar.firstChild.style.width = share(it.took_ms || 0);
  return el("li", { "data-state": it.state === "finished" ? null : it.state },
    at,
    el("div", {},
      el("span", { class: "call" }, ofRow(one), it.told), " ",
      it.state === "finished" ? el("span", { class: "hidden" }, "finished") : state(it.state),
      bar,
      it.says ? el("blockquote", { class: "says" }, it.says) : null,
      it.changes.length ? el("ul", { class: "changes" }, it.changes.map((change) => el("li", {}, change))) : null,
      it.problem ? trouble(it.problem) : null),
    el("span", { class: "took" }, it.credits === null ? null : el("b", {}, `${number(it.credits)} cr`), span(it.took_ms)));
}
