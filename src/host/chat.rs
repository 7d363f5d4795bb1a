//! One turn of the agent: the only call that costs credits.

use std::time::Duration;

use rhai::{Array, Dynamic, EvalAltResult, Map, NativeCallContext};
use serde::{Deserialize, Serialize};

use crate::client::TurnOptions;
use crate::host::export::{self, Video};
use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::step::{self, Reached};
use crate::host::turn::{self, Turn};
use crate::host::{options, wait};
use crate::journal::Class;

/// The longest `timeout`, in seconds: a day. The backend's own limit is a quarter of an hour.
const TIMEOUT_SECONDS_MAX: f64 = 24.0 * 3600.0;

/// The name of its steps: a stream is a turn, too.
pub(super) const CALL: &str = "chat";

/// One finished turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// What the agent said, without talk of its window; our summary when it said nothing.
    pub text: String,
    /// The agent said nothing.
    pub silent: bool,
    /// What changed, a sentence each.
    pub changes: Vec<String>,
    /// The tools that it used, in order.
    pub tools: Vec<String>,
    /// How long it took.
    pub seconds: f64,
    /// What it cost, when both balances could be read.
    pub credits: Option<f64>,
    /// It found a timeline that it could change.
    #[serde(default)]
    pub(super) on_video: bool,
    /// What the agent said, as it said it.
    pub raw_text: String,
    /// The agent proposed an export.
    pub suggests_export: bool,
    /// The agent pointed at the timeline in its window.
    #[serde(default)]
    pub looks: bool,
    /// The agent pointed at the account in its window.
    #[serde(default)]
    pub balance: bool,
    /// Print of the timeline as the turn left it: [`crate::model::state::State::timeline_print`].
    #[serde(default)]
    pub left: String,
    /// What a stream told on the way, so that a later life hears the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) heard: Vec<Heard>,
    /// The export that `follow_gui` made of the agent's proposal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<Video>,
}

/// Something that was told on the way of a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Heard {
    /// Words of the agent.
    Text(String),
    /// The name of a tool that it used.
    Tool(String),
    /// Seconds since the turn was sent.
    Waiting(f64),
}

/// How a turn shall be made.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Seconds that the turn's own connection may take; a quarter of an hour by default.
    pub timeout: Option<f64>,
    /// Export at once when the agent proposes it.
    pub follow_gui: bool,
}

const REPLY: TypeDoc = TypeDoc {
    name: "Reply",
    about: "One finished turn of the agent",
    properties: &[
        ("text", "what the agent said, in words that fit a script; our summary when it said nothing"),
        ("silent", "whether it said nothing"),
        ("changes", "what changed, an array of sentences"),
        ("tools", "names of the tools that it used"),
        ("seconds", "how long it took"),
        ("credits", "what it cost, or `()` when unknown"),
        ("raw_text", "what the agent said, word for word"),
        ("suggests_export", "whether it proposed an export"),
        ("video", "the `Video` that `follow_gui` made, or `()`"),
    ],
};

const CHAT: Doc = Doc {
    name: "chat",
    calls: &["s.chat(text)", "s.chat(text, #{timeout, follow_gui})"],
    about: "Says something to the agent and waits for the end of its turn. `timeout` is in seconds. With \
            `follow_gui` an export that the agent proposes is made at once, into `<name of the session>.mp4`.\n\
            Throws `credits`, `session`, `rate_limit`, `network`, `backend`. A turn is paid: it is never sent \
            again while nobody knows whether it took effect; then the run ends, and no script can catch that.",
    class: Some(Class::Paid),
    example: "let s = session();\nlet r = s.chat(\"make a 4 second video about the sea\");\nprint(r.text);\n\
              for change in r.changes { print(change); }",
};

impl Options {
    /// Reads the options map of a script.
    pub(super) fn read(call: &str, map: &Map) -> Result<Self, Failure> {
        options::read(call, map, &["timeout", "follow_gui"])
    }

    pub(super) fn turn(&self) -> Result<TurnOptions, Failure> {
        let fits = |seconds: &f64| *seconds > 0.0 && *seconds <= TIMEOUT_SECONDS_MAX;
        match self.timeout {
            Some(seconds) if !fits(&seconds) => {
                Err(Failure::input(format!("a turn cannot take {seconds} seconds"))
                    .hint(format!("`timeout` goes up to {TIMEOUT_SECONDS_MAX}")))
            }
            timeout => Ok(TurnOptions { timeout: timeout.map(Duration::from_secs_f64) }),
        }
    }
}

/// Says something to the agent and waits for the end of its turn.
///
/// # Errors
/// As the manual page says.
pub fn chat(run: &Run, session: &Session, text: &str, options: &Options) -> Result<Reply, Failure> {
    let turn_options = options.turn()?;
    let _turn = session.turn(run)?;
    let turn = match step::reach::<Reply>(run, &turn::call(session, text))? {
        Reached::Settled(result) => {
            let reply = result?;
            turn::ended(run, session, &reply, None);
            return followed(run, session, reply, options);
        }
        Reached::New(fresh) => Turn::begin(run, session, text, fresh)?,
        Reached::Unfinished(found) => Turn::take_up(run, session, text, found)?,
    };
    let watcher = run.watcher(CALL);
    let reply =
        wait::block_on(run, move || async move { turn.finish(turn_options, &watcher, Vec::new).await })?;
    followed(run, session, reply, options)
}

/// Makes the export that the agent proposed, when that was asked for.
fn followed(run: &Run, session: &Session, mut reply: Reply, options: &Options) -> Result<Reply, Failure> {
    if options.follow_gui && reply.suggests_export {
        let path = export::default_path(session);
        reply.video = Some(export::export(run, session, &path, &export::Options::default())?);
    }
    Ok(reply)
}

pub(super) fn register(registry: &mut Registry) {
    type Answer<T> = Result<T, Box<EvalAltResult>>;
    type Context<'a> = NativeCallContext<'a>;
    registry.value::<Reply>(&REPLY, |reply| reply.text.clone());
    let list = |items: &[String]| Dynamic::from(items.iter().cloned().map(Dynamic::from).collect::<Array>());
    registry.getter("text", |reply: &Reply| reply.text.clone().into());
    registry.getter("silent", |reply: &Reply| reply.silent.into());
    registry.getter("changes", move |reply: &Reply| list(&reply.changes));
    registry.getter("tools", move |reply: &Reply| list(&reply.tools));
    registry.getter("seconds", |reply: &Reply| reply.seconds.into());
    registry.getter("credits", |reply: &Reply| reply.credits.map_or(Dynamic::UNIT, Dynamic::from));
    registry.getter("raw_text", |reply: &Reply| reply.raw_text.clone().into());
    registry.getter("suggests_export", |reply: &Reply| reply.suggests_export.into());
    registry.getter("video", |reply: &Reply| reply.video.clone().map_or(Dynamic::UNIT, Dynamic::from));
    let plain = |ctx: Context<'_>, session: &mut Session, text: &str| -> Answer<Reply> {
        answer(&ctx, |run| chat(run, session, text, &Options::default()))
    };
    registry.function(&CHAT, &["session: Session", "text: string", "Reply"], plain);
    let full = |ctx: Context<'_>, session: &mut Session, text: &str, map: Map| -> Answer<Reply> {
        answer(&ctx, |run| chat(run, session, text, &Options::read("chat", &map)?))
    };
    registry.function(&CHAT, &["session: Session", "text: string", "options: map", "Reply"], full);
}
