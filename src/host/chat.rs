//! One turn of the agent: the only call that costs credits.

use std::time::Duration;

use rhai::{Array, Dynamic, EvalAltResult, Map, NativeCallContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::client::{Look, Progress, TurnEnd, TurnOptions};
use crate::host::event::Event;
use crate::host::export::{self, Video};
use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::step::{self, Call};
use crate::host::{options, wait};
use crate::journal::Class;
use crate::model::summary;
use crate::talk::gui;

/// The longest `timeout`, in seconds: a day. The backend's own limit is a quarter of an hour.
const TIMEOUT_SECONDS_MAX: f64 = 24.0 * 3600.0;

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
    /// What the agent said, as it said it.
    pub raw_text: String,
    /// The agent proposed an export.
    pub suggests_export: bool,
    /// The export that `follow_gui` made of the agent's proposal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<Video>,
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
    let mut reply = step::intended(
        run,
        call(session, text),
        || before(run, session),
        |_, look| {
            let (session, words, watcher) = (session.clone(), text.to_owned(), run.watcher("chat"));
            let end = wait::block_on(run, async move {
                let client = session.client();
                client.turn(session.id(), &words, &look, turn_options, &watcher).await.map_err(Failure::from)
            })?;
            Ok(finished(run, "chat", &end))
        },
    )?;
    if options.follow_gui && reply.suggests_export {
        let path = export::default_path(session);
        reply.video = Some(export::export(run, session, &path, &export::Options::default())?);
    }
    Ok(reply)
}

/// The call of a turn, for [`chat`] and for streams.
pub(super) fn call(session: &Session, text: &str) -> Call {
    Call { name: "chat", class: Class::Paid, args: json!({ "session": session.id(), "text": text }) }
}

/// Looks at the project before a turn: what tells afterwards whether the turn took effect.
pub(super) fn before(run: &Run, session: &Session) -> Result<(Value, Look), Failure> {
    let looked = session.clone();
    let look =
        wait::block_on(run, async move { looked.client().look(looked.id()).await.map_err(Failure::from) })?;
    let credits = look.credits.as_ref().map(|credits| credits.total);
    Ok((json!({ "fingerprint": look.fingerprint(), "credits": credits }), look))
}

/// Counts what a turn took, and puts its end into the words of a script.
pub(super) fn finished(run: &Run, name: &'static str, end: &TurnEnd) -> Reply {
    run.add_spent(end.credits.unwrap_or(0.0).max(0.0));
    for complaint in &end.complaints {
        run.emit(Event::Progress { call: name, progress: Progress::Notice(complaint.clone()) });
    }
    let said = gui::translate(&end.raw_text);
    let text = if end.silent || said.text.trim().is_empty() { summed_up(end) } else { said.text };
    Reply {
        text,
        silent: end.silent,
        changes: end.changes.clone(),
        tools: end.tools.clone(),
        seconds: end.seconds,
        credits: end.credits,
        raw_text: end.raw_text.clone(),
        suggests_export: said.suggests_export,
        video: None,
    }
}

/// What a turn did, for an agent that says nothing.
fn summed_up(end: &TurnEnd) -> String {
    if end.changes.is_empty() {
        return "the turn is over; the timeline has not changed".to_owned();
    }
    format!("{}\n{}", end.changes.join("\n"), summary::line_of(&end.after))
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
