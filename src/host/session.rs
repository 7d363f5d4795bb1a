//! Projects: make one, open one, link to one.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rhai::{EvalAltResult, Map, NativeCallContext};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::OwnedMutexGuard;

use crate::client::{Client, Profile, language};
use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::{Left, Run};
use crate::host::step::{self, Call};
use crate::host::{options, suggest, wait};
use crate::journal::Class;

/// What a project is called when nobody names it.
const NAME_DEFAULT: &str = "project";

/// One project on the backend. Clones are the same project.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    record: Record,
    backend: String,
    client: Client,
    /// Held while a turn runs: the agent answers one at a time.
    turn: Arc<tokio::sync::Mutex<()>>,
    last_export: Mutex<Option<PathBuf>>,
}

/// What the journal keeps of a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    id: String,
    task_id: String,
    name: String,
    /// The skill whose name its calls carry; none for that of the run.
    skill: Option<String>,
    /// Print of the timeline with which it was opened; none when it was made.
    #[serde(default)]
    left: Option<String>,
}

/// How a new session shall be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// What the project is called; `project` by default.
    pub name: Option<String>,
    /// The language code of the conversation, such as `zh`; else read from the words.
    pub language: Option<String>,
    /// Name of the skill on whose behalf its calls are made.
    pub skill: Option<String>,
}

const SESSION: TypeDoc = TypeDoc {
    name: "Session",
    about: "One project on the backend",
    properties: &[
        ("id", "names it in `session_open` and on the command line"),
        ("task_id", "the backend's own id of the project"),
        ("name", "what it is called"),
        ("backend", "where it is: `studio`, `nemo` or an address"),
    ],
};

const MAKE: Doc = Doc {
    name: "session",
    calls: &["session()", "session(name)", "session(#{name, language, skill})"],
    about: "Makes a project on the backend. `language` is a code such as \"zh\"; by default it is read from the \
            words of the script, then from the locale. `skill` names the skill on whose behalf the calls are made.\n\
            Throws `auth`, `network`, `rate_limit`, `backend`; `input` for an unknown skill.",
    class: Some(Class::Free),
    example: "let s = session(\"first cut\");\nprint(s.name);",
};

const OPEN: Doc = Doc {
    name: "session_open",
    calls: &["session_open(id)"],
    about: "Opens a project that exists.\nThrows `session` when it is not there.",
    class: Some(Class::Read),
    example: "let s = session(\"first cut\");\nlet same = session_open(s.id);\nprint(same.id == s.id);",
};

const LINK: Doc = Doc {
    name: "link",
    calls: &["s.link()"],
    about: "Returns an address that opens the project in a browser. It can do nothing else, and lives for a week.",
    class: Some(Class::Read),
    example: "print(session().link());",
};

impl Session {
    fn new(run: &Run, record: Record) -> Result<Self, Failure> {
        let client = match &record.skill {
            Some(skill) => run.client_of(profile(skill)?)?,
            None => run.client()?,
        };
        run.set_left(&record.id, record.left.clone().map_or(Left::Empty, Left::Print));
        Ok(Self(Arc::new(Inner {
            record,
            backend: run.backend().to_owned(),
            client,
            turn: Arc::default(),
            last_export: Mutex::default(),
        })))
    }

    /// Returns the id that names it in later calls and commands.
    pub fn id(&self) -> &str {
        &self.0.record.id
    }

    /// Returns the backend's id of the project; empty when it did not say.
    pub fn task_id(&self) -> &str {
        &self.0.record.task_id
    }

    /// Returns what it is called.
    pub fn name(&self) -> &str {
        &self.0.record.name
    }

    /// Returns what people call the backend on which it is.
    pub fn backend(&self) -> &str {
        &self.0.backend
    }

    pub(super) fn client(&self) -> &Client {
        &self.0.client
    }

    /// Waits until no turn of this session runs, and keeps others waiting.
    pub(super) fn turn(&self, run: &Run) -> Result<OwnedMutexGuard<()>, Failure> {
        let turn = self.0.turn.clone();
        wait::block_on(run, move || async move { Ok(turn.lock_owned().await) })
    }

    pub(super) fn set_last_export(&self, path: PathBuf) {
        *self.0.last_export.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
    }

