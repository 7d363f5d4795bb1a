//! A run lives again: what its next life finds, and what it sends.

use std::time::Duration;

use reelscript::client::Progress;
use reelscript::host::{Event, Verdict};
use reelscript::journal::{Ending, Entry, Event as Written, Journal, Replay, RunState};
use reelscript::runtime::Exit;
use reelscript::studio::Studio;
use tokio_util::sync::CancellationToken;

use super::{CREDITS, Stage, on_event};

const MADE: &str =
    "let s = session(); let r = s.chat(\"make a 3 second video about the sea\"); print(r.text);";

/// A stage with a studio whose turns are looked for at once.
fn stage() -> (Stage, Studio) {
    let mut stage = Stage::new();
    let studio = stage.studio();
    stage.client.delays.ladder = vec![Duration::from_millis(1); 3];
    stage.client.delays.backoff.clear();
    (stage, studio)
}

/// Cuts the log behind its first `entries` entries and lives again.
fn cut(stage: &mut Stage, entries: usize) {
    cut_at(stage, entries, 1_000);
}

/// Does so with entries that were written at this time.
fn cut_at(stage: &mut Stage, entries: usize, at_ms: u64) {
    let all = stage.journal.entries(&stage.run).unwrap();
    let kept: Vec<_> = all.into_iter().take(entries).map(|written| written.entry).collect();
    (stage.journal, stage.run) = super::journal();
    let lease = stage.journal.lease(&stage.run).unwrap();
    stage.journal.append(&lease, 0, at_ms, &kept).unwrap();
    drop(lease);
    stage.live_again(Replay::Resume);
}

/// How many entries the log has up to and with the beginning of the first call of `name`.
fn begun(stage: &Stage, name: &str) -> usize {
    let all = stage.journal.entries(&stage.run).unwrap();
    let at = all.iter().position(|written| {
        matches!(&written.entry, Entry::Step { event: Written::Begun { call, .. }, .. } if call.name == name)
    });
    at.unwrap() + 1
}

#[test]
fn what_is_done_returns_its_record_without_a_backend() {
    let (mut stage, studio) = stage();
    let text = format!(
        "{MADE} print(uuid()); print(now()); print(s.timeline()); note([1]); print(s.state().seconds);"
    );
    let outcome = stage.run(&text);
    assert_eq!(outcome.exit, Exit::Done, "{:?}", outcome.error);
    let printed = stage.printed();
    let ending = Ending { state: RunState::Finished, words: String::new(), exit_code: 0 };
    stage.setup.log.end(&ending).unwrap();
    drop(studio);
    stage.live_again(Replay::Resume);
    let again = stage.run(&text);
    assert_eq!((again.exit, again.spent), (Exit::Done, outcome.spent));
    assert_eq!(stage.printed(), printed, "nothing is said a second time");
    stage.live_again(Replay::Tape);
    assert_eq!(stage.run(&text).exit, Exit::Done);
    assert_eq!(stage.printed(), [printed.clone(), printed].concat(), "a tape says all of it once more");
}

#[test]
fn a_turn_that_took_effect_is_adopted_with_its_changes() {
    let (mut stage, _studio) = stage();
    let spent = stage.run(MADE).spent;
    let begun = begun(&stage, "chat");
    cut(&mut stage, begun);
    let outcome = stage.run("let s = session(); let r = s.chat(\"make a 3 second video about the sea\"); check(\"silent\", r.silent); check(\"told\", r.changes.len > 0); print(credits().total);");
    assert_eq!((outcome.exit, outcome.spent), (Exit::Done, spent), "{:?}", outcome.error);
    assert!(outcome.checks.iter().all(|check| check.passed), "{:?}", outcome.checks);
    assert_eq!(stage.story()[1], "2 chat (Paid): finished");
    let left: f64 = stage.printed().pop().unwrap().parse().unwrap();
    assert_eq!(left + spent, CREDITS, "paid once");
}

#[test]
fn a_turn_that_left_no_trace_is_sent() {
    let (mut stage, _studio) = stage();
    let stop = stage.setup.stop.clone();
    on_event(&mut stage, move |event| {
        if matches!(event, Event::StepBegan { name: "chat", .. }) {
            stop.cancel();
        }
    });
    assert_eq!(stage.run(MADE).exit, Exit::Stopped);
    assert_eq!(stage.story(), ["1 session (Free): finished", "2 chat (Paid): unfinished"]);
    stage.setup.stop = CancellationToken::new();
    stage.live_again(Replay::Resume);
    let outcome = stage.run(MADE);
    assert_eq!((outcome.exit, outcome.spent), (Exit::Done, 100.0), "{:?}", outcome.error);
}

