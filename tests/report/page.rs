//! The page, in a real browser: it opens from disk, filters, sorts, opens a row, plays.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::reel::World;
use crate::report::batch::{Batch, End};
use crate::report::browser::Browser;

/// A small video of ours.
pub(super) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/media/hills.mp4")
}

/// A world with a batch of fourteen rows and its report.
fn fourteen() -> World {
    let world = World::new();
    fs::create_dir(world.path("out")).unwrap();
    let keys: Vec<String> = (1..=14).map(|n| format!("sku-{n:02}")).collect();
    let batch = Batch::new(&world.path("j.db"), &world.path(""), "promo <one>.rhai", &keys);
    for (row, key) in keys.iter().take(9).enumerate() {
        let file = format!("out/{key}.mp4");
        fs::copy(sample(), world.path(&file)).unwrap();
        batch.run(row, &End::Made(&file));
    }
    batch.run(9, &End::Failed);
    batch.run(10, &End::BrokenOff);
    drop(batch);
    world.reel(["report", "--journal", "j.db"]).success();
    world
}

fn address(world: &World) -> String {
    format!("file://{}", fs::canonicalize(world.path("report/index.html")).unwrap().display())
}

#[test]
fn the_page_opens_filters_sorts_opens_a_row_and_plays() {
    let world = fourteen();
    let mut page = Browser::start();
    page.look(1280, 900, false);
    page.open(&address(&world));
    page.until("document.querySelectorAll('.card').length === 14");
    assert_eq!(page.value("document.querySelector('h1').textContent"), "promo <one>.rhai");
    let tiles =
        page.value("[...document.querySelectorAll('.tile dd')].map((tile) => tile.firstChild.textContent)");
    assert_eq!(tiles[0], "9 of 14");
    assert_eq!(tiles[1], "9");
    page.until(
        "[...document.querySelectorAll('.card img')].slice(0, 4).every((img) => img.naturalWidth > 100)",
    );

    // Filters: a state, words, a key.
    page.value(
        "[...document.querySelectorAll('.chip')].find((chip) => chip.dataset.state === 'failed').click()",
    );
    assert_eq!(page.value("document.querySelectorAll('.card').length"), 1);
    assert_eq!(page.value("document.querySelector('.found').textContent"), "1 of 14 rows");
    page.value("document.querySelector('.chip[aria-pressed=true]').click()");
    let typed = |class: &str, text: &str| {
        format!(
            "(() => {{ const box = document.querySelector('.{class}'); box.value = '{text}'; \
                 box.dispatchEvent(new Event('input')); return document.querySelectorAll('.card').length; }})()"
        )
    };
    assert_eq!(page.value(&typed("words", "title sku-03")), 1);
    assert_eq!(page.value(&typed("words", "")), 14);
    assert_eq!(page.value(&typed("key", "sku-1")), 5);
    assert_eq!(page.value(&typed("key", "")), 14);

    // A row opens in place, by keyboard, with its own address.
    page.value("document.querySelector('.card[data-key=sku-02] h2 a').focus()");
    page.press("Enter");
    page.until("location.hash === '#row=sku-02' && document.querySelector('.panel .steps')");
    assert_eq!(page.value("document.activeElement.textContent"), "video sku-02");
    let told = page.value("document.querySelector('.panel').innerText");
    let told = told.as_str().unwrap();
    for words in [
        "Done: a calm sea.</script><b>",
        "chat(\"make a 3 second video",
        "is calm",
        "Title of sku-02",
        "all well",
        "100 cr",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
    page.until("document.querySelectorAll('.times .seg rect').length === 2");
    let label = page.value("document.querySelector('.times svg').getAttribute('aria-label')");
    assert!(label.as_str().unwrap().contains("晨光 </svg>: 0.5 to 2.5 s"), "{label}");
    page.press("Escape");
    page.until("!document.querySelector('.panel') && location.hash === ''");
    assert_eq!(page.value("document.activeElement.textContent"), "video sku-02");

    // The video appears on a click, and plays.
    assert_eq!(page.value("document.querySelectorAll('video').length"), 0);
    page.value("document.querySelector('.card[data-key=sku-01] .play').click()");
    page.until("document.querySelector('.card[data-key=sku-01] video').currentTime > 0.05");

    // The table, sorted by a click on its head.
    page.value("[...document.querySelectorAll('.pair button')][1].click()");
    page.value(
        "[...document.querySelectorAll('th button')].find((head) => head.textContent === 'Name').click()",
    );
    page.value(
        "[...document.querySelectorAll('th button')].find((head) => head.textContent === 'Name').click()",
    );
    assert_eq!(page.value("document.querySelector('tr.row').dataset.key"), "sku-14");
    assert_eq!(page.value("document.querySelector('th[aria-sort]').getAttribute('aria-sort')"), "descending");
    page.value("document.querySelector('tr[data-key=sku-10] td').click()");
    page.until("document.querySelector('td.panel .trouble')");
    let trouble = page.value("document.querySelector('td.panel .trouble').innerText");
    assert!(trouble.as_str().unwrap().contains("What to do: export it \"again\""), "{trouble}");
    page.is_calm();
}

#[test]
fn an_address_with_a_row_opens_it_and_light_and_dark_can_be_chosen() {
    let world = fourteen();
    let mut page = Browser::start();
    page.look(390, 800, true);
    page.open(&format!("{}#row=sku-11", address(&world)));
    page.until("document.querySelector('.panel .trouble')");
    let ground = "getComputedStyle(document.body).backgroundColor";
    let dark = page.value(ground);
    page.value(
        "[...document.querySelectorAll('.head button')].find((one) => one.textContent === 'Light').click()",
    );
    assert_ne!(page.value(ground), dark);
    assert_eq!(
        page.value("document.documentElement.scrollWidth <= innerWidth"),
        true,
        "nothing stands out to the right"
    );
    page.is_calm();
}

#[test]
fn ten_thousand_rows_open_a_page_at_a_time() {
    let world = World::new();
    fs::create_dir(world.path("out")).unwrap();
    fs::copy(sample(), world.path("out/one.mp4")).unwrap();
    let keys: Vec<String> = (1..=10_000).map(|n| format!("row-{n:05}")).collect();
    let batch = Batch::new(&world.path("j.db"), &world.path(""), "many.rhai", &keys);
    for row in [0, 1, 9_990] {
        batch.run(row, &End::Made("out/one.mp4"));
    }
    drop(batch);
    world.reel(["report", "--journal", "j.db"]).success();
    assert!(world.path("report/data/rows-249.js").is_file());
    let mut page = Browser::start();
    page.open(&address(&world));
    page.until("document.querySelectorAll('.card').length === 48");
    // What is built does not grow with the rows.
    let built = page.value("document.getElementsByTagName('*').length").as_u64().unwrap();
    assert!(built < 5_000, "{built} elements");
    assert_eq!(
        page.value("document.querySelectorAll('script[src]').length"),
        0,
        "no details before they are wanted"
    );
    page.value("[...document.querySelectorAll('.pager button')][1].click()");
    assert_eq!(page.value("document.querySelector('.pager span').textContent"), "Page 2 of 209");
    page.value("location.hash = '#row=row-09991'");
    page.until("document.querySelector('.panel .steps')");
    assert_eq!(page.value("document.querySelectorAll('script[src]').length"), 1);
    assert_eq!(page.value("document.querySelector('.pager span').textContent"), "Page 209 of 209");
    page.value("[...document.querySelectorAll('.pair button')][1].click()");
    let sorted = "(() => { const click = () => [...document.querySelectorAll('th button')]\
                  .find((one) => one.textContent === 'Name').click(); click(); click(); \
                  return document.querySelector('tr.row').dataset.key; })()";
    assert_eq!(page.value(sorted), json!("row-10000"));
    page.is_calm();
}

#[test]
fn the_page_of_a_real_run_plays_its_video_and_shows_the_timeline_that_was_rendered() {
    let world = World::new();
    world.write("sea.rhai", SEA);
    world.reel(["run", "sea.rhai", "--out", "out", "-p", "title=Deep <blue>"]).success();
    let said = world.reel(["report", "--copy", "--json"]);
    assert_eq!(said.lines()[0]["value"], json!({"page": "report/index.html", "rows": 1, "videos": 1}));
    let report: Value =
        serde_json::from_str(&fs::read_to_string(world.path("report/report.json")).unwrap()).unwrap();
    let row = &report["rows"][0];
    assert_eq!((&row["state"], &row["params"][0][1]), (&"finished".into(), &"Deep <blue>".into()));
    assert!(row["credits"].as_f64().unwrap() > 0.0, "{row}");
    let kinds = row["videos"][0]["timeline"]["tracks"].as_array().unwrap();
    assert!(kinds.iter().any(|track| track["kind"] == "text"), "{row}");
    assert_eq!(row["checks"][0], json!({"name": "two seconds", "passed": true, "hint": "ask again"}));
    for file in crate::cli::reel::files_below(&world.path("report")) {
        let bytes = fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("clm_") && !text.contains("ct=c"), "a claim token is in {}", file.display());
    }
    let mut page = Browser::start();
    page.look(1280, 900, false);
    page.open(&address(&world));
    page.until("document.querySelectorAll('.times .seg').length >= 2");
    page.until("document.querySelector('.screen img').naturalWidth > 100");
    page.value("document.querySelector('.play').click()");
    page.until("document.querySelector('video').currentTime > 0.05 && document.querySelector('video').src.includes('/report/media/')");
    page.is_calm();
}

const SEA: &str = r#"
let title = param("title", "Sea");
let s = session("sea");
s.chat(`make a 2 second video about the sea with the title '${title}'`);
print(s.link());
let v = s.export("sea.mp4", #{ resolution: "360p" });
check("two seconds", v.seconds > 1.5 && v.seconds < 2.5, "ask again");
print(v.link);
"#;
