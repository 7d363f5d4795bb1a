//! One run over several lives.

use serde_json::json;

use super::*;
use crate::journal::{Class, SCRIPT_ROW};

fn call(name: &str, told: &str) -> Call {
    Call { name: name.into(), told: told.into(), args_hash: told.into(), class: Class::Paid }
}

fn finished(outcome: Value) -> Event {
    Event::Finished { outcome, credits: Some(50.0) }
}

/// A journal with one run, whose log is opened anew by each call.
fn lives() -> impl Fn(Replay) -> RunLog {
    let journal = Arc::new(Memory::default());
    let made_of = NewRun { title: "t".to_owned(), source: None, setup: Value::Null };
    let run = journal.create(&made_of, 0).unwrap();
    move |replay| {
        let lease = journal.lease(&run).unwrap();
        RunLog::open(journal.clone(), lease, Clock::fixed(1_000), replay).unwrap()
    }
}

#[test]
fn the_next_life_finds_what_the_last_one_wrote() {
    let live = lives();
    let log = live(Replay::Resume);
    assert!(!log.is_resumed());
    let upload = log.next(SCRIPT_ROW, &call("upload", "upload(a)")).unwrap();
    log.begin(&upload.id, call("upload", "upload(a)"), Value::Null).unwrap();
    log.file("a.mp4").unwrap();
    log.record(&upload.id, finished(json!(1))).unwrap();
    let chat = log.next(SCRIPT_ROW, &call("chat", "chat(x)")).unwrap();
    log.begin(&chat.id, call("chat", "chat(x)"), json!("before")).unwrap();
    drop(log);
    let log = live(Replay::Resume);
    assert!(log.is_resumed());
    assert_eq!(log.files(), ["a.mp4"]);
    let past = log.next(SCRIPT_ROW, &call("upload", "upload(a)")).unwrap();
    assert_eq!(past.status, Status::Finished { outcome: json!(1), intent: Value::Null });
    let past = log.next(SCRIPT_ROW, &call("chat", "chat(x)")).unwrap();
    assert_eq!(past.status, Status::Running { intent: json!("before"), reopened: false });
    let past = log.next(SCRIPT_ROW, &call("chat", "chat(y)")).unwrap();
    assert_eq!(past.status, Status::New);
    let told: Vec<_> = log.steps().into_iter().map(|step| (step.call.told, step.credits)).collect();
    assert_eq!(told, [("upload(a)".to_owned(), Some(50.0)), ("chat(x)".to_owned(), None)]);
}

#[test]
fn a_script_that_changed_is_told_both_calls() {
    let live = lives();
    let log = live(Replay::Resume);
    let past = log.next(SCRIPT_ROW, &call("chat", "chat(x)")).unwrap();
    log.settled(&past.id, call("chat", "chat(x)"), finished(json!(1))).unwrap();
    drop(log);
    let said = live(Replay::Resume).next(SCRIPT_ROW, &call("upload", "upload(a)")).unwrap_err();
    assert_eq!(said.to_string(), "the script changed at step 1: it was chat(x), now it is upload(a)");
}

#[test]
fn a_call_that_ended_the_run_gets_another_try() {
    let live = lives();
    let log = live(Replay::Resume);
    let past = log.next(SCRIPT_ROW, &call("chat", "chat(x)")).unwrap();
    log.settled(&past.id, call("chat", "chat(x)"), Event::Failed { failure: json!("no credits") }).unwrap();
    drop(log);
    let stays = live(Replay::Resume).next(SCRIPT_ROW, &call("chat", "chat(x)")).unwrap();
    assert!(matches!(stays.status, Status::Failed { .. }));
    let log = live(Replay::Retry);
    let past = log.next(SCRIPT_ROW, &call("chat", "chat(x)")).unwrap();
    assert_eq!(past.status, Status::Running { intent: Value::Null, reopened: true });
    log.record(&past.id, finished(json!(1))).unwrap();
    drop(log);
    let past = live(Replay::Resume).next(SCRIPT_ROW, &call("chat", "chat(x)")).unwrap();
    assert_eq!(past.status, Status::Finished { outcome: json!(1), intent: Value::Null });
}

#[test]
fn lines_are_said_once_and_all_of_them_by_a_tape() {
    let live = lives();
    let log = live(Replay::Resume);
    for text in ["one", "two"] {
        assert!(log.line(SCRIPT_ROW, LineKind::Print, text.into()).unwrap());
    }
    let ending = Ending { state: RunState::Finished, words: String::new(), exit_code: 0 };
    log.end(&ending).unwrap();
    drop(log);
    let log = live(Replay::Resume);
    let said: Vec<bool> = ["one", "changed", "three"]
        .map(|text| log.line(SCRIPT_ROW, LineKind::Print, text.into()).unwrap())
        .to_vec();
    assert_eq!(said, [false, true, true]);
    drop(log);
    assert!(live(Replay::Tape).line(SCRIPT_ROW, LineKind::Print, "one".into()).unwrap());
}

#[test]
fn a_tape_makes_no_call_of_its_own() {
    let said = lives()(Replay::Tape).next(SCRIPT_ROW, &call("chat", "chat(x)")).unwrap_err();
    assert_eq!(said.to_string(), "the tape ends before step 1: chat(x)");
}

#[test]
fn many_lines_do_not_wait_for_a_call() {
    let live = lives();
    let log = live(Replay::Resume);
    for n in 0..WAITING_MAX + 5 {
        log.line(SCRIPT_ROW, LineKind::Print, n.into()).unwrap();
    }
    drop(log);
    assert_eq!(live(Replay::Resume).lines().len(), WAITING_MAX);
}
