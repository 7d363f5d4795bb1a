//! `reel new`: a commented script to start from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use clap::Args;
use serde_json::json;

use crate::cli::exit::Usage;
use crate::cli::ui::Ui;
use crate::client::Profile;
use crate::host;
use crate::runtime::Exit;

/// Arguments of `reel new`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct NewArgs {
    /// Name of the script; `.rhai` is added where it is missing
    name: String,
    /// What to start from: `quick`, `photos`, `words`, `batch`, or `skill:NAME`
    #[arg(long, value_name = "KIND", default_value = "quick")]
    from: String,
}

const HELP: &str = "\
  quick       a clip of yours, or a few words, with a title and music
  photos      the photos beside the script, with music and a title
  words       a text, a sentence a scene
  batch       one paid turn, then a video for each row, for nothing
  skill:NAME  words or files, on behalf of a skill; `reel skills` lists them

Examples:
  reel new promo
  reel new shop --from photos
  reel new demo --from skill:ai-free-generator";

/// The scripts to start from, by name; `{{file}}` and `{{name}}` stand for those of the new one.
const KINDS: &[(&str, &str)] = &[
    ("quick", include_str!("quick.rhai")),
    ("photos", include_str!("photos.rhai")),
    ("words", include_str!("words.rhai")),
    ("batch", include_str!("batch.rhai")),
];

const SKILL: &str = include_str!("skill.rhai");

/// Writes the script and says how to run it.
pub(in crate::cli) fn new(args: &NewArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let stem = args.name.strip_suffix(".rhai").unwrap_or(&args.name);
    let file = format!("{stem}.rhai");
    let name = Path::new(stem).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let odd = |c: char| !c.is_alphanumeric() && !['-', '_', '.', ' '].contains(&c);
    if name.is_empty() || name.contains(odd) {
        return Err(Usage::new(
            format!("`{}` is no name for a script", args.name),
            "use letters, digits, - and _",
        )
        .into());
    }
    let text = of_kind(&args.from)?.replace("{{file}}", &file).replace("{{name}}", name);
    let written = OpenOptions::new().write(true).create_new(true).open(&file);
    written.and_then(|mut to| to.write_all(text.as_bytes())).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Usage::new(format!("`{file}` exists already"), "choose another name"),
        _ => Usage::new(format!("`{file}` cannot be written: {error}"), "check the folder"),
    })?;
    ui.notice(&format!("wrote {file}; run it with"));
    let shown = if file.contains(' ') { format!("'{file}'") } else { file.clone() };
    let line = format!("reel run {shown} --out out");
    ui.result(&line, json!({"file": file, "run": line}));
    Ok(Exit::Done)
}

fn of_kind(kind: &str) -> Result<String, Usage> {
    if let Some(skill) = kind.strip_prefix("skill:") {
        let profiles = Profile::all();
        if let Some(profile) = profiles.iter().find(|profile| profile.name == skill) {
            let requests: Vec<String> =
                profile.examples.iter().map(|example| format!("//!     {example}")).collect();
            return Ok(SKILL.replace("{{skill}}", skill).replace("{{requests}}", &requests.join("\n")));
        }
        let meant = host::nearest(skill, profiles.iter().map(|profile| profile.name.as_str()));
        let hint = meant.map_or_else(
            || "`reel skills` lists them".to_owned(),
            |meant| format!("did you mean `skill:{meant}`?"),
        );
        return Err(Usage::new(format!("there is no skill `{skill}`"), hint));
    }
    let known = KINDS.iter().find(|(name, _)| *name == kind);
    let names = "quick, photos, words, batch, skill:NAME";
    known.map(|(_, text)| (*text).to_owned()).ok_or_else(|| {
        Usage::new(
            format!("there is no script to start from called `{kind}`"),
            format!("choose one of {names}"),
        )
    })
}
