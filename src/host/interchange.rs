//! A timeline as a file of another program: subtitles, and a project for an editor.

use std::path::Path;

use rhai::{EvalAltResult, Map, NativeCallContext};
use serde_json::json;

use crate::host::draft::Draft;
use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::step::{self, Call};
use crate::host::{export, files, options, paths};
use crate::journal::Class;
use crate::model;
use crate::model::subtitles::Format;
use crate::model::{otio, subtitles};

const SUBTITLES: Doc = Doc {
    name: "subtitles",
    calls: &["s.subtitles(path)", "s.subtitles(path, #{draft})"],
    about: "Writes the words of the text tracks as subtitles below the output folder, and returns the path: SubRip \
            when it ends in `.srt`, WebVTT when it ends in `.vtt`. `draft` is a timeline of yours in place of the \
            project's.\n\
            Throws `input` for another ending and for a timeline without words, `sandbox` for a path outside the \
            output folder.",
    class: Some(Class::Local),
    example: "let s = session();\ns.chat(\"make a 3 second video about tea with the title 'Hello'\");\n\
              print(s.subtitles(\"tea.srt\"));",
};

const OTIO: Doc = Doc {
    name: "otio",
    calls: &["s.otio(path)", "s.otio(path, #{draft})"],
    about: "Writes the timeline as OpenTimelineIO below the output folder, for editing programs, and returns the \
            path, which ends in `.otio`. Media are named as the backend names them, and not copied. `draft` is a timeline of yours in place of \
            the project's.\n\
            Throws `input` for another ending and for an empty timeline, `sandbox` for a path outside the output \
            folder.",
    class: Some(Class::Local),
    example: "let s = session();\ns.chat(\"make a 3 second video about tea\");\nprint(s.otio(\"tea.otio\"));",
};

/// The timeline that is written: one of the script's, else the project's own.
#[derive(Clone, Copy)]
struct Source<'a> {
    run: &'a Run,
    session: &'a Session,
    draft: Option<&'a Draft>,
}

/// Writes the words of a timeline as subtitles; the project's own timeline unless one is given.
/// Returns the path.
///
/// # Errors
/// As the manual page says.
pub fn subtitles(run: &Run, session: &Session, path: &str, draft: Option<&Draft>) -> Result<String, Failure> {
    let source = Source { run, session, draft };
    save("subtitles", path, source, || {
        let known = "`.srt` (SubRip) or `.vtt` (WebVTT)";
        let format = Format::of(path).ok_or_else(|| unknown_ending(path, known))?;
        let cues = subtitles::cues(&source.timeline()?);
        if cues.is_empty() {
            return Err(Failure::input("the timeline has no words that could be subtitles")
                .hint("ask the agent for a title or for captions first, such as `add subtitles: ..`"));
        }
        Ok(subtitles::write(&cues, format))
    })
}

/// Writes a timeline as OpenTimelineIO; the project's own unless one is given. Returns the path.
///
/// # Errors
/// As the manual page says.
pub fn otio(run: &Run, session: &Session, path: &str, draft: Option<&Draft>) -> Result<String, Failure> {
    let source = Source { run, session, draft };
    save("otio", path, source, || {
        let ending = Path::new(path).extension();
        if !ending.is_some_and(|ending| ending.eq_ignore_ascii_case("otio")) {
            return Err(unknown_ending(path, "`.otio`"));
        }
        Ok(otio::timeline(&source.timeline()?, session.name()))
    })
}

/// Writes a text that is made of a timeline.
fn save(
    name: &'static str,
    path: &str,
    source: Source<'_>,
    text: impl FnOnce() -> Result<String, Failure>,
) -> Result<String, Failure> {
    let Source { run, session, draft } = source;
    let given = draft.map(|draft| draft.get().to_json().into_owned());
    let args = json!({ "session": session.id(), "path": path, "draft": given });
    step::call(run, Call { name, class: Class::Local, args }, || {
        let text = text()?;
        files::save(run, paths::output(run, path)?, &text)
    })
}

impl Source<'_> {
    /// Returns the timeline, which has something in it.
    fn timeline(&self) -> Result<model::draft::Draft, Failure> {
        match self.draft {
            Some(draft) => export::filled(Some(draft.get())),
            None => export::current(self.run, self.session),
        }
    }
}

fn unknown_ending(path: &str, known: &str) -> Failure {
    Failure::input(format!("the ending of `{path}` is not one that is written here"))
        .hint(format!("name a file that ends in {known}"))
}

fn draft_of(call: &str, map: &Map) -> Result<Option<Draft>, Failure> {
    let mut map = map.clone();
    let draft = export::take_draft(call, &mut map)?;
    options::check(call, &map, &["draft"])?;
    Ok(draft)
}

pub(super) fn register(registry: &mut Registry) {
    type Answer<T> = Result<T, Box<EvalAltResult>>;
    type Context<'a> = NativeCallContext<'a>;
    let plain = |ctx: Context<'_>, session: &mut Session, path: &str| -> Answer<String> {
        answer(&ctx, |run| subtitles(run, session, path, None))
    };
    registry.function(&SUBTITLES, &["session: Session", "path: string", "string"], plain);
    let of_draft = |ctx: Context<'_>, session: &mut Session, path: &str, map: Map| -> Answer<String> {
        answer(&ctx, |run| subtitles(run, session, path, draft_of("subtitles", &map)?.as_ref()))
    };
    registry.function(&SUBTITLES, &["session: Session", "path: string", "options: map", "string"], of_draft);
    let plain = |ctx: Context<'_>, session: &mut Session, path: &str| -> Answer<String> {
        answer(&ctx, |run| otio(run, session, path, None))
    };
    registry.function(&OTIO, &["session: Session", "path: string", "string"], plain);
    let of_draft = |ctx: Context<'_>, session: &mut Session, path: &str, map: Map| -> Answer<String> {
        answer(&ctx, |run| otio(run, session, path, draft_of("otio", &map)?.as_ref()))
    };
    registry.function(&OTIO, &["session: Session", "path: string", "options: map", "string"], of_draft);
}
