//! Batches: a closure for each row, several at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use reelscript::client::Progress;
use reelscript::host::Event;
use reelscript::journal::{Entry, Event as Written, Journal, Replay, StepId};
use reelscript::runtime::Exit;
use serde_json::{Value, json};

use super::{Stage, error, on_event, value};

/// A meeting that is over when enough have come, or when it takes too long.
#[derive(Default)]
struct Meeting {
    came: Mutex<usize>,
    all: Condvar,
}

impl Meeting {
    /// Returns whether `count` have come.
    fn of(&self, count: usize) -> bool {
        let mut came = self.came.lock().unwrap();
        *came += 1;
        self.all.notify_all();
        let waits = |came: &mut usize| *came < count;
        !self.all.wait_timeout_while(came, Duration::from_secs(60), waits).unwrap().1.timed_out()
    }
}

/// What rows said, each with its row.
fn said(stage: &Stage) -> Vec<String> {
    let line = |event: &Event| match event {
        Event::Print(text) => Some(text.clone()),
        Event::InRow { row, event } => match &**event {
            Event::Print(text) => Some(format!("{row}: {text}")),
            _ => None,
        },
        _ => None,
    };
    stage.told.lock().unwrap().iter().filter_map(line).collect()
}

/// Every record of the journal, by its step.
fn records(stage: &Stage) -> BTreeMap<StepId, Value> {
    let entries = stage.journal.entries(&stage.run).unwrap();
    let record = |written: reelscript::journal::Written| match written.entry {
        Entry::Step { id, event: Written::Finished { outcome, .. } } => Some((id, outcome)),
        _ => None,
    };
    entries.into_iter().filter_map(record).collect()
}

/// Cuts the log behind its first `count` entries and lives again.
fn cut(stage: &mut Stage, from: &[Entry], count: usize) {
    (stage.journal, stage.run) = super::journal();
    let lease = stage.journal.lease(&stage.run).unwrap();
    stage.journal.append(&lease, 0, 1_000, &from[..count]).unwrap();
    drop(lease);
    stage.told.lock().unwrap().clear();
    stage.live_again(Replay::Resume);
}

fn entries(stage: &Stage) -> Vec<Entry> {
    stage.setup.log.written().unwrap().into_iter().map(|written| written.entry).collect()
}

#[test]
fn results_come_in_the_order_of_the_rows() {
    let text =
        "let b = batch([3, 1, 2, 9], #{ parallel: 3 }, |n| n * 10); [b.ok, b.failed, b.summary(), `${b}`]";
    assert_eq!(value(text), json!([[30, 10, 20, 90], [], "4 rows done", "4 rows done"]));
    assert_eq!(value("batch([], |n| n)"), json!({"ok": [], "failed": []}));
    assert_eq!(value("batch([1], |n| n).summary()"), json!("1 row done"));
}

#[test]
fn closures_take_nothing_the_row_or_its_index_too() {
    assert_eq!(value("batch([5, 6], || 1).ok"), json!([1, 1]));
    assert_eq!(value("batch([5, 6], |row, index| [index, row]).ok"), json!([[0, 5], [1, 6]]));
    assert_eq!(value("fn double(n) { n * 2 } batch([5, 6], Fn(\"double\")).ok"), json!([10, 12]));
    assert_eq!(value("let by = 3; let f = |n, i| n * by + i; batch([5, 6], f).ok"), json!([15, 19]));
    let said = error("batch([1], |a, b, c| a)");
    assert!(said.contains("the closure takes 3 parameters") && said.contains("|row, index|"), "{said}");
    let said = error("batch([1], #{ parallel: 65 }, |a| a)");
    assert!(said.contains("65 rows at a time are not possible"), "{said}");
    let said = error("batch([1], #{ paralel: 2 }, |a| a)");
    assert!(said.contains("unknown option `paralel`; did you mean `parallel`?"), "{said}");
    let said = error("batch([1], #{ on_error: \"skip\" }, |a| a)");
    assert!(
        said.contains("option `on_error` cannot be used") && said.contains("`collect` or `stop`"),
        "{said}"
    );
    let said = error("batch([1], #{ on_error: \"stop\" }, Fn(\"nowhere\"))");
    assert!(said.contains("nowhere"), "{said}");
}

