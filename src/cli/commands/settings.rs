//! `reel config`: every value that a command goes by, and who set it.

use clap::Args;
use serde_json::json;

use crate::cli::config::{Config, Origin, Setting};
use crate::cli::ui::{Column, Row, Ui};
use crate::client::Delays;
use crate::ffmpeg::Tool;
use crate::runtime::Exit;

/// Arguments of `reel config`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct ConfigArgs {}

const HELP: &str = "\
A flag counts before a variable of the environment, a variable before the file, the file before
the default. Secrets are only said to be there.

Examples:
  reel config
  reel config --backend nemo --json";

/// One value: what it is called, how it stands, and who set it.
struct Line {
    name: String,
    value: String,
    from: String,
}

/// Prints all values.
pub(in crate::cli) fn config(_args: &ConfigArgs, config: &Config, ui: &Ui) -> anyhow::Result<Exit> {
    let lines: Vec<Line> =
        [places(config), words(config), secrets(config), limits(config), programs(), waits(config)]
            .into_iter()
            .flatten()
            .collect();
    let columns = [Column::Left("setting"), Column::Left("from"), Column::Left("value")];
    let row = |line: &Line| Row::Cells(vec![line.name.clone(), line.from.clone(), line.value.clone()]);
    ui.table(&columns, &lines.iter().map(row).collect::<Vec<_>>());
    for Line { name, value, from } in &lines {
        ui.record("setting", &json!({"setting": name, "value": value, "from": from}));
    }
    Ok(Exit::Done)
}

fn places(config: &Config) -> Vec<Line> {
    let homes = &config.homes;
    let data =
        ["REEL_HOME", "XDG_DATA_HOME"].into_iter().find(|name| set(name)).map_or("default", |name| name);
    let xdg = if set("XDG_CONFIG_HOME") { "XDG_CONFIG_HOME" } else { "default" };
    let journal = if config.journal == homes.data.join("journal.db") { data } else { "--journal" };
    let there = if homes.config_file.exists() { "" } else { " (not there)" };
    vec![
        line("backend", config.backend.value.name(), &config.backend.from),
        setting("NemoVideo's API", &config.nemo_api),
        setting("NemoVideo's site", &config.nemo_web),
        line("out", config.out.value.display(), &config.out.from),
        line("journal", config.journal.display(), journal),
        line("data", homes.data.display(), data),
        line("config file", format!("{}{there}", homes.config_file.display()), xdg),
        line("identity", homes.nemovideo.display(), xdg),
    ]
}

fn words(config: &Config) -> Vec<Line> {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find(|name| set(name)).unwrap_or("default");
    let file = config.skill_file.as_ref().map(|file| format!(" ({})", file.display())).unwrap_or_default();
    let language = config.language.as_ref();
    let skill = format!("{} {}{file}", config.profile.name, config.profile.version);
    vec![
        line("skill", skill, &config.profile_from),
        language.map_or_else(|| line("language", "from the words", "default"), |it| setting("language", it)),
        line("locale", config.locale.as_deref().unwrap_or("none"), locale),
        optional("platform", config.skill_source.as_deref(), "SKILL_SOURCE"),
        optional("client id", config.client_id.as_deref(), "NEMO_CLIENT_ID"),
    ]
}

fn secrets(config: &Config) -> Vec<Line> {
    let there = |secret: bool| secret.then_some("set");
    vec![
        optional("token", there(config.token.is_some()), "NEMO_TOKEN"),
        optional("studio's token", there(config.studio_token.is_some()), "REEL_STUDIO_TOKEN"),
    ]
}

fn limits(config: &Config) -> Vec<Line> {
    let listed = |names: Vec<String>| Some(names.join(", ")).filter(|names| !names.is_empty());
    let paths =
        |paths: &[std::path::PathBuf]| listed(paths.iter().map(|path| path.display().to_string()).collect());
    let credits = config.credits_max.map(|credits| credits.to_string());
    vec![
        optional("credits at most", credits.as_deref(), "--max-credits"),
        optional("may be read", paths(&config.readable).as_deref(), "--allow-read"),
        optional("may be written", paths(&config.writable).as_deref(), "--allow-write"),
        optional("variables", listed(config.allowed_env.iter().cloned().collect()).as_deref(), "--allow-env"),
        optional("untrusted", config.untrusted.then_some("yes"), "--untrusted"),
    ]
}

fn programs() -> Vec<Line> {
    let program = |tool: Tool| {
        let from = if set(tool.variable()) { tool.variable() } else { "default" };
        line(tool.name(), tool.program().to_string_lossy(), from)
    };
    [Tool::Ffmpeg, Tool::Ffprobe, Tool::Espeak].map(program).into()
}

fn waits(config: &Config) -> Vec<Line> {
    let file = Origin::File(config.homes.config_file.clone());
    let all = config.delays.settled(&Delays::default()).into_iter();
    all.map(|(name, value, stated)| {
        line(&format!("delays.{name}"), value, if stated { &file } else { &Origin::Default })
    })
    .collect()
}

fn line(name: &str, value: impl ToString, from: impl ToString) -> Line {
    Line { name: name.to_owned(), value: value.to_string(), from: from.to_string() }
}

fn setting(name: &str, setting: &Setting<String>) -> Line {
    line(name, &setting.value, &setting.from)
}

/// A value that need not be there, and what sets it when it is.
fn optional(name: &str, value: Option<&str>, from: &str) -> Line {
    value.map_or_else(|| line(name, "none", "default"), |value| line(name, value, from))
}

/// Whether a variable of the environment counts: an empty one does not.
fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
