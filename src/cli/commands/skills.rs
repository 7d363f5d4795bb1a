//! `reel skills`: on whose behalf calls can be made.

use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::config::Config;
use crate::cli::ui::Ui;
use crate::client::{Profile, Size};
use crate::runtime::Exit;

/// Arguments of `reel skills`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct SkillsArgs {}

const HELP: &str = "\
A skill gives its name and version to every call, warns beyond its own size limit, and brings
requests to try; scripts/skills/ has a script for each.

Examples:
  reel skills
  reel run promo.rhai --skill ai-free-generator
  reel run promo.rhai --skill-file ~/.clawhub/skills/mine/SKILL.md";

/// Lists the published skills, and the one of the user's own if it is in use.
pub(in crate::cli) fn skills(_args: &SkillsArgs, config: &Arc<Config>, ui: &Ui) -> anyhow::Result<Exit> {
    let mut profiles = Profile::all();
    if !profiles.contains(&config.profile) {
        profiles.push(config.profile.clone());
    }
    let pages: Vec<String> = profiles.iter().map(|profile| page(profile, &config.profile)).collect();
    let records: Value = profiles.iter().map(|profile| record(profile, &config.profile)).collect();
    ui.result(&pages.join("\n\n"), records);
    Ok(Exit::Done)
}

fn page(profile: &Profile, current: &Profile) -> String {
    let mark = if profile == current { "  (in use)" } else { "" };
    let mut text = format!("{} {}{mark}", profile.name, profile.version);
    text.push_str(&format!("\n    files up to {}", Size(profile.upload_bytes_max)));
    text.push_str(&format!(", best as {}", profile.preferred.join(", ")));
    for example in profile.examples {
        text.push_str(&format!("\n    try: {example}"));
    }
    text
}

fn record(profile: &Profile, current: &Profile) -> Value {
    json!({
        "name": profile.name,
        "version": profile.version,
        "in_use": profile == current,
        "upload_bytes_max": profile.upload_bytes_max,
        "preferred": profile.preferred,
        "examples": profile.examples,
    })
}
