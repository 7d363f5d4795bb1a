//! Values of scripts as JSON and back: the one place that converts.

use rhai::{Array, Dynamic, Map};
use serde::Serialize;
use serde_json::{Number, Value};

use crate::client::Credits;
use crate::host::batch::BatchResult;
use crate::host::chat::Reply;
use crate::host::export::Video;
use crate::host::failure::Failure;
use crate::host::upload::Media;

/// Nesting that a value may have on its way out: deeper ones are a script's mistake, and the
/// conversion recurses.
const DEPTH_MAX: usize = 64;

/// Returns the JSON of a script's value. Our own records become objects.
///
/// # Errors
/// The value holds something that is no data (a function, a session, a timestamp), or nests
/// too deeply; the failure names the place.
pub fn from_script(value: &Dynamic) -> Result<Value, Failure> {
    convert(value, "the value", 0)
}

/// Returns the script's value of JSON. Integers that do not fit 64 bits become text, so that
/// no digit of an id is lost.
pub fn to_script(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(flag) => (*flag).into(),
        Value::String(text) => text.as_str().into(),
        Value::Number(number) => number_to_script(number),
        Value::Array(items) => items.iter().map(to_script).collect::<Array>().into(),
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.as_str().into(), to_script(value))).collect::<Map>().into()
        }
    }
}

fn number_to_script(number: &Number) -> Dynamic {
    let text = number.to_string();
    match number.as_i64() {
        Some(int) => int.into(),
        None if text.contains(['.', 'e', 'E']) => number.as_f64().unwrap_or(f64::INFINITY).into(),
        None => text.into(),
    }
}

fn convert(value: &Dynamic, place: &str, depth: usize) -> Result<Value, Failure> {
    if depth > DEPTH_MAX {
        return Err(Failure::input(format!("{place} nests deeper than {DEPTH_MAX} levels")));
    }
    if let Some(list) = value.read_lock::<Array>() {
        let item = |(at, item): (usize, &Dynamic)| convert(item, &format!("{place}[{at}]"), depth + 1);
        return list.iter().enumerate().map(item).collect();
    }
    if let Some(map) = value.read_lock::<Map>() {
        let entry = |(key, value): (&rhai::Identifier, &Dynamic)| {
            Ok((key.to_string(), convert(value, &format!("{place}.{key}"), depth + 1)?))
        };
        return map.iter().map(entry).collect();
    }
    if let Some(result) = value.read_lock::<BatchResult>() {
        return convert(&result.to_map().into(), place, depth);
    }
    let value = value.clone().flatten();
    if let Ok(int) = value.as_int() {
        Ok(int.into())
    } else if let Ok(float) = value.as_float() {
        // JSON has no NaN and no infinity.
        Ok(Number::from_f64(float).map_or(Value::Null, Value::Number))
    } else if let Ok(flag) = value.as_bool() {
        Ok(flag.into())
    } else if value.is_string() || value.is_char() {
        Ok(value.to_string().into())
    } else if value.is_unit() {
        Ok(Value::Null)
    } else {
        let no_data = || Failure::input(format!("{place} is a {}, which is no data", value.type_name()));
        record(&value).ok_or_else(no_data)
    }
}

/// The JSON of our own types that are plain records.
fn record(value: &Dynamic) -> Option<Value> {
    of::<Reply>(value)
        .or_else(|| of::<Video>(value))
        .or_else(|| of::<Media>(value))
        .or_else(|| of::<Credits>(value))
}

fn of<T: Serialize + Clone + Send + Sync + 'static>(value: &Dynamic) -> Option<Value> {
    serde_json::to_value(value.clone().try_cast::<T>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_survives_the_way_to_a_script_and_back() {
        let text = r#"{"a":[1,-2.5,"x",true,null,{"b":9007199254740993}],"c":1e3}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        let back = from_script(&to_script(&value)).unwrap();
        assert_eq!(back.to_string(), text.replace("1e3", "1000.0"));
    }

    #[test]
    fn no_digit_of_a_huge_integer_is_lost() {
        let value: Value = serde_json::from_str("[18446744073709551616, 9223372036854775808]").unwrap();
        let said = format!("{:?}", to_script(&value));
        assert_eq!(said, r#"["18446744073709551616", "9223372036854775808"]"#);
    }

    #[test]
    fn what_is_no_data_is_named_with_its_place() {
        let function = Dynamic::from(rhai::FnPtr::new("f").unwrap());
        let map = Map::from_iter([("list".into(), Array::from([1.into(), function]).into())]);
        let said = from_script(&map.into()).unwrap_err().message;
        assert_eq!(said, "the value.list[1] is a Fn, which is no data");
        assert_eq!(from_script(&Dynamic::from(f64::NAN)).unwrap(), Value::Null);
    }

    #[test]
    fn bottomless_values_are_refused() {
        let mut deep = Dynamic::UNIT;
        for _ in 0..200 {
            deep = Array::from([deep]).into();
        }
        assert!(from_script(&deep).unwrap_err().message.ends_with("nests deeper than 64 levels"));
    }
}
