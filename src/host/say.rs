//! Plain words, as one says them to an assistant: what this program does itself is done here,
//! the rest is a turn of the agent.

use rhai::{Array, Dynamic, EvalAltResult, Map, NativeCallContext};

use crate::client::Credits;
use crate::host::chat::{self, Options, Reply};
use crate::host::credits;
use crate::host::event::Event;
use crate::host::export::{self, Video};
use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::state::{self, State};
use crate::host::upload::{self, Media};
use crate::model::media;
use crate::talk::route::{self, Action};

const SAY: Doc = Doc {
    name: "say",
    calls: &["s.say(text)", "s.say(text, #{timeout, follow_gui})"],
    about: "Does what the words ask for: `export`, `credits`, `status` and `upload <file>` (also in Chinese) are \
            done here and never sent to the agent; the rest is a turn, as with `chat`. An export takes its file, \
            format and resolution from the words: `export it as mov in 720p`. Returns what came of it: a \
            `Reply`, `Video`, `Credits`, `State` or array of `Media`; of a sentence that asks for several things, \
            the last.\nThrows as the function does that it became; each of them is its own step.",
    class: None,
    example: "let s = session();\nlet r = s.say(\"make a 4 second video about the sea\");\nprint(r.text);\n\
              print(s.say(\"how many credits do I have?\"));",
};

/// What came of one action.
#[derive(Clone, Debug)]
pub enum Said {
    /// A turn of the agent.
    Reply(Reply),
    /// An export.
    Video(Video),
    /// A look at the balance.
    Credits(Credits),
    /// A look at the project.
    State(State),
    /// A look at the timeline that an answer pointed at.
    Timeline(State),
    /// An upload.
    Media(Vec<Media>),
}

/// Does what the words ask for; returns what came of each action, in order.
///
/// # Errors
/// Those of the action that failed; the ones after it are not done.
pub fn say(run: &Run, session: &Session, text: &str, options: &Options) -> Result<Vec<Said>, Failure> {
    understood(text)?.iter().map(|action| act(run, session, action, options)).collect()
}

/// As [`say`], for a person: each result is told as soon as it is there, and what an answer
/// points at in the agent's window is looked at.
///
/// # Errors
/// Those of the action that failed; the ones after it are not done.
pub fn talk(
    run: &Run,
    session: &Session,
    text: &str,
    options: &Options,
    tell: &mut dyn FnMut(&Said),
) -> Result<(), Failure> {
    for action in understood(text)? {
        let said = act(run, session, &action, options)?;
        tell(&said);
        if let Said::Reply(reply) = &said {
            look(run, session, reply, tell)?;
        }
    }
    Ok(())
}

/// Looks at what an answer points at: the timeline, the balance.
///
/// # Errors
/// Those of the look.
pub fn look(run: &Run, session: &Session, reply: &Reply, tell: &mut dyn FnMut(&Said)) -> Result<(), Failure> {
    if reply.looks {
        tell(&Said::Timeline(state::state(run, session)?));
    }
    if reply.balance {
        tell(&Said::Credits(credits::credits(run)?));
    }
    Ok(())
}

/// What the words ask for. Who asks for a format that cannot be had hears so before anything
/// is done, above all before a turn is paid.
fn understood(text: &str) -> Result<Vec<Action>, Failure> {
    let actions = route::route(text);
    let formats = actions.iter().filter_map(|action| match action {
        Action::Export(saving) => saving.format.as_deref(),
        _ => None,
    });
    match formats.into_iter().find(|format| !media::CONTAINERS.contains(format)) {
        Some(format) => Err(Failure::input(format!("there is no export as `{format}`"))
            .hint(format!("formats: {}", media::CONTAINERS.join(", ")))
            .of_call("export")),
        None => Ok(actions),
    }
}

fn act(run: &Run, session: &Session, action: &Action, options: &Options) -> Result<Said, Failure> {
    if matches!(action, Action::Turn(words) if words.is_empty()) {
        return Err(Failure::input("there are no words to say").hint("say what to do").of_call("say"));
    }
    run.emit(Event::Routed(action.clone()));
    match action {
        Action::Turn(words) => chat::chat(run, session, words, options).map(Said::Reply),
        Action::Credits => credits::credits(run).map(Said::Credits),
        Action::Status => state::state(run, session).map(Said::State),
        Action::Upload(sources) if sources.is_empty() => {
            Err(Failure::input("the words name no file to upload").hint("name it: `upload clip.mp4`"))
        }
        Action::Upload(sources) => upload::upload(run, session, sources).map(Said::Media),
        Action::Export(saving) => {
            let path = saving.file(&export::default_path(session));
            let (format, resolution) = (saving.format.clone(), saving.resolution.clone());
            let options = export::Options { format, resolution, ..export::Options::default() };
            export::export(run, session, &path, &options).map(Said::Video)
        }
    }
}

impl Said {
    fn value(self) -> Dynamic {
        match self {
            Self::Reply(reply) => Dynamic::from(reply),
            Self::Video(video) => Dynamic::from(video),
            Self::Credits(credits) => Dynamic::from(credits),
            Self::State(state) | Self::Timeline(state) => Dynamic::from(state),
            Self::Media(media) => media.into_iter().map(Dynamic::from).collect::<Array>().into(),
        }
    }
}

fn last(said: Vec<Said>) -> Dynamic {
    said.into_iter().next_back().map_or(Dynamic::UNIT, Said::value)
}

pub(super) fn register(registry: &mut Registry) {
    type Answer = Result<Dynamic, Box<EvalAltResult>>;
    let plain = |ctx: NativeCallContext<'_>, session: &mut Session, text: &str| -> Answer {
        answer(&ctx, |run| Ok(last(say(run, session, text, &Options::default())?)))
    };
    registry.function(&SAY, &["session: Session", "text: string", "?"], plain);
    let full = |ctx: NativeCallContext<'_>, session: &mut Session, text: &str, map: Map| -> Answer {
        answer(&ctx, |run| Ok(last(say(run, session, text, &Options::read("say", &map)?)?)))
    };
    registry.function(&SAY, &["session: Session", "text: string", "options: map", "?"], full);
}
