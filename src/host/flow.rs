//! How a script's calls meet Rhai: the run behind a call, what `catch` sees, and `exit`.

use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext};

use crate::host::failure::{Failure, Kind};
use crate::host::registry::{Doc, Registry};
use crate::host::row::Row;
use crate::host::run::Run;

/// The function that stands at the head of every catch block.
pub const CAUGHT: &str = "__caught";

const EXIT: Doc = Doc {
    name: "exit",
    calls: &["exit()", "exit(code)"],
    about: "Ends the script at once. With a code other than 0 the run exits with 1, and the code is recorded.",
    class: None,
    example: "if 1 > 2 { exit(3); }",
};

/// Makes a call of a script on the run that it belongs to. A failure knows where it happened,
/// also after a script has caught it and thrown it again.
pub(super) fn answer<T>(
    context: &NativeCallContext<'_>,
    call: impl FnOnce(&Run) -> Result<T, Failure>,
) -> Result<T, Box<EvalAltResult>> {
    let tag = context.tag().and_then(|tag| tag.clone().try_cast::<Run>());
    let run = tag.ok_or_else(|| Failure::new(Kind::Bug, "the call belongs to no run"))?;
    call(&run).map_err(|failure| {
        let mut failure = failure.of_call(context.fn_name());
        // What breaks down in a row is the end of the row alone.
        let of_row = failure.kind == Kind::Bug && Row::current().is_of_batch();
        if !failure.kind.catchable() && !of_row {
            // Some of Rhai's own functions swallow errors: the next look at the run must see it.
            failure = run.end(failure);
        }
        let position = context.call_position();
        let mut error: Box<EvalAltResult> = failure.into();
        error.set_position(position);
        if let EvalAltResult::ErrorRuntime(value, _) = &mut *error
            && let Some(mut map) = value.write_lock::<Map>()
            && let (Some(line), Some(column)) = (position.line(), position.position())
        {
            // The keys that Rhai gives to its own errors.
            map.insert("line".into(), Dynamic::from(line as i64));
            map.insert("position".into(), Dynamic::from(column as i64));
            map.insert("source".into(), context.call_source().unwrap_or_default().to_owned().into());
        }
        error
    })
}

/// Gives a caught value every key of an error map that it lacks.
fn as_error_map(caught: Dynamic) -> Map {
    let mut map = match caught.clone().try_cast::<Map>() {
        Some(map) => map,
        None => Map::from_iter([("message".into(), caught.to_string().into()), ("value".into(), caught)]),
    };
    if map.contains_key("error") {
        // Rhai's own: what happened, without the calls and places that stand in other keys.
        let said = map.get("message").map(Dynamic::to_string).unwrap_or_default();
        map.insert("message".into(), without_places(&said).into());
    }
    for (key, value) in Failure::new(Kind::Script, "").to_map() {
        map.entry(key).or_insert(value);
    }
    map
}

/// Returns what `catch` would see of an error that no script has caught; its place is where it
/// happened.
pub(super) fn caught(error: &EvalAltResult) -> Map {
    let (mut inner, mut source) = (error, "");
    while let EvalAltResult::ErrorInFunctionCall(_, of, error, _)
    | EvalAltResult::ErrorInModule(of, error, _) = inner
    {
        source = if of.is_empty() { source } else { of };
        inner = error;
    }
    let thrown = match inner {
        EvalAltResult::ErrorRuntime(thrown, _) => return as_error_map(thrown.clone()),
        EvalAltResult::ErrorTerminated(token, _) => token.clone().try_cast::<Failure>(),
        _ => None,
    };
    if let Some(failure) = thrown {
        return failure.to_map();
    }
    let (said, kind) = (inner.to_string(), format!("{inner:?}"));
    let kind = kind.split('(').next().unwrap_or_default().to_owned();
    let mut map = Map::from_iter([
        ("error".into(), kind.into()),
        ("message".into(), said.into()),
        ("source".into(), source.to_owned().into()),
    ]);
    if let (Some(line), Some(column)) = (inner.position().line(), inner.position().position()) {
        map.insert("line".into(), Dynamic::from(line as i64));
        map.insert("position".into(), Dynamic::from(column as i64));
    }
    as_error_map(map.into())
}

/// `Function not found: f ()` of `Function not found: f () @ 'main.rhai' (line 6, position 2)`.
fn without_places(said: &str) -> &str {
    let line = said.lines().next().unwrap_or_default();
    let line = line.split(" @ '").next().unwrap_or(line);
    line.rsplit_once(" (line ").map_or(line, |(before, _)| before)
}

pub(super) fn register(registry: &mut Registry) {
    registry.internal(CAUGHT, as_error_map);
    let plain = |ctx: NativeCallContext<'_>| -> Result<(), Box<EvalAltResult>> {
        Err(EvalAltResult::Exit(Dynamic::UNIT, ctx.call_position()).into())
    };
    registry.function(&EXIT, &["()"], plain);
    let coded = |ctx: NativeCallContext<'_>, code: i64| -> Result<(), Box<EvalAltResult>> {
        answer(&ctx, |run| {
            run.set_exit_code(code);
            Ok(())
        })?;
        Err(EvalAltResult::Exit(code.into(), ctx.call_position()).into())
    };
    registry.function(&EXIT, &["code: int", "()"], coded);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_thrown_is_caught_as_an_error_map() {
        let map = as_error_map("boom".into());
        assert_eq!(map["kind"].to_string(), "script");
        assert_eq!(map["message"].to_string(), "boom");
        assert_eq!(map["retryable"].as_bool(), Ok(false));
        assert_eq!(as_error_map(7.into())["value"].as_int(), Ok(7));
        let mine = Map::from_iter([("kind".into(), "mine".into()), ("x".into(), 1.into())]);
        let map = as_error_map(mine.into());
        assert_eq!((map["kind"].to_string(), map["hint"].to_string()), ("mine".to_owned(), String::new()));
        assert_eq!(map["x"].as_int(), Ok(1));
    }
}
