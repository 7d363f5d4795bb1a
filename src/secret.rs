//! A token that cannot be printed by accident.

use std::fmt;

/// A secret text. `Debug` and `Display` say `(redacted)`; [`Secret::expose`] is the only
/// way to the text, so that every use can be found.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text itself, for a header or a file of mode 0600.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(redacted)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(redacted)")
    }
}

/// Returns an address without the password that it may have, in its authority or its query.
/// Text that is no address comes back as it is.
pub fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) => format!("{}@{host}", user.split_once(':').map_or(user, |(name, _)| name)),
        None => authority.to_owned(),
    };
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let kept: Vec<&str> = query.split('&').filter(|part| !part.starts_with("password=")).collect();
    let query = kept.join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{authority}{path}{mark}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_loses_its_password_and_nothing_else() {
        for (given, kept) in [
            (
                "postgres://ada:s3:c@db.example:5432/reel?sslmode=require",
                "postgres://ada@db.example:5432/reel?sslmode=require",
            ),
            ("--queue=postgres://ada:p@h/r?a=1&password=x&b=2", "--queue=postgres://ada@h/r?a=1&b=2"),
            ("postgres://h/r?password=x", "postgres://h/r"),
            ("https://example.com/a:b@c?d=e", "https://example.com/a:b@c?d=e"),
            ("title=Tea at 5: a @ b", "title=Tea at 5: a @ b"),
        ] {
            assert_eq!(without_password(given), kept);
        }
    }

    #[test]
    fn a_secret_never_prints() {
        let token = Secret::new("nmv_usr_abc");
        assert_eq!(format!("{token} {token:?}"), "(redacted) (redacted)");
        assert_eq!(token.expose(), "nmv_usr_abc");
    }
}
