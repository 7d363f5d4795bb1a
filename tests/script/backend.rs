//! Calls that wait, break and end in the background.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reelscript::client::Progress;
use reelscript::host::{Event, Failure, credits};
use reelscript::journal::Event as Written;
use reelscript::runtime::Exit;
use serde_json::json;

use super::{Stage, on_event};

/// A backend that takes connections and never answers. Must be kept.
fn silent(stage: &mut Stage) -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    stage.client.base = format!("http://{}", listener.local_addr().unwrap());
    listener
}

#[test]
fn a_stop_ends_a_call_that_waits_for_the_backend() {
    let mut stage = Stage::new();
    let _backend = silent(&mut stage);
    let stop = stage.setup.stop.clone();
    on_event(&mut stage, move |event| {
        if matches!(event, Event::StepBegan { .. }) {
            stop.cancel();
        }
    });
    let outcome = stage.run("try { credits() } catch { print(\"caught\") }");
    assert_eq!(outcome.exit, Exit::Stopped);
    assert!(stage.printed().is_empty());
    assert_eq!(stage.story(), ["1 credits (Read): unfinished"]);
}

#[test]
fn a_backend_that_is_not_there_is_an_error_of_the_network() {
    let mut stage = Stage::new();
    stage.client.delays.backoff.clear();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    stage.client.base = format!("http://{address}");
    let outcome = stage.run("credits()");
    assert_eq!(outcome.exit, Exit::Backend);
    let error = outcome.error.unwrap();
    assert_eq!((error.kind.word(), error.call.as_str()), ("network", "credits"));
    assert_eq!(error.place.unwrap().to_string(), "main.rhai:1:1");
    assert!(error.hint.is_some());
    // The same call as a plain function, as commands use it.
    let failure: Failure = credits::credits(&stage.new_run()).unwrap_err();
    assert_eq!(failure.kind.word(), "network");
}

#[test]
fn a_panic_is_an_outcome_and_the_next_run_works() {
    let mut stage = Stage::new();
    on_event(&mut stage, |event| {
        let dies = matches!(event, Event::Print(line) if line == "die");
        assert!(!dies, "as the test wants it");
    });
    let outcome = stage.run("print(\"die\")");
    assert_eq!(outcome.exit, Exit::Bug);
    assert!(outcome.error.unwrap().hint.unwrap().contains("report"));
    assert_eq!(stage.run("1 + 1").value, json!(2));
}

#[test]
fn a_panic_in_a_call_is_an_outcome_too() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    on_event(&mut stage, |event| {
        let dies = matches!(event, Event::Progress { .. });
        assert!(!dies, "as the test wants it");
    });
    let outcome =
        stage.run("let s = session(); try { s.chat(\"make a 3 second video about the sea\") } catch {}");
    assert_eq!(outcome.exit, Exit::Bug);
}

#[test]
fn a_turn_that_nobody_listens_to_comes_to_its_end() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    let outcome = stage.run("for e in session().stream(\"make a 3 second video about the sea\") { break }");
    assert_eq!(outcome.exit, Exit::Done, "{:?}", outcome.error);
    assert!(outcome.spent > 0.0);
    assert_eq!(stage.story(), ["1 session (Free): finished", "2 chat (Paid): finished"]);
    let Some(Written::Finished { outcome, .. }) = stage.events().pop() else {
        panic!("the turn is not over")
    };
    assert!(outcome["text"].as_str().is_some_and(|text| !text.is_empty()));
}

#[test]
fn a_turn_whose_end_nobody_knows_ends_the_run_and_cannot_be_caught() {
    let mut stage = Stage::new();
    let studio = Arc::new(Mutex::new(Some(stage.studio())));
    stage.client.delays.ladder = vec![Duration::from_millis(1)];
    stage.client.delays.backoff.clear();
    on_event(&mut stage, move |event| {
        // The backend dies while the agent works.
        if matches!(event, Event::Progress { progress: Progress::Tool(_), .. }) {
            drop(studio.lock().unwrap().take());
        }
    });
    let text = "let s = session();\ntry { s.chat(\"make a 3 second video about the sea\") } catch { print(1) } print(2)";
    let outcome = stage.run(text);
    assert_eq!(outcome.exit, Exit::InDoubt, "{:?}", outcome.error);
    assert!(stage.printed().is_empty());
    assert_eq!(outcome.error.unwrap().place.unwrap().line, 2);
    assert_eq!(stage.story()[1], "2 chat (Paid): unfinished");
}

#[test]
fn a_background_export_that_failed_unheard_fails_the_run() {
    let mut stage = Stage::new();
    let studio = stage.studio();
    let text = "let s = session(); s.chat(\"make a 3 second video about the sea\"); print(1); s.start_export(\"a.mp4\", #{ format: \"nonsense\" }); 7";
    let outcome = stage.run(text);
    assert_eq!((outcome.exit, outcome.error.unwrap().call), (Exit::Backend, "start_export".to_owned()));
    drop(studio);
}

#[test]
fn a_file_is_never_written_under_the_ending_of_another_format() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    let text = "let s = session(); s.chat(\"make a 3 second video about the sea\");
        try { s.export(\"a.avi\") } catch (e) { print(`${e.kind}: ${e.message}; ${e.hint}`) }
        s.start_export(\"b.MKV2\");";
    let outcome = stage.run(text);
    let endings = "name a file that ends in mp4, mov, webm, mkv, gif";
    assert_eq!(stage.printed(), [format!("input: there is no export as `avi`; {endings}")]);
    let error = outcome.error.unwrap();
    assert_eq!(
        (error.message.as_str(), error.hint.as_deref()),
        ("there is no export as `mkv2`", Some(endings))
    );
}

#[test]
fn what_a_paid_call_needs_to_be_settled_is_written_before_it_is_sent() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    stage.run("let s = session(); s.chat(\"make a 3 second video about the sea\"); s.export(\"a.mp4\", #{ resolution: \"360p\" });");
    let events = stage.events();
    let intent = |wanted: &str| {
        events.iter().find_map(|event| match event {
            Written::Begun { call, intent } if call.name == wanted => Some(intent.clone()),
            _ => None,
        })
    };
    let turn = intent("chat").unwrap();
    assert!(turn["state"]["media"].is_array() && turn["credits"]["total"].is_number(), "{turn}");
    assert!(intent("export").unwrap()["render_id"].as_str().unwrap().starts_with("render_"));
    // Two events a step: one before the effect, one after it.
    assert_eq!(events.len(), 6);
}
