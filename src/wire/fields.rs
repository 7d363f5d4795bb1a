//! A JSON object as a bag of raw fields: the one tolerant reader under every body.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// The fields of one JSON object, each still the text that came. Nesting below the first
/// level is not looked at, so that depth cannot break a reader and a draft keeps its bytes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Fields(HashMap<String, Box<RawValue>>);

/// A field that a body cannot do without.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body has no usable `{0}`")]
pub struct Missing(pub &'static str);

impl Fields {
    /// Reads an object; anything else has no fields.
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Returns the first of `names` that is there and not null, as the text that came.
    pub fn raw(&self, names: &[&str]) -> Option<&RawValue> {
        names.iter().filter_map(|name| self.0.get(*name)).map(AsRef::as_ref).find(|raw| raw.get() != "null")
    }

    /// Returns a field of type `T`, when it is one.
    pub fn get<T: DeserializeOwned>(&self, names: &[&str]) -> Option<T> {
        serde_json::from_str(self.raw(names)?.get()).ok()
    }

    /// Returns a text; a number is its digits, so that ids beyond 2^53 survive.
    pub fn text(&self, names: &[&str]) -> Option<String> {
        text_of(self.raw(names)?.get())
    }

    /// Returns a number, also one that was written as a text. Never NaN or infinite.
    pub fn number(&self, names: &[&str]) -> Option<f64> {
        self.text(names)?.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// Returns a whole number, also one that was written `5.0` or `"5"`.
    pub fn integer(&self, names: &[&str]) -> Option<i64> {
        let text = self.text(names)?;
        let whole = |number: &f64| number.fract() == 0.0 && number.abs() < 9e15;
        text.trim().parse().ok().or_else(|| self.number(names).filter(whole).map(|number| number as i64))
    }

    /// Returns a count: a whole number that is not negative.
    pub fn count(&self, names: &[&str]) -> Option<u64> {
        u64::try_from(self.integer(names)?).ok()
    }

    /// Returns an object inside this one.
    pub fn object(&self, names: &[&str]) -> Option<Self> {
        Self::parse(self.raw(names)?.get())
    }

    /// Returns the items of a list; no list has none.
    pub fn list(&self, names: &[&str]) -> Vec<Box<RawValue>> {
        self.get(names).unwrap_or_default()
    }

    /// Returns whether a field stands there, null or not.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns the names of the fields, in order.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.0.keys().cloned().collect();
        names.sort();
        names
    }
}

/// The text of a JSON string, or the digits of a JSON number.
pub(crate) fn text_of(json: &str) -> Option<String> {
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str(json).ok(),
        b'-' | b'0'..=b'9' => Some(json.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_any_dress() {
        let fields = Fields::parse(
            r#"{"id":5529798706024415232123,"n":"7","f":5.0,"x":null,"y":"why","o":{"a":1},"l":[1,"b"],"b":true}"#,
        )
        .unwrap();
        assert_eq!(fields.text(&["id"]).as_deref(), Some("5529798706024415232123"));
        assert_eq!((fields.integer(&["n"]), fields.count(&["f"])), (Some(7), Some(5)));
        assert_eq!(fields.text(&["x", "y"]).as_deref(), Some("why"));
        assert_eq!(fields.object(&["o"]).unwrap().integer(&["a"]), Some(1));
        assert_eq!(fields.list(&["l"]).len(), 2);
        assert_eq!(fields.get::<bool>(&["b"]), Some(true));
        assert!(fields.has("x") && fields.raw(&["x"]).is_none());
    }

    #[test]
    fn a_wrong_type_is_an_absent_field() {
        let fields = Fields::parse(r#"{"s":[1],"n":"seven","l":{"a":1},"neg":-1}"#).unwrap();
        assert!(fields.text(&["s"]).is_none() && fields.integer(&["n"]).is_none());
        assert!(fields.list(&["l"]).is_empty() && fields.count(&["neg"]).is_none());
        assert!(Fields::parse("[1]").is_none() && Fields::parse("{").is_none());
    }

    #[test]
    fn depth_below_the_first_level_does_not_matter() {
        let deep = format!(r#"{{"a":{}{},"b":"ok"}}"#, "[".repeat(500), "]".repeat(500));
        assert_eq!(Fields::parse(&deep).unwrap().text(&["b"]).as_deref(), Some("ok"));
    }
}
