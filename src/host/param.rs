//! Inputs of a script: `param(..)`.

use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext};
use serde::Deserialize;
use serde_json::json;

use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry};
use crate::host::run::Run;
use crate::host::step::{self, Call};
use crate::host::{json, options};
use crate::journal::Class;

const PARAM: Doc = Doc {
    name: "param",
    calls: &["param(name)", "param(name, value)", "param(name, value, #{help, choices})"],
    about: "Returns an input of the script: what `-p name=..` gave, else `value`. Text from the command \
            line becomes the type of `value`; without one (or with `()`) the input is required and is text. \
            Stands at the top level with a literal name, value and options, so that tools can list \
            the inputs without running the script.\n\
            Throws `input` when a required one is missing, does not fit the type or is none of `choices`.",
    class: Some(Class::Value),
    example: "let seconds = param(\"seconds\", 5, #{ help: \"length of the clip\" });\n\
              print(seconds + 1);",
};

const KNOWN: &[&str] = &["help", "choices"];

/// What the options of `param` say.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// What the input is for.
    pub help: Option<String>,
    /// The only values that it may have; empty is any.
    pub choices: Vec<serde_json::Value>,
}

/// Reads the options of `param`.
///
/// # Errors
/// `Input` for an unknown key and a value of a wrong type.
pub fn read_options(options: &Map) -> Result<Options, Failure> {
    options::read("param", options, KNOWN)
}

/// Returns the value of an input: the given text as the type of `value`, else `value`.
///
/// # Errors
/// `Input` when it is required and missing, does not fit the type or is none of the choices.
pub(super) fn param(run: &Run, name: &str, value: &Dynamic, options: &Options) -> Result<Dynamic, Failure> {
    let given = run.params().get(name).map(String::as_str);
    let call = asked(name, value)?;
    let read = step::call(run, call, || json::from_script(&settle(name, given, value, options)?))?;
    Ok(json::to_script(&read))
}

#[inline(never)]
fn asked(name: &str, value: &Dynamic) -> Result<Call, Failure> {
    let args = json!({ "name": name, "value": json::from_script(value)? });
    Ok(Call { name: "param", class: Class::Value, args })
}

/// Decides the value of an input; used before a run too, so that a wrong `-p` costs nothing.
///
/// # Errors
/// As [`param`].
pub fn settle(
    name: &str,
    given: Option<&str>,
    value: &Dynamic,
    options: &Options,
) -> Result<Dynamic, Failure> {
    let about = options.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
    let settled = match given {
        Some(text) => convert(name, text, value)?,
        None if value.is_unit() => {
            let hint = format!("give it with `-p {name}=..`");
            return Err(Failure::input(format!("param `{name}`{about} is required")).hint(hint));
        }
        None => value.clone(),
    };
    let choice = json::from_script(&settled)?;
    if options.choices.is_empty() || options.choices.contains(&choice) {
        return Ok(settled);
    }
    let choices: Vec<String> = options.choices.iter().map(json_text).collect();
    Err(Failure::input(format!("param `{name}`{about} cannot be `{}`", json_text(&choice)))
        .hint(format!("choose one of {}", choices.join(", "))))
}

/// The text of the command line as the type of the default.
fn convert(name: &str, text: &str, value: &Dynamic) -> Result<Dynamic, Failure> {
    let unfit = |wanted: &str| Failure::input(format!("param `{name}` takes {wanted}, not `{text}`"));
    if value.is_int() {
        text.trim().parse::<i64>().map(Dynamic::from).map_err(|_| unfit("a whole number"))
    } else if value.is_float() {
        let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(Dynamic::from).ok_or_else(|| unfit("a number"))
    } else if value.is_bool() {
        match text.trim() {
            "true" | "yes" | "1" => Ok(true.into()),
            "false" | "no" | "0" => Ok(false.into()),
            _ => Err(unfit("`true` or `false`")),
        }
    } else if value.is_array() || value.is_map() {
        let wanted = if value.is_array() { "a JSON array" } else { "a JSON object" };
        let data: serde_json::Value = serde_json::from_str(text).map_err(|_| unfit(wanted))?;
        let fits = data.is_array() == value.is_array() && (data.is_array() || data.is_object());
        if fits { Ok(json::to_script(&data)) } else { Err(unfit(wanted)) }
    } else {
        Ok(text.to_owned().into())
    }
}

fn json_text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) fn register(registry: &mut Registry) {
    type Answer = Result<Dynamic, Box<EvalAltResult>>;
    let required = |ctx: NativeCallContext<'_>, name: &str| -> Answer {
        answer(&ctx, |run| param(run, name, &Dynamic::UNIT, &Options::default()))
    };
    registry.function(&PARAM, &["name: string", "?"], required);
    let simple = |ctx: NativeCallContext<'_>, name: &str, value: Dynamic| -> Answer {
        answer(&ctx, |run| param(run, name, &value, &Options::default()))
    };
    registry.function(&PARAM, &["name: string", "value: ?", "?"], simple);
    let full = |ctx: NativeCallContext<'_>, name: &str, value: Dynamic, options: Map| -> Answer {
        answer(&ctx, |run| param(run, name, &value, &read_options(&options)?))
    };
    registry.function(&PARAM, &["name: string", "value: ?", "options: map", "?"], full);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(given: Option<&str>, value: Dynamic) -> Result<String, String> {
        let options = Options { help: Some("how many".to_owned()), choices: Vec::new() };
        settle("n", given, &value, &options).map(|v| format!("{v:?}")).map_err(|f| f.message)
    }

    #[test]
    fn the_default_gives_the_type() {
        assert_eq!(settled(Some("7"), 1.into()).unwrap(), "7");
        assert_eq!(settled(Some("7"), Dynamic::from(1.5)).unwrap(), "7.0");
        assert_eq!(settled(Some("7"), "x".into()).unwrap(), "\"7\"");
        assert_eq!(settled(Some("no"), true.into()).unwrap(), "false");
        assert_eq!(settled(Some("[1]"), rhai::Array::new().into()).unwrap(), "[1]");
        assert_eq!(settled(None, 1.into()).unwrap(), "1");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(settled(Some("3.5"), 1.into()).unwrap_err(), "param `n` takes a whole number, not `3.5`");
        assert_eq!(
            settled(Some("nan"), Dynamic::from(1.5)).unwrap_err(),
            "param `n` takes a number, not `nan`"
        );
        let said = settled(Some("maybe"), true.into()).unwrap_err();
        assert_eq!(said, "param `n` takes `true` or `false`, not `maybe`");
        let said = settled(Some("{}"), rhai::Array::new().into()).unwrap_err();
        assert_eq!(said, "param `n` takes a JSON array, not `{}`");
        assert_eq!(settled(None, Dynamic::UNIT).unwrap_err(), "param `n` (how many) is required");
    }

    #[test]
    fn only_a_choice_can_be_chosen() {
        let options = Options { help: None, choices: vec![json!("fast"), json!("best")] };
        let chosen = |given| settle("mode", given, &"fast".into(), &options);
        assert!(chosen(None).is_ok() && chosen(Some("best")).is_ok());
        let failure = chosen(Some("worst")).unwrap_err();
        assert_eq!(failure.message, "param `mode` cannot be `worst`");
        assert_eq!(failure.hint, "choose one of fast, best");
    }
}
