//! Configuration, settled once: flags over environment over file over defaults, and every
//! value knows where it came from.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::cli::Global;
use crate::cli::delays::FileDelays;
use crate::cli::exit::Usage;
use crate::cli::kept::{GoingOn, GoingOnBatch};
use crate::cli::skill;
use crate::client::{CLOUD, CLOUD_WEB, Profile};
use crate::secret::Secret;

/// A configuration is a handful of lines; more is another file.
const CONFIG_BYTES_MAX: u64 = 64 * 1024;

/// What this process was told to do, as far as all commands share it.
#[derive(Debug)]
pub(super) struct Config {
    /// Where videos are made.
    pub(super) backend: Setting<Backend>,
    /// The folder that relative outputs land in.
    pub(super) out: Setting<PathBuf>,
    /// The skill on whose behalf calls are made.
    pub(super) profile: Profile,
    /// Who chose it.
    pub(super) profile_from: Origin,
    /// The skill document of the user's own, if it is one.
    pub(super) skill_file: Option<PathBuf>,
    /// The language of new sessions.
    pub(super) language: Option<Setting<String>>,
    /// The locale, such as `de_DE.UTF-8`, for when neither option nor message tells the language.
    pub(super) locale: Option<String>,
    /// Base of the API that `--backend nemo` speaks to.
    pub(super) nemo_api: Setting<String>,
    /// Base of links into a browser.
    pub(super) nemo_web: Setting<String>,
    /// `NEMO_TOKEN`.
    pub(super) token: Option<Secret>,
    /// `REEL_STUDIO_TOKEN`: the one token that a studio of ours takes.
    pub(super) studio_token: Option<Secret>,
    /// `NEMO_CLIENT_ID`.
    pub(super) client_id: Option<String>,
    /// `SKILL_SOURCE`: what the platform header says.
    pub(super) skill_source: Option<String>,
    /// The words of the command line after the program's name.
    pub(super) arguments: Vec<String>,
    /// The file of the journal.
    pub(super) journal: PathBuf,
    /// The most credits that a run may take.
    pub(super) credits_max: Option<f64>,
    /// The run that this command goes on with.
    pub(super) going_on: Option<GoingOn>,
    /// The batch that this command goes on with.
    pub(super) batch: Option<GoingOnBatch>,
    /// Folders and files that scripts may read, too.
    pub(super) readable: Vec<PathBuf>,
    /// Folders that scripts may write into, too.
    pub(super) writable: Vec<PathBuf>,
    /// Scripts may read nothing that is not named.
    pub(super) untrusted: bool,
    /// Names that scripts may read with `env(name)`.
    pub(super) allowed_env: BTreeSet<String>,
    /// Waits and deadlines that the file sets.
    pub(super) delays: FileDelays,
    /// Our own folders.
    pub(super) homes: Homes,
}

/// A value, and who set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting<T> {
    pub(super) value: T,
    pub(super) from: Origin,
}

/// Who set a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Flag(&'static str),
    Env(&'static str),
    File(PathBuf),
    /// The run that is gone on with.
    Run,
    Default,
}

/// Where videos are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Backend {
    /// A server inside this process that renders with ffmpeg.
    Studio,
    /// The NemoVideo cloud.
    Nemo,
    /// Whatever speaks the protocol at this URL (no slash at its end).
    Url(String),
}

/// Folders of ours and of NemoVideo's tools. They are not made before they are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Homes {
    /// The user's home folder, which `~` stands for.
    pub(super) home: Option<PathBuf>,
    /// Our data: `$REEL_HOME`, else `$XDG_DATA_HOME/reelscript`, else `~/.local/share/reelscript`.
    pub(super) data: PathBuf,
    /// Our `config.toml`.
    pub(super) config_file: PathBuf,
    /// The folder shared with NemoVideo's own tools (`client_id`).
    pub(super) nemovideo: PathBuf,
}

/// Reads one variable of the environment; an empty one counts as unset.
pub(super) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The sources of one value, nearest first.
struct Layers<'a> {
    env: Env<'a>,
    file: &'a Path,
}

impl Layers<'_> {
    fn pick<T: Clone + From<String>>(
        &self,
        flag: &Option<T>,
        name: &'static str,
        var: &'static str,
        in_file: Option<T>,
    ) -> Option<Setting<T>> {
        let flag = flag.clone().map(|value| Setting { value, from: Origin::Flag(name) });
        let from_env = || Some(Setting { value: T::from((self.env)(var)?), from: Origin::Env(var) });
        let from_file = || Some(Setting { value: in_file?, from: Origin::File(self.file.to_owned()) });
        flag.or_else(from_env).or_else(from_file)
    }
}