#[test]
fn a_clock_that_went_back_proves_nothing() {
    let (mut stage, _studio) = stage();
    let stop = stage.setup.stop.clone();
    on_event(&mut stage, move |event| {
        if matches!(event, Event::StepBegan { name: "chat", .. }) {
            stop.cancel();
        }
    });
    assert_eq!(stage.run(MADE).exit, Exit::Stopped);
    stage.setup.stop = CancellationToken::new();
    // Long ago one look is enough; of what seems to lie in the future nothing is known.
    for (at_ms, looks) in [(1_000, 0), (u64::MAX / 4, 3)] {
        let begun = begun(&stage, "chat");
        cut_at(&mut stage, begun, at_ms);
        stage.told.lock().unwrap().clear();
        let stop = stage.setup.stop.clone();
        on_event(&mut stage, move |event| {
            // Seen enough: the turn itself is about to be sent.
            if matches!(event, Event::Progress { progress: Progress::Notice(text), .. } if text.contains("sending it now"))
            {
                stop.cancel();
            }
        });
        assert_eq!(stage.run(MADE).exit, Exit::Stopped);
        let told = stage.told.lock().unwrap();
        let looked = told
            .iter()
            .filter(|event| matches!(event, Event::Progress { progress: Progress::Looking { .. }, .. }));
        assert_eq!(looked.count(), looks);
        drop(told);
        stage.setup.stop = CancellationToken::new();
    }
}

#[test]
fn a_journal_that_lost_its_end_does_not_pay_again() {
    let (mut stage, _studio) = stage();
    let spent = stage.run(MADE).spent;
    let before = begun(&stage, "chat") - 1;
    cut(&mut stage, before);
    let outcome = stage.run(MADE);
    assert_eq!((outcome.exit, outcome.spent), (Exit::InDoubt, 0.0));
    let said = outcome.error.unwrap().message;
    assert!(said.contains("not as the last recorded turn left it"), "{said}");
    stage.live_again(Replay::Resume);
    stage.setup.verdict = Some(Verdict::Adopt);
    let outcome = stage.run(&format!("{MADE} print(credits().total)"));
    assert_eq!(outcome.exit, Exit::Done, "{:?}", outcome.error);
    let left: f64 = stage.printed().pop().unwrap().parse().unwrap();
    assert_eq!(left + spent, CREDITS, "paid once");
}

#[test]
fn the_user_decides_about_a_turn_in_doubt() {
    let caught = "let s = session(); try { s.chat(\"make a 3 second video about the sea\"); print(\"sent\") } catch (e) { print(e.kind) }";
    for (verdict, said) in [(Verdict::Fail, "backend"), (Verdict::Repeat, "sent")] {
        let (mut stage, _studio) = stage();
        stage.run(MADE);
        let begun = begun(&stage, "chat");
        cut(&mut stage, begun);
        stage.setup.verdict = Some(verdict);
        let outcome = stage.run(caught);
        assert_eq!(outcome.exit, Exit::Done, "{:?}", outcome.error);
        assert_eq!(stage.printed().pop().unwrap(), said);
    }
}

#[test]
fn a_turn_that_was_given_up_is_not_sent_again_by_itself() {
    let (mut stage, _studio) = stage();
    let spent = stage.run(MADE).spent;
    let begun = begun(&stage, "chat");
    cut(&mut stage, begun);
    stage.setup.verdict = Some(Verdict::Fail);
    assert_eq!(stage.run(MADE).exit, Exit::Backend);
    stage.setup.verdict = None;
    stage.live_again(Replay::Retry);
    assert_eq!(
        stage.run(MADE).error.unwrap().message,
        "the turn is given up: nobody knows whether it took effect"
    );
    (stage.journal, stage.run) = super::journal();
    stage.live_again(Replay::Resume);
    stage.run("print(credits().total)");
    let left: f64 = stage.printed().pop().unwrap().parse().unwrap();
    assert_eq!(left + spent, CREDITS, "paid once");
}

