// The list of rows: what is looked for, in which order, as pictures or as a table, a page at a
// time, and the one row that is open.
const GRID_ROWS = 48;
const TABLE_ROWS = 100;
const view = {
  words: "", key: "", states: new Set(), form: rows.some((row) => row.src) ? "grid" : "table",
  by: "number", down: false, page: 0, open: null,
};
const list = document.getElementById("list");
const found = el("p", { class: "found", role: "status", "aria-live": "polite" });
const box = el("div", { id: "rows" });
const pager = el("nav", { class: "pager", "aria-label": "Pages" });

const COLUMNS = [
  { id: "state", title: "State", of: (row) => STATES.indexOf(row.state) },
  { id: "number", title: "No.", of: (row) => row.number, right: true, extra: true },
  { id: "name", title: "Name", of: (row) => row.name },
  { id: "seconds", title: "Length", of: (row) => row.seconds ?? -1, right: true },
  { id: "took", title: "Took", of: (row) => row.tookMs ?? -1, right: true, extra: true },
  { id: "credits", title: "Credits", of: (row) => row.credits ?? -1, right: true },
  { id: "began", title: "Began", of: (row) => row.beganMs ?? -1, extra: true },
  { id: "words", title: "Result", of: (row) => row.words },
];

function matching() {
  const words = view.words.toLowerCase().split(/\s+/).filter(Boolean);
  const key = view.key.toLowerCase();
  const hits = rows.filter((row) => {
    if (view.states.size && !view.states.has(row.state)) return false;
    if (key && !row.key.toLowerCase().startsWith(key)) return false;
    row.hay ??= `${row.number} ${row.key} ${row.name} ${row.words} ${row.told}`.toLowerCase();
    return words.every((word) => row.hay.includes(word));
  });
  const of = COLUMNS.find((column) => column.id === view.by).of;
  // One for all comparisons: to make it takes longer than to use it.
  const collator = ["name", "words"].includes(view.by) ? new Intl.Collator("en", { numeric: true }) : null;
  const order = (a, b) => (collator ? collator.compare(a, b) : a - b);
  hits.sort((a, b) => (view.down ? -1 : 1) * order(of(a), of(b)) || a.place - b.place);
  return hits;
}

function draw() {
  const hits = matching();
  const size = view.form === "grid" ? GRID_ROWS : TABLE_ROWS;
  const pages = Math.max(1, Math.ceil(hits.length / size));
  if (view.open) {
    const at = hits.findIndex((row) => row.key === view.open);
    if (at >= 0 && view.follow) view.page = Math.floor(at / size);
  }
  view.follow = false;
  view.page = Math.min(view.page, pages - 1);
  const shown = hits.slice(view.page * size, (view.page + 1) * size);
  found.textContent = hits.length === rows.length ? many(rows.length, "row")
    : `${number(hits.length)} of ${many(rows.length, "row")}`;
  box.replaceChildren(shown.length === 0 ? el("p", { class: "note" }, "No row is like that.")
    : view.form === "grid" ? grid(shown) : table(shown));
  const turn = (by) => () => { view.page += by; draw(); list.scrollIntoView({ block: "start" }); };
  pager.hidden = pages === 1;
  pager.style.display = pages === 1 ? "none" : "";
  pager.replaceChildren(
    el("button", { class: "plain", type: "button", disabled: view.page === 0, on: { click: turn(-1) } }, "Previous"),
    el("span", {}, `Page ${number(view.page + 1)} of ${number(pages)}`),
    el("button", { class: "plain", type: "button", disabled: view.page >= pages - 1, on: { click: turn(1) } }, "Next"));
}

function address(row) {
  return `#row=${encodeURIComponent(row.key)}`;
}

function link(row) {
  return el("a", { href: row.key === view.open ? "#" : address(row), "aria-expanded": String(row.key === view.open) }, row.name);
}

