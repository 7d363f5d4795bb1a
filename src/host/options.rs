//! The object map of options at the end of a call, as a type of ours.

use rhai::Map;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::host::failure::Failure;
use crate::host::{json, suggest};

/// Reads the options of `call` into `T`, whose fields are `known` and all have defaults.
///
/// # Errors
/// `Input` for a key that is not known, with the nearest known one, and for a value of a
/// wrong type or that is no data.
pub(super) fn read<T: DeserializeOwned>(call: &str, options: &Map, known: &[&str]) -> Result<T, Failure> {
    check(call, options, known)?;
    let mut data = serde_json::Map::new();
    for (key, value) in options {
        let value = json::from_script(value).map_err(|f| wrong(call, key, &f.message))?;
        // Alone, so that an error is known to be about this key.
        let alone = Value::Object([(key.to_string(), value.clone())].into_iter().collect());
        serde_json::from_value::<T>(alone).map_err(|error| wrong(call, key, &error.to_string()))?;
        data.insert(key.to_string(), value);
    }
    serde_json::from_value(data.into()).map_err(|error| wrong(call, "?", &error.to_string()))
}

/// Checks that `call` knows every key.
///
/// # Errors
/// `Input` for the first key that is not `known`, with the nearest known one.
pub(super) fn check(call: &str, options: &Map, known: &[&str]) -> Result<(), Failure> {
    let strange = options.keys().find(|key| !known.contains(&key.as_str()));
    strange.map_or(Ok(()), |key| Err(unknown(call, key, known)))
}

fn unknown(call: &str, key: &str, known: &[&str]) -> Failure {
    let meant = suggest::nearest(key, known.iter().copied());
    let meant = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    Failure::input(format!("unknown option `{key}`{meant}"))
        .hint(format!("known options of `{call}`: {}", known.join(", ")))
        .of_call(call)
}

fn wrong(call: &str, key: &str, why: &str) -> Failure {
    Failure::input(format!("option `{key}` cannot be used: {why}")).of_call(call)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhai::Dynamic;

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Render {
        quality: Option<String>,
        seconds: Option<f64>,
    }

    fn render(options: &[(&str, Dynamic)]) -> Result<Render, Failure> {
        let map = options.iter().map(|(key, value)| ((*key).into(), value.clone())).collect();
        read("export", &map, &["quality", "seconds"])
    }

    #[test]
    fn whole_numbers_serve_as_seconds_and_unit_as_nothing() {
        let read = render(&[("seconds", 5.into()), ("quality", Dynamic::UNIT)]).unwrap();
        assert_eq!(read, Render { quality: None, seconds: Some(5.0) });
    }

    #[test]
    fn an_unknown_key_names_the_known_ones() {
        let failure = render(&[("qualty", "high".into())]).unwrap_err();
        assert_eq!(failure.message, "unknown option `qualty`; did you mean `quality`?");
        assert_eq!(failure.hint, "known options of `export`: quality, seconds");
        assert_eq!(failure.call, "export");
    }

    #[test]
    fn a_wrong_value_names_its_key() {
        let failure = render(&[("quality", "high".into()), ("seconds", "five".into())]).unwrap_err();
        let said = "option `seconds` cannot be used: invalid type: string \"five\", expected f64";
        assert_eq!(failure.message, said);
        let function = Dynamic::from(rhai::FnPtr::new("f").unwrap());
        let failure = render(&[("seconds", function)]).unwrap_err();
        assert_eq!(failure.message, "option `seconds` cannot be used: the value is a Fn, which is no data");
    }
}
