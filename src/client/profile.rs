//! Skills: on whose behalf calls are made. The five published ones, and `SKILL.md` files.

use std::path::{Component, Path};

/// The skill for developers who automate: the default.
pub const DEFAULT: &str = "video-generator-free-api";
/// The published documents state no version.
const VERSION: &str = "1.0.0";
/// A name, version or platform longer than this is no such thing.
const HEADER_CHARS_MAX: usize = 100;
/// The front matter of a skill file ends within this many lines.
const FRONT_MATTER_LINES_MAX: usize = 200;

/// A skill: its name for the attribution headers, its limits and its example requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name, such as `video-generator-free-api`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The most bytes of one file that its document promises; the backend decides.
    pub upload_bytes_max: u64,
    /// The formats that it calls smoothest, without the dot.
    pub preferred: &'static [&'static str],
    /// What it says of the user's language.
    pub habit: Habit,
    /// What it says a user can try, then the request of its quick workflow.
    pub examples: &'static [&'static str],
}

/// What a skill sends as the language when neither the user, nor the words, nor the locale
/// say one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Its first request says `en`.
    English,
    /// Its first request leaves the language out.
    Unstated,
}

/// A skill file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SkillFileError {
    /// The text does not begin with front matter.
    #[error(
        "the skill file has no front matter: it must begin with a line `---`, and a second one must end it"
    )]
    NoFrontMatter,
    /// The front matter lacks a key.
    #[error("the front matter of the skill file has no `{0}: ..` line")]
    NoKey(&'static str),
    /// A value is something else than one line of text.
    #[error("`{0}` in the front matter of the skill file must be one plain or quoted text")]
    Odd(&'static str),
}

struct Document {
    name: &'static str,
    megabytes: u64,
    preferred: &'static [&'static str],
    habit: Habit,
    examples: &'static [&'static str],
}

const DOCUMENTS: [Document; 5] = [
    Document {
        name: "ai-free-generator",
        megabytes: 500,
        preferred: &["mp4", "mov", "webm", "gif"],
        habit: Habit::English,
        examples: &[
            "generate a short text description of a product demo scene into a 1080p MP4",
            "generate a 30-second video from this script with background music",
            "generating videos from text prompts without paying for a subscription for content creators",
        ],
    },
    Document {
        name: "free-generator-to",
        megabytes: 500,
        preferred: &["mp4", "mov", "webm", "gif"],
        habit: Habit::English,
        examples: &[
            "generate a short text prompt describing a scene into a 1080p MP4",
            "generate a 30-second video from this script at no cost",
            "generating videos from text or prompts for free for content creators",
        ],
    },
    Document {
        name: "generator-online-free",
        megabytes: 500,
        preferred: &["mp4", "mov", "jpg", "png"],
        habit: Habit::English,
        examples: &[
            "generate my text or media",
            "export 1080p MP4",
            "generate a 60-second video from my",
            "generate a 60-second video from my product description",
        ],
    },
    Document {
        name: DEFAULT,
        megabytes: 200,
        preferred: &["mp4", "mov", "png", "jpg"],
        habit: Habit::Unstated,
        examples: &[
            "generate a short product description paragraph into a 1080p MP4",
            "generate a 30-second video from this text script with background visuals",
            "generating videos from text or images via API without cost for developers and indie makers",
        ],
    },
    Document {
        name: "video-maker-free-online-ai",
        megabytes: 500,
        preferred: &["mp4", "mov", "jpg", "png"],
        habit: Habit::English,
        examples: &[
            "create my images or clips",
            "export 1080p MP4",
            "turn these photos into a 30-second",
            "turn these photos into a 30-second promo video with music and text",
        ],
    },
];

impl Profile {
    /// Returns the published skills, by name.
    pub fn all() -> Vec<Self> {
        DOCUMENTS.iter().map(Self::from).collect()
    }

    /// Returns a published skill.
    pub fn named(name: &str) -> Option<Self> {
        DOCUMENTS.iter().find(|document| document.name == name).map(Self::from)
    }

    /// Returns the skill of a `SKILL.md` text: `name` and `version` of its front matter. What
    /// the front matter does not say is as in the published skill of that name, else as in
    /// the default one with the usual limit.
    ///
    /// Only those two keys are read, and only as texts on their own line at the left margin:
    /// that is all the protocol needs of the file's YAML.
    ///
    /// # Errors
    /// There is no front matter, or one of the two keys is missing or no text.
    pub fn from_skill_file(text: &str) -> Result<Self, SkillFileError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = text.lines();
        if lines.next().map(str::trim_end) != Some("---") {
            return Err(SkillFileError::NoFrontMatter);
        }
        let lines: Vec<_> = lines.take(FRONT_MATTER_LINES_MAX).collect();
        let end = lines.iter().position(|line| matches!(line.trim_end(), "---" | "..."));
        let front = &lines[..end.ok_or(SkillFileError::NoFrontMatter)?];
        let name = scalar(front, "name")?;
        let usual = || Self { upload_bytes_max: 500_000_000, ..Self::default() };
        let base = Self::named(&name).unwrap_or_else(usual);
        Ok(Self { version: scalar(front, "version")?, name, ..base })
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::named(DEFAULT).expect("the default skill stands in the table")
    }
}