function grid(shown) {
  const why = { failed: "It failed before there was a video.", waiting: "Not begun yet.", running: "It is being made.", parked: "It waits for a decision." };
  return el("ul", { class: "grid" }, shown.flatMap((row) => {
    const open = row.key === view.open;
    const video = { src: row.src, poster: row.poster, seconds: row.seconds, why: row.videos ? "The file lies elsewhere." : why[row.state] || "No video." };
    const card = el("li", { class: open ? "card open" : "card", "data-key": row.key }, screen(video, row.name),
      el("div", { class: "body" },
        el("h2", {}, link(row)),
        el("p", { class: "line" }, state(row.state), el("span", {}, `No. ${row.number}`),
          row.credits ? el("span", {}, `${number(row.credits)} cr`) : null,
          row.tookMs !== null ? el("span", {}, span(row.tookMs)) : null),
        row.words ? el("p", { class: "why" }, row.words) : null));
    return open ? [card, panel(row, el("li", { class: "panel" }))] : [card];
  }));
}

function table(shown) {
  const head = COLUMNS.map((column) => el("th", {
    scope: "col", class: [column.right && "num", column.extra && "extra"].filter(Boolean).join(" ") || null,
    "aria-sort": view.by === column.id ? (view.down ? "descending" : "ascending") : null,
  }, el("button", { type: "button", on: { click: () => sortBy(column.id) } }, column.title)));
  const body = shown.flatMap((row) => {
    const open = row.key === view.open;
    const toggle = (event) => {
      if (!event.target.closest("a")) location.hash = open ? "" : address(row);
    };
    const line = el("tr", { class: open ? "row open" : "row", "data-key": row.key, on: { click: toggle } },
      el("td", {}, state(row.state)), el("td", { class: "num extra" }, String(row.number)), el("td", { class: "name" }, link(row)),
      el("td", { class: "num" }, row.seconds ? clock(row.seconds) : ""), el("td", { class: "num extra" }, span(row.tookMs)),
      el("td", { class: "num" }, number(row.credits)), el("td", { class: "date extra" }, when(row.beganMs)),
      el("td", { class: "why", title: row.words || null }, row.words));
    return open ? [line, el("tr", {}, panel(row, el("td", { class: "panel", colspan: COLUMNS.length })))] : [line];
  });
  return el("div", { class: "sheet" }, el("table", {},
    el("caption", { class: "hidden" }, "Rows of the batch"), el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)));
}

function sortBy(id) {
  [view.down, view.by] = [view.by === id ? !view.down : false, id];
  view.page = 0;
  draw();
  box.querySelector("th[aria-sort] button")?.focus();
}

function panel(row, place) {
  const title = el("h2", { tabindex: "-1" }, row.name);
  const facts = [state(row.state), el("span", {}, `Row ${row.number}`), row.key === row.name ? null : el("span", {}, `Key ${row.key}`),
    row.beganMs ? el("span", {}, when(row.beganMs)) : null, row.tookMs !== null ? el("span", {}, `took ${span(row.tookMs)}`) : null,
    row.credits !== null ? el("span", {}, `${number(row.credits)} credits`) : null];
  place.append(el("header", {}, el("div", {}, title, el("p", {}, facts)),
    el("button", { class: "plain", type: "button", on: { click: close } }, "Close")));
  place.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  withDetails(row, (details) => place.append(details ? rowView(row, details)
    : el("p", { class: "note", role: "alert" }, `The details are not there: data/rows-${Math.floor(row.place / report.part_rows)}.js is missing beside this page.`)));
  return place;
}

function close() {
  const key = view.open;
  history.pushState(null, "", location.pathname + location.search);
  follow(false);
  box.querySelector(`[data-key="${CSS.escape(key)}"] a`)?.focus();
}

/** Opens the row that the address names. */
function follow(move = true) {
  const named = /^#row=(.*)$/.exec(location.hash);
  let key = null;
  try { key = named && decodeURIComponent(named[1]); } catch { /* Typed by hand. */ }
  const row = key === null ? null : rows.find((one) => one.key === key);
  view.open = row ? row.key : null;
  view.follow = move && Boolean(row);
  if (row && !matching().includes(row)) {
    [view.words, view.key] = ["", ""];
    view.states.clear();
    drawTools();
  }
  draw();
  const title = move && row && box.querySelector(".panel h2");
  if (title) {
    title.focus({ preventScroll: true });
    title.closest(".panel").scrollIntoView({ block: "start", behavior: "instant" });
  }
}
