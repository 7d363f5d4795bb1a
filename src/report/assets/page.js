// Reads the report, and knows how to make elements, times and numbers of it. Whatever comes
// from the journal becomes text nodes and attributes, never markup.
const data = JSON.parse(document.getElementById("report").textContent);
const report = { ...data.head, ...data };
const STATES = ["finished", "failed", "parked", "running", "stopped", "broken off", "cancelled", "waiting"];
const rows = report.rows.map((row, place) => ({
  place, number: row[0], key: row[1], name: row[2] || row[1], state: STATES[row[3]], tookMs: row[4], credits: row[5],
  beganMs: row[6], words: row[7], told: row[8], src: row[9], poster: row[10], seconds: row[11],
  tall: row[12] && row[13] ? row[13] > row[12] : false, videos: row[14],
}));

function el(tag, facts, ...children) {
  return dressed(document.createElement(tag), facts, children);
}

function svg(tag, facts, ...children) {
  return dressed(document.createElementNS("http://www.w3.org/2000/svg", tag), facts, children);
}

function dressed(node, facts, children) {
  for (const [name, value] of Object.entries(facts || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, then] of Object.entries(value)) node.addEventListener(event, then);
    } else {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

function state(word) {
  return el("span", { class: "state", "data-state": word }, word);
}

/** A time that passed, as people say it. */
function span(ms) {
  if (ms === null || ms === undefined) return "";
  const s = ms / 1000;
  if (s < 0.05) return "0 s";
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 60) return `${Math.round(s)} s`;
  const whole = Math.round(s);
  if (s < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function two(n) {
  return String(n).padStart(2, "0");
}

/** A place or a length in a video: 0:08, 1:02:03. */
function clock(seconds) {
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const rest = `${Math.floor((whole % 3600) / 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest.padStart(5, "0")}` : rest;
}

// The browser's own words for dates and numbers take a tenth of a second to get ready.
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function when(ms) {
  if (!ms) return "";
  const at = new Date(ms);
  return `${at.getDate()} ${MONTHS[at.getMonth()]} ${at.getFullYear()}, ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A number with commas between its thousands, and no more decimals than `digits`. */
function number(value, digits = 2) {
  if (value === null || value === undefined) return "";
  const [whole, rest] = String(Number(value.toFixed(digits))).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest ? `${grouped}.${rest}` : grouped;
}

function many(count, word) {
  return `${number(count)} ${word}${count === 1 ? "" : "s"}`;
}

function bytes(count) {
  if (count < 1000) return `${count} B`;
  if (count < 1e6) return `${(count / 1e3).toFixed(0)} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}

/** A poster that turns into a player where it is. */
function screen(video, name) {
  const box = el("div", { class: video.tall ? "screen tall" : "screen" });
  const long = video.seconds ? clock(video.seconds) : "";
  if (!video.src) {
    box.append(el("div", { class: "none" }, video.why || "no video"));
    return box;
  }
  const play = () => {
    const player = el("video", { controls: true, playsinline: true, preload: "metadata", poster: video.poster, src: video.src, "aria-label": name });
    player.addEventListener("play", () => pauseOthers(player));
    player.addEventListener("error", () => {
      box.replaceChildren(el("div", { class: "none", role: "alert" }, "The file is not there, or this browser cannot play it."));
    });
    box.replaceChildren(player);
    player.focus();
    // A browser that refuses leaves its own button.
    player.play().catch(() => {});
  };
  const picture = video.poster ? el("img", { src: video.poster, alt: "", loading: "lazy", decoding: "async" }) : null;
  const arrow = svg("svg", { viewBox: "0 0 48 48", "aria-hidden": "true" },
    svg("circle", { cx: 24, cy: 24, r: 23, fill: "rgb(0 0 0 / 55%)", stroke: "rgb(255 255 255 / 70%)", "stroke-width": 1.5 }),
    svg("path", { d: "M19.5 15.5v17l14-8.5z", fill: "#fff" }));
  const label = `Play ${name}${long ? `, ${long}` : ""}`;
  box.append(el("button", { class: "play", type: "button", "aria-label": label, on: { click: play } },
    picture, arrow, long ? el("span", { class: "long" }, long) : null));
  return box;
}

function pauseOthers(player) {
  for (const other of document.querySelectorAll("video")) if (other !== player) other.pause();
}

// Details come in parts, each a script of its own: pages opened as files may load scripts only.
const parts = new Map();
const waiting = new Map();

window.reelPart = (part, details) => {
  parts.set(part, details);
};

/** Calls back with the details of a row; with none when they are not there. */
function withDetails(row, then) {
  const part = Math.floor(row.place / report.part_rows);
  const give = () => then((parts.get(part) || [])[row.place % report.part_rows] || null);
  if (parts.has(part)) return give();
  const inline = document.getElementById(`part-${part}`);
  if (inline) {
    parts.set(part, JSON.parse(inline.textContent));
    return give();
  }
  if (waiting.has(part)) return waiting.get(part).push(give);
  waiting.set(part, [give]);
  const over = () => {
    const all = waiting.get(part);
    waiting.delete(part);
    all.forEach((one) => one());
  };
  document.head.append(el("script", { src: `data/rows-${part}.js`, on: { load: over, error: over } }));
}

/** The light that the reader chose; without a choice it is that of the system. */
function theme(choice) {
  try {
    if (choice) localStorage.setItem("reel-theme", choice);
    choice = choice || localStorage.getItem("reel-theme");
  } catch { /* A page opened as a file may have no memory. */ }
  if (choice) document.documentElement.dataset.theme = choice;
  return choice || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
