//! The three headers that say which skill asks; without them an export is refused with 402.

/// The header that carries the skill's name.
pub const SOURCE: &str = "x-skill-source";
/// The header that carries the skill's version.
pub const VERSION: &str = "x-skill-version";
/// The header that carries where the skill is installed.
pub const PLATFORM: &str = "x-skill-platform";
/// The header of the token call that carries the client's id.
pub const CLIENT_ID: &str = "x-client-id";
/// The most characters of a client id.
pub const CLIENT_ID_CHARS_MAX: usize = 64;

/// Which skill asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// The skill's name, such as `video-generator-free-api`.
    pub source: String,
    /// Its version, such as `1.0.0`.
    pub version: String,
    /// Where it is installed: `clawhub`, `cursor`, .. or `unknown`.
    pub platform: String,
}

impl Attribution {
    /// Returns the headers, name and value.
    pub fn headers(&self) -> [(&'static str, &str); 3] {
        [(SOURCE, &self.source), (VERSION, &self.version), (PLATFORM, &self.platform)]
    }

    /// Reads the headers through `get`; none when one is missing or blank.
    pub fn read<'a>(get: impl Fn(&'static str) -> Option<&'a str>) -> Option<Self> {
        let value = |name| get(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned);
        Some(Self { source: value(SOURCE)?, version: value(VERSION)?, platform: value(PLATFORM)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_a_gap_is_none() {
        let skill = Attribution { source: "s".into(), version: "1".into(), platform: "unknown".into() };
        let headers = skill.headers();
        let get = |name| headers.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
        assert_eq!(Attribution::read(get), Some(skill.clone()));
        assert_eq!(Attribution::read(|name| get(name).filter(|_| name != PLATFORM)), None);
        assert_eq!(Attribution::read(|name| if name == VERSION { Some(" ") } else { get(name) }), None);
    }
}
