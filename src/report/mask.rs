//! Keeps tokens out of reports: a report is sent to others, and a link that a script printed may
//! open its project to whoever has it.

/// Parts of names of values in an address that let their holder in.
const SECRET_NAMES: &[&str] = &["token", "secret", "sig", "key", "auth", "credential", "password"];
/// Such names that are too short to be looked for inside others: `ct` is a claim token.
const SECRET_NAMES_WHOLE: &[&str] = &["ct", "sid"];
/// How tokens of users and claims begin.
const SECRET_STARTS: &[&str] = &["nmv_usr_", "clm_"];
/// What stands in their place.
const REMOVED: &str = "(removed)";

/// Returns the text without the tokens in it, and no longer than `chars_max` characters.
pub(super) fn masked(text: &str, chars_max: usize) -> String {
    let cut = match text.char_indices().nth(chars_max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    without_starts(&without_values(&cut))
}

/// Removes the values of `?ct=…` and its like.
fn without_values(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['?', '&', '#']) {
        let (before, behind) = rest.split_at(at + 1);
        clean.push_str(before);
        rest = behind;
        let name = &behind[..behind.find(|c: char| !name_char(c)).unwrap_or(behind.len())];
        if !name.is_empty() && is_secret(name) && behind[name.len()..].starts_with('=') {
            let value = &behind[name.len() + 1..];
            let end = value.find(|c: char| !value_char(c)).unwrap_or(value.len());
            clean.push_str(&format!("{name}={REMOVED}"));
            rest = &value[end..];
        }
    }
    clean.push_str(rest);
    clean
}

fn without_starts(text: &str) -> String {
    let mut clean = text.to_owned();
    for start in SECRET_STARTS {
        while let Some(at) = clean.find(start) {
            let tail = &clean[at..];
            let end = tail.find(|c: char| !name_char(c)).unwrap_or(tail.len());
            clean.replace_range(at..at + end, REMOVED);
        }
    }
    clean
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES_WHOLE.contains(&name.as_str()) || SECRET_NAMES.iter().any(|part| name.contains(part))
}

fn name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.'
}

fn value_char(c: char) -> bool {
    name_char(c) || "%+/~=:,".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_do_not_get_into_a_report() {
        let clean = |text: &str| masked(text, 1000);
        let claim = "open http://127.0.0.1:1/workspace/claim?task=7&ct=clm_Ab-9%2F&x=1 now";
        assert_eq!(clean(claim), "open http://127.0.0.1:1/workspace/claim?task=7&ct=(removed)&x=1 now");
        assert_eq!(
            clean("\"https://a/b?X-Amz-Signature=ab/c==\""),
            "\"https://a/b?X-Amz-Signature=(removed)\""
        );
        assert_eq!(clean("nmv_usr_12-x, nmv_usr_3"), "(removed), (removed)");
        assert_eq!(clean("a clm_1 b"), "a (removed) b");
        let harmless = "watch?v=abc&act=1 & more? #tag ? what=ct? 100% sure; context=1&";
        assert_eq!(clean(harmless), harmless);
        assert_eq!(clean("?ct="), "?ct=(removed)");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(masked("晨光咖啡", 2), "晨光…");
        assert_eq!(masked("晨光", 2), "晨光");
    }
}
