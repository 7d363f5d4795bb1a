//! `reel doctor`: is everything there that making a video takes, and how to mend what is not.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use clap::Args;
use tokio_util::sync::CancellationToken;

use crate::cli::config::{Backend, Config};
use crate::cli::exit::Exit;
use crate::cli::ui::{Health, Ui};
use crate::client::{self, Client, ClientError};
use crate::ffmpeg::{FfmpegError, Tool, run, speech};
use crate::journal::{JournalError, Sqlite};
use crate::studio;
use crate::studio::render::{SystemFont, system_fonts};

/// Arguments of `reel doctor`.
#[derive(Args, Debug)]
#[command(after_help = "Ends with 0 when nothing fails, else with 1. Warnings do not count.")]
pub(in crate::cli) struct DoctorArgs {}

/// One thing looked at.
struct Finding {
    subject: &'static str,
    health: Health,
    found: String,
    mend: String,
}

/// What the renderer encodes with, and what for.
const ENCODERS: &[(&str, &str)] = &[
    ("libx264", "mp4, mov and mkv"),
    ("aac", "their sound"),
    ("libvpx-vp9", "webm"),
    ("libopus", "its sound"),
];

/// Listing encoders takes well under a second; a wrapper script may take a few.
const TOOL_TIME_MAX: Duration = Duration::from_secs(20);
/// ffmpeg lists some 250 encoders in 20 kB.
const TOOL_BYTES_MAX: usize = 1 << 20;

/// Looks at everything, prints a line for each, and fails when one of them does.
pub(in crate::cli) fn doctor(_args: &DoctorArgs, config: &Config, ui: &Ui) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut findings = runtime.block_on(tools());
    findings.push(fonts());
    findings.push(runtime.block_on(voice()));
    findings.extend(folders(config));
    findings.push(journal(config));
    findings.push(token(config));
    findings.push(runtime.block_on(backend(config)));
    for finding in &findings {
        ui.health(finding.health, finding.subject, &finding.found, &finding.mend);
    }
    let failed = findings.iter().any(|finding| finding.health == Health::Fail);
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

async fn tools() -> Vec<Finding> {
    vec![version(Tool::Ffmpeg).await, version(Tool::Ffprobe).await, encoders().await]
}

async fn version(tool: Tool) -> Finding {
    let subject = tool.name();
    match ask(tool, "-version").await {
        Ok(text) => {
            // "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) …"
            let version = text.lines().next().and_then(|line| line.split(" Copyright").next());
            ok(subject, version.unwrap_or("it does not say its version").to_owned())
        }
        Err(error) => fail(subject, error.to_string(), error.hint().unwrap_or_default()),
    }
}