/// The keys of `config.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileConfig {
    backend: Option<String>,
    out: Option<PathBuf>,
    skill: Option<String>,
    skill_file: Option<PathBuf>,
    language: Option<String>,
    #[serde(default)]
    delays: FileDelays,
}

impl Config {
    /// Settles every value.
    ///
    /// # Errors
    ///
    /// A [`Usage`] error for a file that cannot be read, an unknown key or a malformed value.
    pub(super) fn load(flags: &Global, env: Env<'_>) -> Result<Self, Usage> {
        let homes = Homes::find(env)?;
        let file = read_file(&homes.config_file)?;
        let layers = Layers { env, file: &homes.config_file };
        let token = env("NEMO_TOKEN").map(Secret::new);
        let backend = layers.pick(&flags.backend, "--backend", "REEL_BACKEND", file.backend);
        let language = layers.pick(&flags.language, "--language", "REEL_LANGUAGE", file.language);
        let out = layers.pick(&flags.out, "--out", "REEL_OUT", file.out);
        let skill = layers.pick(&flags.skill, "--skill", "REEL_SKILL", file.skill);
        let document = layers.pick(&flags.skill_file, "--skill-file", "REEL_SKILL_FILE", file.skill_file);
        let profile = skill::settle(skill, document.as_ref())?;
        Ok(Self {
            backend: match backend {
                Some(named) => Setting { value: Backend::parse(&named)?, from: named.from },
                None if token.is_some() => Setting { value: Backend::Nemo, from: Origin::Env("NEMO_TOKEN") },
                None => Setting { value: Backend::Studio, from: Origin::Default },
            },
            out: out.unwrap_or(Setting { value: PathBuf::from("."), from: Origin::Default }),
            profile: profile.value,
            profile_from: profile.from,
            skill_file: document.map(|document| document.value),
            language: language.map(checked_language).transpose()?,
            locale: ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| env(name)),
            nemo_api: base_url(env, "NEMO_API_URL", CLOUD)?,
            nemo_web: base_url(env, "NEMO_WEB_URL", CLOUD_WEB)?,
            token,
            studio_token: env("REEL_STUDIO_TOKEN").map(Secret::new),
            client_id: env("NEMO_CLIENT_ID"),
            skill_source: env("SKILL_SOURCE"),
            arguments: Vec::new(),
            journal: match &flags.journal {
                // It stays the same file when a run goes on in another folder.
                Some(file) => absolute_path(file),
                None => homes.data.join("journal.db"),
            },
            credits_max: flags.max_credits,
            going_on: None,
            batch: None,
            readable: flags.allow_read.clone(),
            writable: flags.allow_write.iter().map(|folder| absolute_path(folder)).collect(),
            untrusted: flags.untrusted,
            allowed_env: flags.allow_env.iter().filter(|_| !flags.untrusted).cloned().collect(),
            delays: file.delays,
            homes,
        })
    }

    /// Returns the backend and why it is that one, as a sentence for the first line.
    pub(super) fn backend_line(&self) -> String {
        let why = match &self.backend.from {
            Origin::Default if self.nemo_api.from != Origin::Default => {
                "NEMO_API_URL counts with NEMO_TOKEN or --backend nemo".to_owned()
            }
            Origin::Default => "NEMO_TOKEN is not set".to_owned(),
            from => from.to_string(),
        };
        match &self.backend.value {
            Backend::Studio => format!("backend: the studio inside this program ({why})"),
            Backend::Nemo => format!("backend: NemoVideo at {} ({why})", self.nemo_api.value),
            Backend::Url(url) => format!("backend: {url} ({why})"),
        }
    }
}

impl Backend {
    fn parse(named: &Setting<String>) -> Result<Self, Usage> {
        match named.value.as_str() {
            "studio" => Ok(Self::Studio),
            "nemo" => Ok(Self::Nemo),
            url if is_base_url(url) => Ok(Self::Url(url.trim_end_matches('/').to_owned())),
            other => Err(Usage::new(
                format!("unknown backend `{other}` ({})", named.from),
                "name `studio`, `nemo`, or a URL such as http://127.0.0.1:8787",
            )),
        }
    }

