//! Works the queue of renders off: takes one, renders, writes down how far it is.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::Films;
use super::app::App;
use super::render::{self, Job, Output, Rendered};
use super::store::{Render, RenderEnd};
use crate::model::draft::Draft;
use crate::wire::render::Output as Wish;

/// How often a studio looks for renders that another one left behind, and a render whether
/// it was called off elsewhere. Its own clients' wishes are heard at once. Real time, also
/// under a fixed clock: other processes do not share that one.
const LOOK: Duration = Duration::from_millis(500);

/// Starts the workers: a render keeps about two cores busy.
pub(crate) fn start(app: &Arc<App>) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let at_once = (cores / 2).max(1);
    for _ in 0..at_once {
        app.tasks.spawn(work(Arc::clone(app), at_once));
    }
}

async fn work(app: Arc<App>, at_once: usize) {
    let mut changed = app.renders_changed.subscribe();
    while !app.stop.is_cancelled() {
        tokio::select! {
            () = app.stop.cancelled() => return,
            _ = changed.changed() => (),
            () = tokio::time::sleep(LOOK) => (),
        }
        // A store that fails now may work at the next look; clients see its error themselves.
        while let Ok(Some(render)) = app.store.take_render(app.owner.id(), app.owner.roll(), at_once).await {
            carry_out(&app, &render).await;
            if app.stop.is_cancelled() {
                return;
            }
        }
    }
}

async fn carry_out(app: &App, render: &Render) {
    let stop = app.stop.child_token();
    let (told, percent) = watch::channel(0);
    let work = app.work.join(&render.key);
    let rendering = AssertUnwindSafe(rendered(app, render, &work, &told, &stop)).catch_unwind();
    let done = tokio::select! {
        done = rendering => done,
        never = follow(app, render, percent, &stop) => match never {},
    };
    let end = match done {
        Ok(Ok((file, done))) => RenderEnd::Done { file, seconds: done.seconds, bytes: done.bytes },
        Ok(Err(_)) if app.stop.is_cancelled() => RenderEnd::GivenBack,
        Ok(Err(error)) => RenderEnd::Failed { error },
        Err(_) => RenderEnd::Failed { error: "the renderer broke; this is a fault of the studio".to_owned() },
    };
    let file = match &end {
        RenderEnd::Done { file, .. } => Some(app.renders.join(file)),
        _ => None,
    };
    let kept = app.store.end_render(&render.id, app.owner.id(), end, app.now_ms()).await;
    if let (Some(file), Ok(false)) = (file, kept) {
        // It was called off in its last moment.
        let _ = tokio::fs::remove_file(file).await;
    }
    let _ = tokio::fs::remove_dir_all(work).await;
}

async fn rendered(
    app: &App,
    render: &Render,
    work: &Path,
    told: &watch::Sender<u8>,
    stop: &CancellationToken,
) -> Result<(String, Rendered), String> {
    let draft = Draft::parse(&render.draft).map_err(|e| e.to_string())?;
    let wish: Wish = serde_json::from_str(&render.output).map_err(|e| e.to_string())?;
    let output = Output::read(Some(&wish.format), Some(&wish.quality), wish.resolution.as_deref());
    let output = output.map_err(|e| e.to_string())?;
    let file = format!("{}.{}", render.key, output.format.extension());
    let media = |source: &str| -> Option<PathBuf> { app.shelf.find(source) };
    let (to, cache) = (app.renders.join(&file), app.renders.with_file_name("cache"));
    let job = Job { draft, output, media: &media, to, work: work.to_owned(), cache };
    let tell = |percent: u8| {
        told.send_replace(percent.min(99));
    };
    let rendered = match app.films {
        Films::Composed => render::render(job, &tell, stop.clone()).await,
        Films::Blank => render::blank(job, stop.clone()).await,
        Films::Tiny => render::tiny(job).await,
    };
    match rendered {
        Ok(done) => Ok((file, done)),
        Err(error) => Err(match error.hint() {
            Some(hint) => format!("{error}; {hint}"),
            None => error.to_string(),
        }),
    }
}

/// Writes progress down, and stops the render once it is no longer ours to do.
async fn follow(
    app: &App,
    render: &Render,
    mut percent: watch::Receiver<u8>,
    stop: &CancellationToken,
) -> std::convert::Infallible {
    let mut changed = app.renders_changed.subscribe();
    loop {
        tokio::select! {
            _ = changed.changed() => (),
            () = tokio::time::sleep(LOOK) => (),
        }
        let now = *percent.borrow_and_update();
        // A store that fails now may work at the next look.
        if let Ok(false) = app.store.render_progress(&render.id, app.owner.id(), now).await {
            stop.cancel();
        }
    }
}