async fn encoders() -> Finding {
    let text = match ask(Tool::Ffmpeg, "-encoders").await {
        Ok(text) => text,
        Err(error) => return fail("encoders", error.to_string(), error.hint().unwrap_or_default()),
    };
    let known: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    let (there, missing): (Vec<_>, Vec<_>) = ENCODERS.iter().partition(|(name, _)| known.contains(name));
    if missing.is_empty() {
        return ok("encoders", there.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "));
    }
    let missing: Vec<String> =
        missing.iter().map(|(name, purpose)| format!("{name} (for {purpose})")).collect();
    let mend = "install a full build of ffmpeg (Debian and Ubuntu: `apt-get install ffmpeg`)";
    fail("encoders", format!("this ffmpeg has no {}", missing.join(", ")), mend)
}

async fn ask(tool: Tool, question: &str) -> Result<String, FfmpegError> {
    let task = run::Task::new(format!("asking for `{question}`"), [question], TOOL_TIME_MAX);
    let answer = run::capture(tool, &task, TOOL_BYTES_MAX, &CancellationToken::new()).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn fonts() -> Finding {
    let (there, missing): (Vec<_>, Vec<_>) = system_fonts().into_iter().partition(|font| font.found);
    let list = |fonts: &[SystemFont]| fonts.iter().map(|font| font.writes).collect::<Vec<_>>().join(", ");
    if missing.is_empty() {
        return ok("fonts", format!("Latin, Greek, Cyrillic, {}", list(&there)));
    }
    Finding {
        subject: "fonts",
        health: Health::Warn,
        found: format!("none of ours for {}: others stand in, or boxes do", list(&missing)),
        mend: "install Noto (Debian and Ubuntu: `apt-get install fonts-noto-cjk fonts-noto-color-emoji`)"
            .into(),
    }
}

/// Voice-overs are the one thing that espeak-ng is for: without it all else works.
async fn voice() -> Finding {
    match speech::version().await {
        Ok(version) => ok("voice", format!("{version}, a robotic voice for voice-overs")),
        Err(error) => Finding {
            subject: "voice",
            health: Health::Warn,
            found: format!("{error}; it is optional: only voice-overs need it"),
            mend: error.hint().unwrap_or_default(),
        },
    }
}

fn folders(config: &Config) -> Vec<Finding> {
    let data = folder("data", &config.homes.data, "set REEL_HOME to a folder that you can write to");
    let out = folder("out", &config.out.value, "name another folder with --out");
    let mut findings = vec![data, out];
    if config.backend.value == Backend::Nemo {
        let mend = "set XDG_CONFIG_HOME to a folder that you can write to";
        findings.push(folder("identity", &config.homes.nemovideo, mend));
    }
    findings
}

fn folder(subject: &'static str, path: &Path, mend: &str) -> Finding {
    match writable(path) {
        Ok(()) => ok(subject, format!("`{}` can be written to", path.display())),
        Err(error) => fail(subject, format!("`{}` cannot be written to: {error}", path.display()), mend),
    }
}

/// Writes a file into the folder, or into the nearest one above it that exists, and removes it:
/// permissions alone do not tell of full disks and read-only mounts.
fn writable(folder: &Path) -> io::Result<()> {
    let mut nearest = std::path::absolute(folder)?;
    while !nearest.exists() && nearest.pop() {}
    let probe = nearest.join(format!(".reel-doctor-{}", std::process::id()));
    fs::write(&probe, b"may be removed\n")?;
    fs::remove_file(&probe)
}

/// Whether the journal can be opened and holds all that was written to it.
fn journal(config: &Config) -> Finding {
    let path = config.journal.display();
    if !config.journal.exists() {
        return ok("journal", format!("`{path}` is made with the first run"));
    }
    match Sqlite::open(&config.journal).and_then(|journal| journal.missing()) {
        Ok(missing) if missing.is_empty() => ok("journal", format!("`{path}` is whole")),
        Ok(missing) => {
            let error = JournalError::Damaged(format!("{} runs are missing from it", missing.len()));
            fail("journal", error.to_string(), error.hint())
        }
        Err(error) => fail("journal", error.to_string(), error.hint()),
    }
}

fn token(config: &Config) -> Finding {
    match (&config.backend.value, &config.token) {
        (Backend::Studio, _) => ok("token", "the studio inside this program needs none".into()),
        (_, Some(_)) => ok("token", "NEMO_TOKEN is set".into()),
        (_, None) => Finding {
            subject: "token",
            health: Health::Warn,
            found: "NEMO_TOKEN is not set: an anonymous token is asked for, good for 7 days".into(),
            mend: "set NEMO_TOKEN to use your own account".into(),
        },
    }
}

/// Starts the studio and ends it, or sees whether the backend answers.
async fn backend(config: &Config) -> Finding {
    let Some(address) = config.backend.value.address(&config.nemo_api.value) else {
        return match studio::start(config.studio()).await {
            Ok(studio) => {
                studio.stop().await;
                ok("backend", "the studio inside this program starts".into())
            }
            Err(error) => fail("backend", error.to_string(), error.hint()),
        };
    };
    match answer(config.client(address.to_owned()), config.token.is_some()).await {
        Ok(found) => ok("backend", found),
        Err(error) => fail("backend", error.message, error.hint),
    }
}

async fn answer(config: client::Config, own_token: bool) -> Result<String, ClientError> {
    let client = Client::new(config)?;
    if !own_token {
        client.reach().await?;
        return Ok(format!("{} answers", client.base()));
    }
    let credits = client.credits().await?;
    Ok(format!("{} takes the token: {} credits available", client.base(), credits.available))
}

fn ok(subject: &'static str, found: String) -> Finding {
    Finding { subject, health: Health::Ok, found, mend: String::new() }
}

fn fail(subject: &'static str, found: String, mend: impl Into<String>) -> Finding {
    Finding { subject, health: Health::Fail, found, mend: mend.into() }
}
