//! What ends a run from outside, and what cannot be stopped from ending it.

use std::time::Duration;

use reelscript::host::Event;
use reelscript::runtime::Exit;

use super::Stage;

/// Runs a script whose first printed line stops it.
fn stopped_at_first_line(text: &str) -> (Exit, Vec<String>) {
    let mut stage = Stage::new();
    let (stop, sink) = (stage.setup.stop.clone(), stage.setup.sink.clone());
    stage.setup.sink = std::sync::Arc::new(move |event| {
        if matches!(event, Event::Print(_)) {
            stop.cancel();
        }
        sink(event);
    });
    let exit = stage.run(text).exit;
    (exit, stage.printed())
}

#[test]
fn a_stop_ends_loops_and_waits_and_cannot_be_caught() {
    for text in [
        "print(1); loop {}",
        "print(1); loop { try { loop {} } catch { } }",
        "print(1); try { sleep(3600) } catch { print(2) } print(3)",
        "print(1); [3, 1, 2].sort(|a, b| { loop {} })",
    ] {
        assert_eq!(stopped_at_first_line(text), (Exit::Stopped, vec!["1".to_owned()]), "{text}");
    }
}

#[test]
fn a_stopped_wait_leaves_nothing_in_the_journal() {
    let stage = Stage::new();
    let stop = stage.setup.stop.clone();
    stage.runtime.spawn(async move {
        // Before or after the call has begun: it must end either way.
        tokio::task::yield_now().await;
        stop.cancel();
    });
    assert_eq!(stage.run("loop { sleep(3600) }").exit, Exit::Stopped);
    assert!(stage.story().is_empty());
}

#[test]
fn a_run_out_of_time_ends_with_a_limit() {
    let mut stage = Stage::new();
    stage.setup.time_max = Some(Duration::from_millis(20));
    for text in ["loop {}", "sleep(3600)"] {
        let outcome = stage.run(text);
        assert_eq!(outcome.exit, Exit::Limit, "{text}");
        assert_eq!(outcome.error.unwrap().message, "the run took longer than 0.02 s");
    }
}

#[test]
fn bombs_end_in_an_error_with_a_place() {
    for text in [
        "fn f(n) { f(n + 1) } f(0)",
        "let a = \"x\"; loop { a += a }",
        "let a = [0]; loop { a += a }",
        "let a = []; loop { a = [a]; if a.len > 1 { break } note(a) }",
        "let g = |x| x; for i in 0..100 { let h = g; g = |x| h.call(x) } g.call(1)",
        "const M = #{ a: 1 }; M.a = 2",
    ] {
        let outcome = Stage::new().run(text);
        assert!(matches!(outcome.exit, Exit::Limit | Exit::Failed), "{text}");
        assert!(outcome.error.unwrap().place.is_some(), "{text}");
    }
    let nested = format!("let x = {}1{};", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(Stage::new().run(&nested).exit, Exit::Usage);
}