    /// Returns the file of the last export in this run.
    pub(super) fn last_export(&self) -> Option<PathBuf> {
        self.0.last_export.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Makes a project.
///
/// # Errors
/// `Input` for an unknown skill; what the backend refuses.
pub fn create(run: &Run, options: &Options) -> Result<Session, Failure> {
    let name = options.name.clone().unwrap_or_else(|| NAME_DEFAULT.to_owned());
    let args = json!({ "name": name, "language": options.language, "skill": options.skill });
    let record = step::call(run, Call { name: "session", class: Class::Free, args }, || {
        let client = match &options.skill {
            Some(skill) => run.client_of(profile(skill)?)?,
            None => run.client()?,
        };
        let (words, locale) = run.tongue();
        let stated = options.language.as_deref().or(run.language());
        let language = language::choose(stated, words, locale, client.profile());
        let label = name.clone();
        let made = wait::block_on(run, move || async move {
            client.create_session(&label, language.as_deref()).await.map_err(Failure::from)
        })?;
        Ok(Record {
            id: made.session_id,
            task_id: made.task_id,
            name,
            skill: options.skill.clone(),
            left: None,
        })
    })?;
    Session::new(run, record)
}

/// Opens a project that exists.
///
/// # Errors
/// `Session` when it is not there.
pub fn open(run: &Run, id: &str) -> Result<Session, Failure> {
    let call = Call { name: "session_open", class: Class::Read, args: json!({ "id": id }) };
    let record = step::call(run, call, || {
        let (client, id) = (run.client()?, id.to_owned());
        let found =
            wait::block_on(run, move || async move { client.snapshot(&id).await.map_err(Failure::from) })?;
        let left = Some(found.state.timeline_print());
        Ok(Record { id: found.session_id, task_id: found.task_id, name: found.task_name, skill: None, left })
    })?;
    Session::new(run, record)
}

/// Returns an address that opens the project in a browser.
///
/// # Errors
/// `Backend` where no links are offered.
pub fn link(run: &Run, session: &Session) -> Result<String, Failure> {
    let call = Call { name: "link", class: Class::Read, args: json!({ "session": session.id() }) };
    step::call(run, call, || {
        let session = session.clone();
        wait::block_on(run, move || async move {
            session.client().claim_link(session.task_id(), session.id()).await.map_err(Failure::from)
        })
    })
}

fn profile(skill: &str) -> Result<Profile, Failure> {
    Profile::named(skill).ok_or_else(|| {
        let all = Profile::all();
        let names: Vec<&str> = all.iter().map(|profile| profile.name.as_str()).collect();
        let meant = suggest::nearest(skill, names.iter().copied());
        let meant = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        Failure::input(format!("there is no skill `{skill}`{meant}"))
            .hint(format!("skills: {}", names.join(", ")))
    })
}

pub(super) fn register(registry: &mut Registry) {
    type Answer<T> = Result<T, Box<EvalAltResult>>;
    type Context<'a> = NativeCallContext<'a>;
    registry.value::<Session>(&SESSION, |session| format!("session {} ({})", session.id(), session.name()));
    registry.getter("id", |session: &Session| session.id().to_owned().into());
    registry.getter("task_id", |session: &Session| session.task_id().to_owned().into());
    registry.getter("name", |session: &Session| session.name().to_owned().into());
    registry.getter("backend", |session: &Session| session.backend().to_owned().into());
    let plain =
        |ctx: Context<'_>| -> Answer<Session> { answer(&ctx, |run| create(run, &Options::default())) };
    registry.function(&MAKE, &["Session"], plain);
    let named = |ctx: Context<'_>, name: &str| -> Answer<Session> {
        answer(&ctx, |run| create(run, &Options { name: Some(name.to_owned()), ..Options::default() }))
    };
    registry.function(&MAKE, &["name: string", "Session"], named);
    let full = |ctx: Context<'_>, map: Map| -> Answer<Session> {
        answer(&ctx, |run| create(run, &options::read("session", &map, &["name", "language", "skill"])?))
    };
    registry.function(&MAKE, &["options: map", "Session"], full);
    let opened = |ctx: Context<'_>, id: &str| -> Answer<Session> { answer(&ctx, |run| open(run, id)) };
    registry.function(&OPEN, &["id: string", "Session"], opened);
    let linked = |ctx: Context<'_>, session: &mut Session| -> Answer<String> {
        answer(&ctx, |run| link(run, session))
    };
    registry.function(&LINK, &["session: Session", "string"], linked);
}
