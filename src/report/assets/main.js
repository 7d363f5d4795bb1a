// The head of the page, its tools, and the beginning.
const counts = new Map();
for (const row of rows) counts.set(row.state, (counts.get(row.state) || 0) + 1);
const count = (word) => counts.get(word) || 0;
const sum = (of) => rows.reduce((all, row) => all + (of(row) || 0), 0);
const tools = el("div", { class: "tools", role: "search" });

function head() {
  const batch = report.kind === "batch";
  const light = () => theme() === "dark" ? "Light" : "Dark";
  const toggle = el("button", { class: "plain", type: "button", "aria-label": "Switch between light and dark", on: { click: () => {
    theme(theme() === "dark" ? "light" : "dark");
    toggle.textContent = light();
  } } }, light());
  const again = report.live ? el("button", { class: "plain", type: "button", on: { click: () => location.reload() } }, "Reload") : null;
  const by = [when(report.began_ms), report.ids.length ? `${batch ? "batch" : "run"} ${report.ids.join(", ")}` : "",
    report.backend ? `backend ${report.backend}` : ""].filter(Boolean).join(" · ");
  const top = document.getElementById("top");
  top.append(el("div", { class: "head" },
    el("div", {}, el("p", { class: "eyebrow" }, batch ? "Video batch" : "Video run"), el("h1", {}, report.title), el("p", { class: "byline" }, by)),
    el("div", { class: "chips" }, again, toggle)));
  if (batch) top.append(tiles(), share());
}

function tiles() {
  const tile = (title, value, small) => el("div", { class: "tile" }, el("dt", {}, title), el("dd", {}, value, small ? el("small", {}, small) : null));
  const done = count("finished");
  const videos = sum((row) => row.videos);
  const ends = rows.filter((row) => row.beganMs && row.tookMs !== null).map((row) => row.beganMs + row.tookMs);
  const begun = rows.filter((row) => row.beganMs).map((row) => row.beganMs);
  const first = begun.reduce((a, b) => Math.min(a, b), Infinity);
  const last = ends.reduce((a, b) => Math.max(a, b), 0);
  const credits = sum((row) => row.credits);
  return el("dl", { class: "tiles" },
    tile("Finished", `${number(done)} of ${number(rows.length)}`, rows.length ? `${Math.floor((100 * done) / rows.length)}% of the rows` : ""),
    tile("Videos", number(videos), `${clock(sum((row) => row.seconds))} in all`),
    tile("Credits", number(credits), done ? `${number(credits / done, 1)} a finished row` : ""),
    tile("Time", last > first ? span(last - first) : "none yet", `${span(sum((row) => row.tookMs))} of work`));
}

function share() {
  const shares = STATES.filter(count).map((word) => {
    const piece = el("i", { "data-state": word });
    piece.style.flexGrow = count(word);
    return piece;
  });
  const words = STATES.filter(count).map((word) => `${count(word)} ${word}`).join(", ");
  return el("div", { class: "share", role: "img", "aria-label": words }, shares);
}

function drawTools() {
  const typed = (name) => (event) => {
    view[name] = event.target.value.trim();
    view.page = 0;
    draw();
  };
  const field = (name, title, size) => {
    const input = el("input", { type: "search", class: size, placeholder: title, "aria-label": title, spellcheck: "false", autocomplete: "off", on: { input: typed(name) } });
    input.value = view[name];
    return input;
  };
  const chip = (word) => el("button", { class: "chip", type: "button", "data-state": word, "aria-pressed": String(view.states.has(word)), on: { click: (event) => {
    if (!view.states.delete(word)) view.states.add(word);
    event.currentTarget.setAttribute("aria-pressed", String(view.states.has(word)));
    view.page = 0;
    draw();
  } } }, `${word} ${number(count(word))}`);
  const form = (id, title) => el("button", { type: "button", "aria-pressed": String(view.form === id), on: { click: () => {
    [view.form, view.follow] = [id, true];
    drawTools();
    draw();
    tools.querySelector(`.pair [aria-pressed="true"]`).focus();
  } } }, title);
  tools.replaceChildren(
    field("words", "Search names, params and results", "words"), field("key", "Key begins with", "key"),
    el("div", { class: "pair", role: "group", "aria-label": "Show as" }, form("grid", "Pictures"), form("table", "Table")),
    el("div", { class: "chips", role: "group", "aria-label": "Only these states" }, STATES.filter(count).map(chip)), found);
}

function foot() {
  const box = document.getElementById("foot");
  box.append(el("span", {}, `Made ${when(report.made_ms)} by reel report`));
  for (const file of report.files) box.append(el("a", { href: file }, file));
}

function single() {
  const row = rows[0];
  const place = el("section", { class: "panel", "aria-label": row.name });
  const facts = [state(row.state), row.tookMs !== null ? el("span", {}, `took ${span(row.tookMs)}`) : null,
    row.credits !== null ? el("span", {}, `${number(row.credits)} credits`) : null];
  place.append(el("header", {}, el("p", {}, facts)));
  list.append(place);
  withDetails(row, (details) => place.append(details ? rowView(row, details) : el("p", { class: "note" }, "The details are not there.")));
}

theme();
head();
foot();
if (report.kind === "run" && rows.length === 1) {
  single();
} else {
  drawTools();
  list.append(tools, box, pager);
  follow();
  window.addEventListener("hashchange", () => follow());
  window.addEventListener("popstate", () => follow());
}