#[test]
fn a_call_that_ended_the_run_is_tried_again_and_one_that_was_caught_is_not() {
    let (mut stage, _studio) = stage();
    let text = "let s = session(); s.upload(\"late.txt\");";
    assert_eq!(stage.run(text).exit, Exit::Failed);
    stage.live_again(Replay::Resume);
    assert_eq!(stage.run(text).error.unwrap().message, "there is no file `late.txt`");
    let mut stage = stage.file("late.txt", "x");
    stage.live_again(Replay::Retry);
    let said = stage.run(text).error.unwrap().message;
    assert!(said.contains("is of a type that is not taken"), "{said}");
}

#[test]
fn an_upload_that_arrived_is_not_sent_again() {
    let (mut stage, _studio) = stage();
    std::fs::copy("scripts/media/logo.png", stage.folder().join("logo.png")).unwrap();
    let text =
        "let s = session(); let m = s.upload(\"logo.png\"); print(m.name); print(s.state().media.len);";
    assert_eq!(stage.run(text).exit, Exit::Done);
    let begun = begun(&stage, "upload");
    cut(&mut stage, begun);
    let outcome = stage.run(text);
    assert_eq!(outcome.exit, Exit::Done, "{:?}", outcome.error);
    assert_eq!(stage.printed().pop().unwrap(), "1", "one file, sent once");
}

#[test]
fn an_export_goes_on_under_its_id() {
    let (mut stage, _studio) = stage();
    let text =
        format!("{MADE} let v = s.export(\"a.mp4\", #{{ resolution: \"360p\" }}); print(v.render_id);");
    assert_eq!(stage.run(&text).exit, Exit::Done);
    let id = stage.printed().pop().unwrap();
    let begun = begun(&stage, "export");
    cut(&mut stage, begun);
    std::fs::remove_file(stage.folder().join("out/a.mp4")).unwrap();
    let outcome = stage.run(&text);
    assert_eq!(outcome.exit, Exit::Done, "{:?}", outcome.error);
    assert_eq!(stage.printed().pop().unwrap(), id);
    assert!(stage.folder().join("out/a.mp4").is_file());
}

#[test]
fn a_script_that_changed_is_told_both_versions_of_the_step() {
    let stage = Stage::new();
    assert_eq!(stage.run("uuid(); write_text(\"a.txt\", \"x\");").exit, Exit::Done);
    let mut stage = stage;
    stage.live_again(Replay::Resume);
    let outcome = stage.run("uuid(); try { write_text(\"b.txt\", \"x\") } catch {}");
    assert_eq!(outcome.exit, Exit::Usage);
    let said = outcome.error.unwrap().message;
    assert_eq!(
        said,
        "the script changed at step 2: it was write_text(\"a.txt\", \"x\"), now it is write_text(\"b.txt\", \"x\")"
    );
}

#[test]
fn a_budget_stops_before_the_turn_that_would_pass_it() {
    let (mut stage, _studio) = stage();
    stage.setup.credits_max = Some(120.0);
    let outcome = stage.run(&format!("{MADE} try {{ s.chat(\"add the title 'Salt'\") }} catch {{}}"));
    assert_eq!((outcome.exit, outcome.spent), (Exit::Limit, 100.0));
    let said = outcome.error.unwrap().message;
    assert!(said.starts_with("the next turn costs 50 credits"), "{said}");
    assert_eq!(stage.story().len(), 2, "the second turn was not begun");
}

#[test]
fn only_the_first_change_of_a_session_counts_in_the_budget_also_in_a_later_life() {
    let (mut stage, _studio) = stage();
    stage.setup.credits_max = Some(150.0);
    let changed = format!("{MADE} s.chat(\"add the title 'Salt'\"); s.chat(\"make the title red\");");
    let outcome = stage.run(&changed);
    assert_eq!((outcome.exit, outcome.spent), (Exit::Done, 150.0), "{:?}", outcome.error);
    stage.live_again(Replay::Resume);
    let outcome = stage.run(&format!("{changed} s.chat(\"make the title blue\");"));
    assert_eq!((outcome.exit, outcome.spent), (Exit::Done, 150.0), "{:?}", outcome.error);
    // Another session pays for its own.
    stage.setup.credits_max = Some(270.0);
    stage.live_again(Replay::Resume);
    let other =
        MADE.replace("let s", "let t").replace("let r = s", "let q = t").replace("print(r", "print(q");
    let outcome = stage.run(&format!(
        "{changed} s.chat(\"make the title blue\"); {other} t.chat(\"add the title 'Pepper'\");"
    ));
    assert_eq!((outcome.exit, outcome.spent), (Exit::Limit, 250.0), "{:?}", outcome.error);
    assert!(outcome.error.unwrap().message.starts_with("the next turn costs 50 credits"));
}