#[test]
fn rows_run_at_the_same_time() {
    let mut stage = Stage::new();
    let (meeting, met) = (Meeting::default(), Arc::new(Mutex::new(Vec::new())));
    let seen = met.clone();
    on_event(&mut stage, move |event| {
        if matches!(event, Event::StepBegan { .. }) {
            seen.lock().unwrap().push(());
            assert!(meeting.of(3), "three rows do not run together");
        }
    });
    let outcome = stage.run("batch([1, 2, 3], #{ parallel: 3 }, |n| uuid()).failed");
    assert_eq!((outcome.exit, outcome.value), (Exit::Done, json!([])), "{:?}", outcome.error);
    assert_eq!(met.lock().unwrap().len(), 3);
}

#[test]
fn no_more_rows_run_than_were_asked_for() {
    let mut stage = Stage::new();
    let (running, most) = (Mutex::new(BTreeSet::new()), Arc::new(Mutex::new(0)));
    let peak = most.clone();
    on_event(&mut stage, move |event| match event {
        Event::StepBegan { id, .. } => {
            let mut now = running.lock().unwrap();
            now.insert(id.row.clone());
            let mut peak = peak.lock().unwrap();
            *peak = now.len().max(*peak);
        }
        Event::StepDone { id, .. } => drop(running.lock().unwrap().remove(&id.row)),
        _ => (),
    });
    let outcome = stage.run("let rows = []; for n in 0..20 { rows.push(n); } batch(rows, #{ parallel: 1 }, |n| { uuid(); uuid() }).ok.len");
    assert_eq!(outcome.value, json!(20), "{:?}", outcome.error);
    assert_eq!(*most.lock().unwrap(), 1);
}

#[test]
fn lines_come_row_by_row_and_calls_are_numbered_in_their_row() {
    let mut stage = Stage::new();
    // The first row waits for the last one, which has said its lines by then.
    let meeting = Meeting::default();
    on_event(&mut stage, move |event| {
        if let Event::StepBegan { id, .. } = event
            && id.seq == 1
            && ["0/0", "0/2"].contains(&id.row.as_str())
        {
            assert!(meeting.of(2), "the last row does not come so far");
        }
    });
    let text = "print(\"a\"); batch([1, 2, 3], #{ parallel: 3 }, |n| { print(`${n} one`); uuid(); print(`${n} two`); uuid(); }); print(\"z\"); uuid();";
    assert_eq!(stage.run(text).exit, Exit::Done);
    let lines =
        ["a", "0/0: 1 one", "0/0: 1 two", "0/1: 2 one", "0/1: 2 two", "0/2: 3 one", "0/2: 3 two", "z"];
    assert_eq!(said(&stage), lines);
    let mut story = stage.story();
    story.sort();
    let step = |id: &str| format!("{id} uuid (Value): finished");
    assert_eq!(story, ["0/0#1", "0/0#2", "0/1#1", "0/1#2", "0/2#1", "0/2#2", "1"].map(step));
    let kept: Vec<String> = stage.setup.log.lines().iter().map(|line| line.row.clone()).collect();
    assert_eq!(kept, ["", "0/0", "0/0", "0/1", "0/1", "0/2", "0/2", ""]);
}

#[test]
fn batches_nest() {
    let stage = Stage::new();
    let text = "let outer = 10; let b = batch([1, 2], #{ parallel: 2 }, |n| { \
                    batch([0], |x| uuid()); \
                    batch([3, 4], #{ parallel: 2 }, |m| { print(`${n}${m}`); uuid(); n * outer + m }).ok }); b.ok";
    let outcome = stage.run(text);
    assert_eq!(outcome.value, json!([[13, 14], [23, 24]]), "{:?}", outcome.error);
    assert_eq!(said(&stage), ["0/0/1/0: 13", "0/0/1/1: 14", "0/1/1/0: 23", "0/1/1/1: 24"]);
    let rows: BTreeSet<String> = stage.setup.log.steps().into_iter().map(|step| step.id.row).collect();
    let expected = ["0/0/0/0", "0/0/1/0", "0/0/1/1", "0/1/0/0", "0/1/1/0", "0/1/1/1"];
    assert_eq!(rows, expected.map(str::to_owned).into());
}

