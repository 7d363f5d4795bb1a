//! Small things that a script asks for or leaves behind: checks, notes, time, chance.

use std::time::Duration;

use rhai::{Dynamic, EvalAltResult, NativeCallContext};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::host::event::Event;
use crate::host::failure::{Failure, Kind};
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry};
use crate::host::row::Row;
use crate::host::run::{Check, Run};
use crate::host::step::{self, Call};
use crate::host::{json, wait};
use crate::journal::{Class, LineKind};

/// The longest `sleep`: a week is the life of the backend's tokens.
const SLEEP_SECONDS_MAX: f64 = 7.0 * 24.0 * 3600.0;

const CHECK: Doc = Doc {
    name: "check",
    calls: &["check(name, passed)", "check(name, passed, hint)"],
    about: "Records an expectation and returns whether it held. The run goes on, and exits with 1 at its \
            end when any of them failed.",
    class: Some(Class::Value),
    example: "check(\"sums add up\", 1 + 1 == 2, \"look at the arithmetic\");",
};

const NOTE: Doc = Doc {
    name: "note",
    calls: &["note(value)"],
    about: "Keeps a value in the record of the run, as data, and shows it.\n\
            Throws `input` for what is no data, such as a function.",
    class: Some(Class::Value),
    example: "note(#{ step: \"rough cut\", minutes: 3 });",
};

const SLEEP: Doc = Doc {
    name: "sleep",
    calls: &["sleep(seconds)"],
    about: "Waits for some seconds, whole or not. A stop ends the wait at once; a resumed run does not \
            wait again.\nThrows `input` for less than 0 and for more than a week.",
    class: Some(Class::Value),
    example: "sleep(0.01);",
};

const NOW: Doc = Doc {
    name: "now",
    calls: &["now()"],
    about: "Returns the time in seconds since 1970-01-01 UTC, as a float. A resumed run sees the same time.",
    class: Some(Class::Value),
    example: "let began = now();\nprint(now() >= began);",
};

const RANDOM: Doc = Doc {
    name: "random",
    calls: &["random()"],
    about: "Returns a random float from 0 (included) to 1 (excluded). A resumed run sees the same.",
    class: Some(Class::Value),
    example: "let die = (random() * 6).to_int() + 1;\ncheck(\"a die\", die >= 1 && die <= 6);",
};

const UUID: Doc = Doc {
    name: "uuid",
    calls: &["uuid()"],
    about: "Returns a new random UUID as text. A resumed run sees the same.",
    class: Some(Class::Value),
    example: "print(uuid().len);",
};

const ENV: Doc = Doc {
    name: "env",
    calls: &["env(name)"],
    about: "Returns an environment variable as text, or `()` when it is not set.\n\
            Throws `sandbox` unless the variable was allowed with `--allow-env NAME`.",
    class: Some(Class::Value),
    example: "try { env(\"HOME\") } catch (e) { print(e.kind); }",
};

const PRINT: Doc = Doc {
    name: "print",
    calls: &["print(value)"],
    about: "Writes a line for people: every value prints well.",
    class: None,
    example: "print(\"hello\");",
};

const DEBUG: Doc = Doc {
    name: "debug",
    calls: &["debug(value)"],
    about: "Writes a value in full, with the place in the script; shown with `-v`.",
    class: None,
    example: "debug([1, \"two\"]);",
};

/// What the journal keeps of an expectation.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Checked {
    /// Whether it held: records of old.
    Held(bool),
    Told(Check),
}

/// Records an expectation; returns whether it held.
///
/// # Errors
/// The run has ended.
pub fn check(run: &Run, name: &str, passed: bool, hint: &str) -> Result<bool, Failure> {
    let args = json!({ "name": name });
    let check = Check { name: name.to_owned(), passed, hint: hint.to_owned() };
    let kept = || Ok(Checked::Told(check.clone()));
    step::call(run, Call { name: "check", class: Class::Value, args }, kept)?;
    Row::current().say(run, move |run, row| {
        run.add_check(check.clone());
        run.emit_in(row, Event::Check(check));
        Ok(())
    })?;
    Ok(passed)
}

/// Keeps a value in the record of the run.
///
/// # Errors
/// `Input` for what is no data.
pub fn note(run: &Run, value: &Dynamic) -> Result<(), Failure> {
    let value = json::from_script(value).map_err(|failure| failure.of_call("note"))?;
    line(run, LineKind::Note, value.clone(), Event::Note(value))
}

/// Keeps and shows a printed line.
///
/// # Errors
/// `Limit` when the run wrote too much.
pub fn print(run: &Run, text: &str) -> Result<(), Failure> {
    line(run, LineKind::Print, text.into(), Event::Print(text.to_owned()))
}

/// Keeps and shows a debugging line; `at` says where it was written.
///
/// # Errors
/// `Limit` when the run wrote too much.
pub fn debug(run: &Run, text: &str, at: String) -> Result<(), Failure> {
    line(run, LineKind::Debug, text.into(), Event::Debug { text: text.to_owned(), at })
}

/// Waits.
///
/// # Errors
/// `Input` for a time that cannot be waited for; why the run ended.
pub fn sleep(run: &Run, seconds: f64) -> Result<(), Failure> {
    let call = Call { name: "sleep", class: Class::Value, args: json!({ "seconds": seconds }) };
    step::call(run, call, || {
        if !(0.0..=SLEEP_SECONDS_MAX).contains(&seconds) {
            return Err(Failure::input(format!("cannot sleep for {seconds} seconds"))
                .hint(format!("from 0 to {SLEEP_SECONDS_MAX}")));
        }
        let clock = run.clock().clone();
        wait::block_on(run, move || async move {
            clock.sleep(Duration::from_secs_f64(seconds)).await;
            Ok(())
        })
    })
}

