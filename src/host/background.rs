//! Exports in the background: started, asked about, awaited.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext};
use tokio::sync::watch;

use crate::client::{Progress, Watcher};
use crate::host::export::{self, Begun, Options, Video};
use crate::host::failure::{Failure, Kind};
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::wait;
use crate::journal::Class;

/// An export on its way. Clones are the same export.
#[derive(Clone)]
pub struct Export {
    run: Run,
    status: watch::Receiver<Status>,
    key: u64,
}

#[derive(Clone)]
enum Status {
    Rendering(Option<u8>),
    Done(Box<Video>),
    Failed(Failure),
}

const EXPORT: TypeDoc = TypeDoc {
    name: "Export",
    about: "An export on its way",
    properties: &[
        ("status", "\"rendering\", \"done\" or \"failed\""),
        ("percent", "how far the render is, from 0 to 100, or `()`"),
    ],
};

const START: Doc = Doc {
    name: "start_export",
    calls: &["s.start_export(path)", "s.start_export(path, #{format, quality, resolution, draft})"],
    about: "Does what `export` does, in the background: `wait()` returns the `Video`, `status` says how it stands. \
            The run's end waits for it, and fails when it failed and nobody asked.",
    class: Some(Class::Keyed),
    example: "let s = session();\ns.chat(\"make a 3 second video about the sea\");\n\
              let e = s.start_export(\"sea.mp4\", #{ resolution: \"360p\" });\nprint(e.status);\nprint(e.wait());",
};

const WAIT: Doc = Doc {
    name: "wait",
    calls: &["e.wait()"],
    about: "Waits for an export that was started and returns its `Video`.\nThrows as `export` does.",
    class: None,
    example: "let s = session();\ns.chat(\"make a 3 second video about the sea\");\n\
              print(s.start_export(\"sea.mp4\", #{ resolution: \"360p\" }).wait());",
};

/// Starts an export in the background.
///
/// # Errors
/// What is wrong before anything is sent.
pub fn start_export(run: &Run, session: &Session, path: &str, options: &Options) -> Result<Export, Failure> {
    let (tell, status) = watch::channel(Status::Rendering(None));
    let export = Export { run: run.clone(), status, key: run.next_key() };
    let job = match export::begin(run, session, path, options, "start_export")? {
        Begun::Settled(result) => {
            tell.send_replace(match export::recorded(session, result) {
                Ok(video) => Status::Done(Box::new(video)),
                Err(failure) => Status::Failed(failure),
            });
            return Ok(export);
        }
        Begun::Job(job) => job,
    };
    let tell = Arc::new(tell);
    let (outer, percent) = (run.watcher("start_export"), tell.clone());
    let watcher: Watcher = Arc::new(move |progress| {
        if let Progress::Render { percent: known } = &progress {
            percent.send_replace(Status::Rendering(*known));
        }
        outer(progress);
    });
    let (work, key) = (run.clone(), export.key);
    wait::spawn(run, async move {
        let end = match job.finish(&watcher).await {
            Ok(video) => Status::Done(Box::new(video)),
            Err(failure) => {
                work.leave(key, failure.clone());
                Status::Failed(failure)
            }
        };
        tell.send_replace(end);
    });
    Ok(export)
}

impl Export {
    /// Waits for the file.
    ///
    /// # Errors
    /// As [`export`].
    pub fn wait(&self) -> Result<Video, Failure> {
        let mut status = self.status.clone();
        let ended = wait::block_on(&self.run, move || async move {
            let over = status.wait_for(|status| !matches!(status, Status::Rendering(_))).await;
            let gone = |_| Failure::new(Kind::Bug, "the export broke down");
            over.map(|status| status.clone()).map_err(gone)
        })?;
        self.run.heard_of(self.key);
        match ended {
            Status::Done(video) => Ok(*video),
            Status::Failed(failure) => Err(failure),
            Status::Rendering(_) => Err(Failure::new(Kind::Bug, "the export is not over")),
        }
    }

    fn word(&self) -> &'static str {
        match &*self.status.borrow() {
            Status::Rendering(_) => "rendering",
            Status::Done(_) => "done",
            Status::Failed(_) => "failed",
        }
    }

    fn percent(&self) -> Dynamic {
        match &*self.status.borrow() {
            Status::Rendering(percent) => percent.map_or(Dynamic::UNIT, |percent| i64::from(percent).into()),
            Status::Done(_) => 100_i64.into(),
            Status::Failed(_) => Dynamic::UNIT,
        }
    }
}

pub(super) fn register(registry: &mut Registry) {
    type Answer<T> = Result<T, Box<EvalAltResult>>;
    type Context<'a> = NativeCallContext<'a>;
    registry.value::<Export>(&EXPORT, |export| format!("an export that is {}", export.word()));
    registry.getter("status", |export: &Export| export.word().into());
    registry.getter("percent", Export::percent);
    let plain = |ctx: Context<'_>, session: &mut Session, path: &str| -> Answer<Export> {
        answer(&ctx, |run| start_export(run, session, path, &Options::default()))
    };
    registry.function(&START, &["session: Session", "path: string", "Export"], plain);
    let full = |ctx: Context<'_>, session: &mut Session, path: &str, map: Map| -> Answer<Export> {
        answer(&ctx, |run| start_export(run, session, path, &Options::read("start_export", &map)?))
    };
    registry.function(&START, &["session: Session", "path: string", "options: map", "Export"], full);
    let waited = |ctx: Context<'_>, export: &mut Export| -> Answer<Video> { answer(&ctx, |_| export.wait()) };
    registry.function(&WAIT, &["started: Export", "Video"], waited);
}
