//! What ends a run from outside, and what cannot be stopped from ending it.

use std::sync::Arc;
use std::time::Duration;

use reelscript::clock::Clock;
use reelscript::host::Event;
use reelscript::journal::RunLog;
use reelscript::runtime::Exit;

use super::Stage;

/// Runs a script whose first printed line stops it.
fn stopped_at_first_line(text: &str) -> (Exit, Vec<String>) {
    let mut stage = Stage::new();
    let (stop, sink) = (stage.setup.stop.clone(), stage.setup.sink.clone());
    stage.setup.sink = Arc::new(move |event| {
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
    let mut stage = Stage::new();
    let _studio = stage.studio();
    for text in [
        // A captured session is shared; what calls itself through it must not overflow the stack.
        "let s = session(); let f = (); f = |n| { s.state(); f.call(n + 1) }; f.call(0);",
        "let s = session(); fn again(s, n) { s.id; again(s, n + 1) } again(s, 0);",
        "let s = session(); let f = |g| { s.id; g.call(g) }; f.call(f);",
        "let s = session(); let m = #{}; m.f = |n| { s.id; m.f.call(n + 1) }; m.f.call(0);",
    ] {
        let outcome = stage.run(text);
        assert!(matches!(outcome.exit, Exit::Limit | Exit::Failed), "{text}: {:?}", outcome.exit);
        assert!(outcome.error.unwrap().place.is_some(), "{text}");
        stage.setup.log = Arc::new(RunLog::in_memory(Clock::System));
    }
    let deep =
        Stage::new().file("one.rhai", "import \"two\" as two;").file("two.rhai", "import \"one\" as one;");
    let outcome = deep.run("print(1);\nimport \"one\" as one;");
    assert_eq!(outcome.exit, Exit::Failed);
    assert!(outcome.error.unwrap().place.is_some());
    let nested = format!("let x = {}1{};", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(Stage::new().run(&nested).exit, Exit::Usage);
}