#[test]
fn a_row_that_throws_is_collected_and_others_go_on() {
    let text = r#"let b = batch([1, 0, 3, 4, 5], #{ parallel: 2 }, |n| {
            if n == 3 { throw "no threes"; }
            if n == 4 { throw #{ kind: "mine", message: "a map", extra: n }; }
            if n == 5 { read_text("none.txt"); }
            6 / n });
        [b.ok, b.failed.map(|f| [f.number, f.row, f.error.kind, f.error.message, f.error.call]), b.failed[2].error.extra, b.summary()]"#;
    let found = value(text);
    assert_eq!(found[0], json!([6]));
    let failed = json!([
        [2, 0, "script", "Division by zero: 6 / 0", ""],
        [3, 3, "script", "no threes", ""],
        [4, 4, "mine", "a map", ""],
        [5, 5, "input", "there is no file `none.txt`", "read_text"],
    ]);
    assert_eq!(found[1], failed);
    assert_eq!(found[2], json!(4));
    assert_eq!(found[3], json!("1 of 5 rows done, 4 failed; row 2: Division by zero: 6 / 0"));
}

#[test]
fn the_first_error_is_thrown_when_rows_shall_stop() {
    let text = "let seen = batch([1, 2, 3], #{ parallel: 1, on_error: \"stop\" }, |n| {\n  uuid();\n  if n == 2 { throw `bad ${n}`; }\n});";
    let stage = Stage::new();
    let outcome = stage.run(text);
    let said = outcome.error.unwrap().to_string();
    assert_eq!(outcome.exit, Exit::Failed);
    assert!(said.starts_with("error[script]: bad 2\n  --> main.rhai:3:15"), "{said}");
    assert!(said.contains("in closure, called at main.rhai:1:12"), "{said}");
    assert_eq!(stage.story().len(), 2, "the third row did not begin");
    let caught = format!("let said = (); try {{ {text} }} catch (e) {{ said = e.message; }} said");
    assert_eq!(value(&caught), json!("bad 2"));
}

#[test]
fn what_a_closure_captured_it_cannot_change() {
    for (change, words) in [
        ("total += n", "`total` stands outside of the closure"),
        ("total = n", "`total` stands outside of the closure"),
        ("list.push(n)", "`push` would change a variable outside of the closure"),
        ("list[0] = n", "outside of the closure"),
        ("map.x = n", "outside of the closure"),
        ("map.x += n", "outside of the closure"),
        ("map.deep.y = n", "outside of the closure"),
    ] {
        for mode in ["collect", "stop"] {
            let text = format!(
                "let total = 0; let list = [0]; let map = #{{ x: 0, deep: #{{ y: 0 }} }};\nlet b = batch([1, 2], #{{ on_error: \"{mode}\" }}, |n| {{ {change}; n }}); b.ok"
            );
            let said = error(&text);
            assert!(said.contains(words), "{change}: {said}");
            assert!(said.contains("hint: collect results from what the closure returns"), "{change}: {said}");
        }
    }
    let mine = "let list = [0]; let n = 2; let b = batch([1, 2], |x| { let mine = list; mine.push(x * n); mine }); list.push(7); [b.ok, list]";
    assert_eq!(value(mine), json!([[[0, 2], [0, 4]], [0, 7]]), "copies are the row's own");
}

#[test]
fn exit_in_a_row_ends_the_script() {
    let stage = Stage::new();
    let outcome = stage.run("batch([1, 2], #{ parallel: 1 }, |n| exit(3)); print(\"no\")");
    assert_eq!((outcome.exit, outcome.exit_code), (Exit::Failed, Some(3)));
    assert!(said(&stage).is_empty());
}

