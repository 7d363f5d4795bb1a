//! The skill on whose behalf calls are made: a published one by name, or a document of the
//! user's own.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::cli::config::{Origin, Setting};
use crate::cli::exit::Usage;
use crate::client::Profile;
use crate::host;

/// A skill document is a page or two of Markdown.
const DOCUMENT_BYTES_MAX: u64 = 1 << 20;

/// Settles which skill it is; of a name and a document, the one that was said closer to this
/// command counts.
///
/// # Errors
/// An unknown name; a document that cannot be read or says no name and version.
pub(super) fn settle(
    name: Option<Setting<String>>,
    document: Option<&Setting<PathBuf>>,
) -> Result<Setting<Profile>, Usage> {
    let (value, from) = match (name, document) {
        (None, None) => (Profile::default(), Origin::Default),
        (Some(name), Some(document)) if name.from.rank() < document.from.rank() => (named(&name)?, name.from),
        (_, Some(document)) => (read(&document.value)?, document.from.clone()),
        (Some(name), None) => (named(&name)?, name.from),
    };
    Ok(Setting { value, from })
}

fn named(name: &Setting<String>) -> Result<Profile, Usage> {
    Profile::named(&name.value).ok_or_else(|| {
        let all = Profile::all();
        let meant = host::nearest(&name.value, all.iter().map(|profile| profile.name.as_str()));
        let meant = meant.map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
        Usage::new(
            format!("there is no skill `{}` ({})", name.value, name.from),
            format!("{meant}`reel skills` lists them; --skill-file takes a SKILL.md of your own"),
        )
    })
}

fn read(path: &Path) -> Result<Profile, Usage> {
    let unusable = |why: String| {
        let hint = "a skill document begins with `---`, lines `name: ..` and `version: ..`, and `---` again";
        Usage::new(format!("the skill document `{}` cannot be used: {why}", path.display()), hint)
    };
    let file = File::open(path).map_err(|error| unusable(error.to_string()))?;
    let mut text = String::new();
    file.take(DOCUMENT_BYTES_MAX).read_to_string(&mut text).map_err(|error| unusable(error.to_string()))?;
    Profile::from_skill_file(&text).map_err(|error| unusable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(value: &str, from: Origin) -> Option<Setting<String>> {
        Some(Setting { value: value.to_owned(), from })
    }

    #[test]
    fn a_document_counts_unless_a_name_was_said_closer() {
        let folder = tempfile::tempdir().unwrap();
        let value = folder.path().join("SKILL.md");
        std::fs::write(&value, "---\nname: mine\nversion: 2.0.0\n---\n").unwrap();
        let document = Setting { value, from: Origin::Env("REEL_SKILL_FILE") };
        let by_flag = settle(name("ai-free-generator", Origin::Flag("--skill")), Some(&document)).unwrap();
        assert_eq!(by_flag.value.name, "ai-free-generator");
        let by_env = settle(name("ai-free-generator", Origin::Env("REEL_SKILL")), Some(&document)).unwrap();
        assert_eq!((by_env.value.name.as_str(), by_env.value.version.as_str()), ("mine", "2.0.0"));
        assert_eq!(by_env.from, Origin::Env("REEL_SKILL_FILE"));
    }

    #[test]
    fn a_wrong_name_meets_its_neighbour_and_a_missing_file_is_named() {
        let error = settle(name("ai-free-generatr", Origin::Flag("--skill")), None).unwrap_err();
        assert_eq!(error.message, "there is no skill `ai-free-generatr` (--skill)");
        assert!(error.hint.starts_with("did you mean `ai-free-generator`?"), "{error:?}");
        let missing = Setting { value: PathBuf::from("/none/SKILL.md"), from: Origin::Default };
        assert!(settle(None, Some(&missing)).unwrap_err().message.contains("`/none/SKILL.md`"));
    }
}