impl From<&Document> for Profile {
    fn from(document: &Document) -> Self {
        Self {
            name: document.name.to_owned(),
            version: VERSION.to_owned(),
            upload_bytes_max: document.megabytes * 1_000_000,
            preferred: document.preferred,
            habit: document.habit,
            examples: document.examples,
        }
    }
}

/// The text of a key at the left margin: plain or quoted, a comment after it cut off.
fn scalar(lines: &[&str], key: &'static str) -> Result<String, SkillFileError> {
    let value = |line: &&str| {
        line.strip_prefix(key)?.trim_start().strip_prefix(':').map(str::trim).map(str::to_owned)
    };
    let value = lines.iter().find_map(value).ok_or(SkillFileError::NoKey(key))?;
    let odd = || SkillFileError::Odd(key);
    let text = match value.chars().next().ok_or_else(odd)? {
        quote @ ('"' | '\'') => {
            let (inner, rest) = value[1..].split_once(quote).ok_or_else(odd)?;
            let rest = rest.trim_start();
            if inner.contains('\\') || !(rest.is_empty() || rest.starts_with('#')) {
                return Err(odd());
            }
            inner
        }
        // Lists, maps, anchors, tags and blocks are not one text.
        '[' | '{' | '&' | '*' | '!' | '|' | '>' | '%' | '@' | '`' | '#' => return Err(odd()),
        _ => value.split(" #").next().unwrap_or_default().trim_end(),
    };
    Some(text.to_owned()).filter(|text| fits_header(text)).ok_or_else(odd)
}

/// Whether a text can stand in an attribution header.
pub(super) fn fits_header(text: &str) -> bool {
    (1..=HEADER_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Returns where the skill is installed: what `SKILL_SOURCE` says (`stated`), else by a
/// folder on the way to `installed_at`: `.clawhub`, or `.cursor/skills`; else `unknown`.
pub fn platform(stated: Option<&str>, installed_at: &Path) -> String {
    if let Some(stated) = stated.map(str::trim).filter(|stated| fits_header(stated)) {
        return stated.to_owned();
    }
    let name = |component| match component {
        Component::Normal(name) => name.to_str(),
        _ => None,
    };
    let folders: Vec<_> = installed_at.components().filter_map(name).collect();
    let known = if folders.contains(&".clawhub") {
        "clawhub"
    } else if folders.windows(2).any(|pair| pair == [".cursor", "skills"]) {
        "cursor"
    } else {
        "unknown"
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_skills_are_told_apart_by_name_and_limit() {
        let all = Profile::all();
        assert_eq!(all.len(), 5);
        let small: Vec<_> = all.iter().filter(|p| p.upload_bytes_max == 200_000_000).collect();
        assert_eq!(small, [&Profile::default()]);
        assert_eq!(Profile::default().name, DEFAULT);
        assert!(all.iter().all(|p| p.version == VERSION && fits_header(&p.name) && p.examples.len() >= 3));
        assert!(Profile::named("no-such-skill").is_none());
    }

    #[test]
    fn a_skill_file_gives_name_and_version() {
        let text = "---\nname: my-skill   # ours\ndescription: |\n  version: 9\nversion: \"2.1.0\"\nmetadata: {a: 1}\n---\n# Hi\nname: no\n";
        let skill = Profile::from_skill_file(text).unwrap();
        assert_eq!((skill.name.as_str(), skill.version.as_str()), ("my-skill", "2.1.0"));
        assert_eq!(skill.upload_bytes_max, 500_000_000);
        let known =
            Profile::from_skill_file("---\r\nname: 'video-generator-free-api'\r\nversion: 1.0\r\n---\r\n")
                .unwrap();
        assert_eq!((known.version.as_str(), known.upload_bytes_max), ("1.0", 200_000_000));
    }

    #[test]
    fn a_skill_file_that_cannot_be_read_says_why() {
        use SkillFileError::*;
        let cases = [
            ("# no front matter\n", NoFrontMatter),
            ("---\nname: a\nversion: 1\n", NoFrontMatter),
            ("---\nversion: 1\n---\n", NoKey("name")),
            ("---\nname: a\n  version: 1\n---\n", NoKey("version")),
            ("---\nname: >\n  long\nversion: 1\n---\n", Odd("name")),
            ("---\nname: \"a\nversion: 1\n---\n", Odd("name")),
            ("---\nname: a\nversion:\n---\n", Odd("version")),
            ("---\nname: naïve\nversion: 1\n---\n", Odd("name")),
        ];
        for (text, error) in cases {
            assert_eq!(Profile::from_skill_file(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn the_platform_is_stated_or_found_by_whole_folders() {
        let at = |path: &str| platform(None, Path::new(path));
        assert_eq!(at("/home/u/.clawhub/skills/x/reel"), "clawhub");
        assert_eq!(at("/home/u/.cursor/skills/x"), "cursor");
        assert_eq!(at("/home/u/.cursor/extensions/skills"), "unknown");
        assert_eq!(at("/home/u/my.clawhub.d/x"), "unknown");
        assert_eq!(platform(Some(" teamcity "), Path::new("/home/u/.clawhub")), "teamcity");
        assert_eq!(platform(Some("a\nb"), Path::new("/")), "unknown");
    }
}