/// Returns the time in seconds since 1970-01-01 UTC.
///
/// # Errors
/// The run has ended.
pub fn now(run: &Run) -> Result<f64, Failure> {
    value(run, "now", || run.clock().now_ms() as f64 / 1000.0)
}

/// Returns a random number from 0 (included) to 1 (excluded).
///
/// # Errors
/// The run has ended.
pub fn random(run: &Run) -> Result<f64, Failure> {
    // A random UUID holds 122 random bits; its low 53 are all random, and fill a float.
    const BITS: u128 = (1 << 53) - 1;
    value(run, "random", || (Uuid::new_v4().as_u128() & BITS) as f64 / (BITS + 1) as f64)
}

/// Returns a new random UUID.
///
/// # Errors
/// The run has ended.
pub fn uuid(run: &Run) -> Result<String, Failure> {
    value(run, "uuid", || Uuid::new_v4().to_string())
}

/// Returns an environment variable that the script may read; none when it is not set. The
/// journal keeps a salted hash of it, for it may be a secret: a later life must find it unchanged.
///
/// # Errors
/// `Sandbox` when it was not allowed, `Input` when it is not text; `Diverged`, which ends the
/// run, when it changed since.
pub fn env(run: &Run, name: &str) -> Result<Option<String>, Failure> {
    let call = Call { name: "env", class: Class::Value, args: json!({ "name": name }) };
    let (salt, recorded) = step::call(run, call, || {
        let salt = Uuid::new_v4().to_string();
        let found = variable(run, name)?;
        Ok((salt.clone(), found.map(|text| step::digest(&format!("{salt}{text}")))))
    })?;
    let found = variable(run, name)?;
    if found.as_ref().map(|text| step::digest(&format!("{salt}{text}"))) == recorded {
        return Ok(found);
    }
    let words = format!("the environment variable `{name}` is not what it was");
    Err(run.end(Failure::new(Kind::Diverged, words).hint("set it as it was, then go on")))
}

fn variable(run: &Run, name: &str) -> Result<Option<String>, Failure> {
    if !run.may_read_env(name) {
        return Err(Failure::new(Kind::Sandbox, format!("the script may not read `{name}`"))
            .hint(format!("allow it with `--allow-env {name}`")));
    }
    match std::env::var(name) {
        Ok(text) => Ok(Some(text)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(error) => Err(Failure::input(format!("`{name}` cannot be read: {error}"))),
    }
}

fn value<T: Serialize + DeserializeOwned>(
    run: &Run,
    name: &'static str,
    make: impl FnOnce() -> T,
) -> Result<T, Failure> {
    step::call(run, Call { name, class: Class::Value, args: json!(null) }, || Ok(make()))
}

/// Keeps a line, and tells it unless an earlier life did; in a row of a batch when it is its
/// turn.
fn line(run: &Run, kind: LineKind, value: serde_json::Value, told: Event) -> Result<(), Failure> {
    Row::current().say(run, move |run, row| {
        let kept = run.log().line(row, kind, value);
        if kept.map_err(|error| run.end((&error).into()))? {
            run.emit_in(row, told);
        }
        Ok(())
    })
}

pub(super) fn register(registry: &mut Registry) {
    type Answer<T> = Result<T, Box<EvalAltResult>>;
    type Context<'a> = NativeCallContext<'a>;
    let checked = |ctx: Context<'_>, name: &str, passed: bool| -> Answer<bool> {
        answer(&ctx, |run| check(run, name, passed, ""))
    };
    registry.function(&CHECK, &["name: string", "passed: bool", "bool"], checked);
    let hinted = |ctx: Context<'_>, name: &str, passed: bool, hint: &str| -> Answer<bool> {
        answer(&ctx, |run| check(run, name, passed, hint))
    };
    registry.function(&CHECK, &["name: string", "passed: bool", "hint: string", "bool"], hinted);
    let noted = |ctx: Context<'_>, value: Dynamic| -> Answer<()> { answer(&ctx, |run| note(run, &value)) };
    registry.function(&NOTE, &["value: ?", "()"], noted);
    let whole =
        |ctx: Context<'_>, seconds: i64| -> Answer<()> { answer(&ctx, |run| sleep(run, seconds as f64)) };
    registry.function(&SLEEP, &["seconds: int", "()"], whole);
    let exact = |ctx: Context<'_>, seconds: f64| -> Answer<()> { answer(&ctx, |run| sleep(run, seconds)) };
    registry.function(&SLEEP, &["seconds: float", "()"], exact);
    let time = |ctx: Context<'_>| -> Answer<f64> { answer(&ctx, now) };
    registry.function(&NOW, &["float"], time);
    let chance = |ctx: Context<'_>| -> Answer<f64> { answer(&ctx, random) };
    registry.function(&RANDOM, &["float"], chance);
    let id = |ctx: Context<'_>| -> Answer<String> { answer(&ctx, uuid) };
    registry.function(&UUID, &["string"], id);
    let variable = |ctx: Context<'_>, name: &str| -> Answer<Dynamic> {
        answer(&ctx, |run| Ok(env(run, name)?.map_or(Dynamic::UNIT, Dynamic::from)))
    };
    registry.function(&ENV, &["name: string", "?"], variable);
    // `print` and `debug` are the engine's own; their output comes to us by its callbacks.
    registry.document(&PRINT);
    registry.document(&DEBUG);
}