    /// Returns the address of a backend that is not the studio inside this program.
    pub(super) fn address<'a>(&'a self, nemo: &'a str) -> Option<&'a str> {
        match self {
            Self::Studio => None,
            Self::Nemo => Some(nemo),
            Self::Url(url) => Some(url),
        }
    }

    /// Returns the word that records and scripts know this backend by: never a port of ours.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Studio => "studio",
            Self::Nemo => "nemo",
            Self::Url(url) => url,
        }
    }
}

impl Homes {
    fn find(env: Env<'_>) -> Result<Self, Usage> {
        // The XDG standard says that relative paths are to be ignored.
        let absolute = |name| env(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME");
        let below_home = |tail: &str| {
            home.as_ref().map(|home| home.join(tail)).ok_or_else(|| {
                Usage::new(
                    "no home folder: HOME is not set to an absolute path",
                    "set HOME, or both REEL_HOME and XDG_CONFIG_HOME",
                )
            })
        };
        let data = match (env("REEL_HOME"), absolute("XDG_DATA_HOME")) {
            (Some(ours), _) => PathBuf::from(ours),
            (None, Some(xdg)) => xdg.join("reelscript"),
            (None, None) => below_home(".local/share/reelscript")?,
        };
        let config = match absolute("XDG_CONFIG_HOME") {
            Some(xdg) => xdg,
            None => below_home(".config")?,
        };
        Ok(Self {
            home,
            data,
            config_file: config.join("reelscript/config.toml"),
            nemovideo: config.join("nemovideo"),
        })
    }

    /// Returns the folder of who we are to the studio inside this program.
    pub(super) fn identity(&self) -> PathBuf {
        self.data.join("identity")
    }

    /// Returns the file in which the scripts of a folder keep small values.
    pub(super) fn store(&self, scripts: &Path) -> PathBuf {
        let real = std::fs::canonicalize(scripts).unwrap_or_else(|_| absolute_path(scripts));
        let digest = Sha256::digest(real.as_os_str().as_encoded_bytes());
        let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        self.data.join("store").join(name).with_extension("json")
    }

    /// Returns the folder of the studio inside this program.
    pub(super) fn studio(&self) -> PathBuf {
        self.data.join("studio")
    }
}

impl Origin {
    /// How far from the command it was said; 0 is on its own line.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Flag(_) | Self::Run => 0,
            Self::Env(_) => 1,
            Self::File(_) => 2,
            Self::Default => 3,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Env(name) => f.write_str(name),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Run => f.write_str("as the run began"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A path that means the same in every folder.
pub(super) fn absolute_path(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn read_file(path: &Path) -> Result<FileConfig, Usage> {
    let unreadable = |error: io::Error| {
        Usage::new(format!("cannot read `{}`: {error}", path.display()), "mend the file or remove it")
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(FileConfig::default()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut text = String::new();
    file.take(CONFIG_BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > CONFIG_BYTES_MAX {
        return Err(unreadable(io::Error::other(format!("it is over {CONFIG_BYTES_MAX} bytes long"))));
    }
    toml::from_str(&text).map_err(|error| {
        Usage::new(
            format!("`{}` is not as it should be: {}", path.display(), error.to_string().trim_end()),
            "the keys are backend, out, skill, skill_file, language, each a text in quotes, and the table \
             [delays], each a number of seconds",
        )
    })
}

fn base_url(env: Env<'_>, name: &'static str, default: &str) -> Result<Setting<String>, Usage> {
    match env(name) {
        None => Ok(Setting { value: default.to_owned(), from: Origin::Default }),
        Some(url) if is_base_url(&url) => {
            Ok(Setting { value: url.trim_end_matches('/').to_owned(), from: Origin::Env(name) })
        }
        Some(url) => Err(Usage::new(
            format!("{name} is `{url}`, which is no URL"),
            "start it with https:// or, for a server on this machine, with http://",
        )),
    }
}

fn is_base_url(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '?' | '#');
        !host.is_empty() && !host.starts_with(['/', ':']) && !host.contains(odd)
    })
}

fn checked_language(language: Setting<String>) -> Result<Setting<String>, Usage> {
    let tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if (2..=35).contains(&language.value.len()) && language.value.chars().all(tag) {
        return Ok(language);
    }
    Err(Usage::new(
        format!("`{}` is no language ({})", language.value, language.from),
        "write a language code such as en, zh-CN or ja",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(flags: &Global, vars: &[(&str, &str)]) -> Result<Config, Usage> {
        let env = |name: &str| {
            let found = vars.iter().find(|(var, _)| *var == name);
            found.map(|(_, value)| (*value).to_owned()).filter(|value| !value.is_empty())
        };
        Config::load(flags, &env)
    }

    fn backend(flag: Option<&str>, vars: &[(&str, &str)]) -> (Backend, String) {
        let flags = Global { backend: flag.map(str::to_owned), ..Global::default() };
        let mut vars = vars.to_vec();
        vars.push(("HOME", "/nonexistent/home"));
        let setting = load(&flags, &vars).unwrap().backend;
        (setting.value, setting.from.to_string())
    }

    #[test]
    fn a_backend_is_the_flag_else_the_environment_else_the_token_else_the_studio() {
        assert_eq!(backend(None, &[]), (Backend::Studio, "default".into()));
        assert_eq!(backend(None, &[("NEMO_TOKEN", "t")]), (Backend::Nemo, "NEMO_TOKEN".into()));
        let both = [("NEMO_TOKEN", "t"), ("REEL_BACKEND", "studio")];
        assert_eq!(backend(None, &both), (Backend::Studio, "REEL_BACKEND".into()));
        let url = Backend::Url("http://127.0.0.1:8787".into());
        assert_eq!(backend(Some("http://127.0.0.1:8787/"), &both), (url, "--backend".into()));
        assert_eq!(backend(None, &[("NEMO_TOKEN", "")]), (Backend::Studio, "default".into()));
    }

    #[test]
    fn the_file_stands_behind_flags_and_environment() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(".config/reelscript/config.toml");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "backend = \"nemo\"\nlanguage = \"ja\"\n").unwrap();
        let vars = [("HOME", home.path().to_str().unwrap()), ("REEL_LANGUAGE", "en")];
        let config = load(&Global::default(), &vars).unwrap();
        assert_eq!(config.backend, Setting { value: Backend::Nemo, from: Origin::File(file.clone()) });
        assert_eq!(config.language.unwrap().value, "en");

        std::fs::write(&file, "[delays]\ncall = 5\n").unwrap();
        let delays = load(&Global::default(), &vars).unwrap().client("http://127.0.0.1".into()).delays;
        assert_eq!(delays.call.as_secs(), 5);

        std::fs::write(&file, "bakend = \"nemo\"\n").unwrap();
        let error = load(&Global::default(), &vars).unwrap_err().to_string();
        assert!(error.contains("config.toml") && error.contains("unknown field `bakend`"), "{error}");
    }

    #[test]
    fn what_is_no_url_is_refused_with_its_origin() {
        for bad in ["cloud", "http://", "https:///x", "ftp://host", "http://a b", "http://user@host"] {
            let flags = Global { backend: Some(bad.to_owned()), ..Global::default() };
            let error = load(&flags, &[("HOME", "/h")]).unwrap_err().to_string();
            assert!(error.contains(bad) && error.contains("--backend"), "{error}");
        }
        let error = load(&Global::default(), &[("HOME", "/h"), ("NEMO_API_URL", "prod")]).unwrap_err();
        assert_eq!(error.to_string(), "NEMO_API_URL is `prod`, which is no URL");
    }

    #[test]
    fn homes_follow_reel_home_then_xdg_then_home() {
        let homes = |vars: &[(&str, &str)]| load(&Global::default(), vars).unwrap().homes;
        let plain = homes(&[("HOME", "/h")]);
        assert_eq!(plain.data, Path::new("/h/.local/share/reelscript"));
        assert_eq!(plain.config_file, Path::new("/h/.config/reelscript/config.toml"));
        assert_eq!(plain.nemovideo, Path::new("/h/.config/nemovideo"));
        let xdg = homes(&[("HOME", "/h"), ("XDG_DATA_HOME", "/d"), ("XDG_CONFIG_HOME", "relative")]);
        assert_eq!(xdg.data, Path::new("/d/reelscript"));
        assert_eq!(xdg.nemovideo, Path::new("/h/.config/nemovideo"));
        assert_eq!(homes(&[("HOME", "/h"), ("REEL_HOME", "/r")]).data, Path::new("/r"));
        assert!(load(&Global::default(), &[]).is_err());
    }
}