#[test]
fn a_panic_is_the_end_of_its_row_alone() {
    let mut stage = Stage::new();
    on_event(&mut stage, |event| {
        let dies = matches!(event, Event::StepBegan { id, .. } if id.row == "0/1");
        assert!(!dies, "as the test wants it");
    });
    let text = "let b = batch([1, 2, 3], #{ parallel: 2 }, |n| { uuid(); n }); [b.ok, b.failed.map(|f| [f.number, f.error.kind])]";
    let outcome = stage.run(text);
    assert_eq!(outcome.value, json!([[1, 3], [[2, "bug"]]]), "{:?}", outcome.error);
}

#[test]
fn a_stop_ends_all_rows() {
    let mut stage = Stage::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    stage.client.base = format!("http://{}", listener.local_addr().unwrap());
    let (stop, meeting) = (stage.setup.stop.clone(), Meeting::default());
    on_event(&mut stage, move |event| {
        if matches!(event, Event::StepBegan { name: "credits", .. }) {
            assert!(meeting.of(3), "three rows do not run together");
            stop.cancel();
        }
    });
    let outcome =
        stage.run("batch([1, 2, 3, 4], #{ parallel: 3 }, |n| { try { credits() } catch { print(n) } })");
    assert_eq!(outcome.exit, Exit::Stopped);
    assert!(said(&stage).is_empty());
    let mut story = stage.story();
    story.sort();
    assert_eq!(story, ["0/0#1", "0/1#1", "0/2#1"].map(|id| format!("{id} credits (Read): unfinished")));
}

#[test]
fn a_batch_goes_on_wherever_it_broke_off() {
    let mut stage = Stage::new();
    let text = "let b = batch([1, 2, 3], #{ parallel: 2 }, |n| { let id = uuid(); print(`${n} began`); write_text(`${n}.txt`, id); print(`${n} ended`); if n == 2 { read_text(\"none\"); } id }); \
                print(b); [b.ok, b.failed.map(|f| f.error.message), uuid()]";
    let whole = stage.run(text);
    assert_eq!(whole.exit, Exit::Done, "{:?}", whole.error);
    let all = entries(&stage);
    let kept = |stage: &Stage| -> Vec<Value> {
        stage.setup.log.lines().into_iter().map(|line| line.value).collect()
    };
    let lines = kept(&stage);
    assert_eq!((lines.len(), said(&stage).len()), (7, 7));
    for count in 0..=all.len() {
        cut(&mut stage, &all, count);
        let before = records(&stage);
        let shown = stage.setup.log.lines().len();
        let outcome = stage.run(text);
        assert_eq!(outcome.exit, Exit::Done, "cut at {count}: {:?}", outcome.error);
        let after = records(&stage);
        assert!(before.iter().all(|(id, record)| after.get(id) == Some(record)), "cut at {count}");
        assert_eq!(after.len(), 7, "cut at {count}");
        assert_eq!(outcome.value[1], whole.value[1], "cut at {count}");
        // Each line is shown in one of the two lives, and in the order of the rows.
        assert_eq!(shown + said(&stage).len(), lines.len(), "cut at {count}");
        assert_eq!(kept(&stage), lines, "cut at {count}");
    }
}

#[test]
fn a_row_that_failed_is_tried_again_when_the_run_is() {
    for mode in ["stop", "collect"] {
        let stage = Stage::new();
        let text = format!(
            "let b = batch([1, 2, 3], #{{ parallel: 2, on_error: \"{mode}\" }}, |n| {{ if n == 1 {{ files(\"none*\"); read_text(\"late.txt\") }} else {{ uuid(); uuid() }} }}); if b.failed.len > 0 {{ throw b.summary(); }} b.ok[0]"
        );
        let outcome = stage.run(&text);
        assert_eq!(outcome.exit, Exit::Failed);
        let before = records(&stage);
        let mut stage = stage.file("late.txt", "here");
        stage.live_again(Replay::Retry);
        let outcome = stage.run(&text);
        assert_eq!((outcome.exit, outcome.value), (Exit::Done, json!("here")), "{mode}: {:?}", outcome.error);
        let after = records(&stage);
        assert!(before.iter().all(|(id, record)| after.get(id) == Some(record)), "{mode}");
    }
}

#[test]
fn rows_that_stop_play_as_they_were() {
    // Which rows begin beside one that throws is chance; a replay does what was done.
    let mut stage = Stage::new();
    let text = "batch([1, 2, 3, 4, 5, 6, 7, 8], #{ parallel: 4, on_error: \"stop\" }, |n| { print(n); uuid(); if n == 2 { throw \"two\"; } print(`${n} done`); })";
    assert_eq!(stage.run(text).exit, Exit::Failed);
    let (lines, steps) = (said(&stage), stage.setup.log.steps().len());
    for _ in 0..20 {
        stage.told.lock().unwrap().clear();
        stage.live_again(Replay::Tape);
        let outcome = stage.run(text);
        assert_eq!((outcome.exit, outcome.error.unwrap().message.as_str()), (Exit::Failed, "two"));
        assert_eq!(said(&stage), lines);
        assert_eq!(stage.setup.log.steps().len(), steps);
    }
}

#[test]
fn a_turn_in_doubt_parks_the_run_and_what_others_did_is_kept() {
    let mut stage = Stage::new();
    let studio = Arc::new(Mutex::new(Some(stage.studio())));
    stage.client.delays.ladder = vec![Duration::from_millis(1)];
    stage.client.delays.backoff.clear();
    on_event(&mut stage, move |event| {
        let Event::InRow { event, .. } = event else { return };
        if matches!(**event, Event::Progress { progress: Progress::Tool(_), .. }) {
            drop(studio.lock().unwrap().take());
        }
    });
    let text = "let b = batch([1, 2], #{ parallel: 2 }, |n| { uuid(); if n == 1 { let s = session(); try { s.chat(\"make a 3 second video about the sea\") } catch { print(1) } } n }); print(b)";
    let outcome = stage.run(text);
    assert_eq!(outcome.exit, Exit::InDoubt, "{:?}", outcome.error);
    assert!(said(&stage).is_empty());
    let story = stage.story();
    assert!(story.contains(&"0/0#3 chat (Paid): unfinished".to_owned()), "{story:?}");
    assert!(story.contains(&"0/1#1 uuid (Value): finished".to_owned()), "{story:?}");
}

#[test]
fn rows_pay_each_turn_once_and_never_over_the_limit() {
    let mut stage = Stage::new();
    let studio = stage.studio();
    stage.setup.credits_max = Some(250.0);
    let text = "batch([1, 2, 3], #{ parallel: 3 }, |n| session().chat(\"make a 2 second video about the sea\").credits)";
    let outcome = stage.run(text);
    assert_eq!(outcome.exit, Exit::Limit, "{:?}", outcome.error);
    assert!(outcome.error.unwrap().message.contains("the limit of 250"));
    assert!(outcome.spent <= 250.0, "{}", outcome.spent);
    drop(studio);

    let mut stage = Stage::new();
    let _studio = stage.studio();
    stage.setup.credits_max = Some(300.0);
    let outcome = stage.run(text);
    assert_eq!((outcome.exit, outcome.spent), (Exit::Done, 300.0), "{:?}", outcome.error);
    assert_eq!(outcome.value["ok"], json!([100.0, 100.0, 100.0]));
}

#[test]
fn rows_share_a_session_that_they_captured() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    let text = "let s = session(); s.chat(\"make a 2 second video about the sea with the title 'Hi {{name}}'\"); let base = s.draft(); \
                let b = batch([\"Ada\", \"Kim\"], #{ parallel: 2 }, |name| { let d = base.copy(); d.replace(\"{{name}}\", name); s.subtitles(`${name}.srt`, #{ draft: d }) }); b.failed";
    let outcome = stage.run(text);
    assert_eq!((outcome.exit, outcome.value), (Exit::Done, json!([])), "{:?}", outcome.error);
    let read = |name: &str| std::fs::read_to_string(stage.folder().join("out").join(name)).unwrap();
    assert!(read("Ada.srt").ends_with("Hi Ada\n") && read("Kim.srt").ends_with("Hi Kim\n"));
}
