//! A picture of a video: frames from its beginning to its end on one sheet.

use std::ffi::OsString;
use std::time::Duration;

use rhai::{EvalAltResult, NativeCallContext};
use serde_json::json;
use uuid::Uuid;

use crate::ffmpeg::run::{self as ffmpeg, Task};
use crate::ffmpeg::{FfmpegError, input, probe};
use crate::host::failure::{Failure, Kind};
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::step::{self, Call};
use crate::host::{paths, wait};
use crate::journal::Class;

/// Frames across and down.
const GRID: (u32, u32) = (4, 3);
/// Pixels across of one frame; even a wall of twelve fits a screen.
const FRAME_WIDTH: u32 = 480;
/// A sheet takes a second or two; a long video is decoded once.
const DEADLINE: Duration = Duration::from_secs(300);

const PREVIEW: Doc = Doc {
    name: "preview",
    calls: &["s.preview(path)"],
    about: "Saves a PNG with twelve frames of the last export of this run, from its beginning to its end, and \
            returns its path.\nThrows `input` when nothing was exported yet.",
    class: Some(Class::Local),
    example: "let s = session();\ns.chat(\"make a 3 second video about the sea\");\n\
              s.export(\"sea.mp4\", #{ resolution: \"360p\" });\nprint(s.preview(\"sea.png\"));",
};

/// Saves frames of the last export on one sheet; returns its path.
///
/// # Errors
/// `Input` when nothing was exported yet, `Render` when ffmpeg fails.
pub fn preview(run: &Run, session: &Session, path: &str) -> Result<String, Failure> {
    let call =
        Call { name: "preview", class: Class::Local, args: json!({ "session": session.id(), "path": path }) };
    step::call(run, call, || {
        let nothing = || Failure::input("nothing was exported yet").hint("call `s.export(..)` first");
        let video = session.last_export().ok_or_else(nothing)?;
        let to = paths::output(run, path)?;
        let part = to.with_file_name(format!(".{}.png", Uuid::new_v4()));
        let (stop, drawn) = (run.stop().clone(), part.clone());
        let result = wait::block_on(run, move || async move {
            let info = probe::probe(&video).await.map_err(failed)?;
            let mut args = input::open(&video).map_err(failed)?;
            let frames = GRID.0 * GRID.1;
            let seconds = info.seconds.max(0.1);
            let sheet = format!("fps={frames}/{seconds},scale={FRAME_WIDTH}:-2,tile={}x{}", GRID.0, GRID.1);
            args.extend(["-vf".into(), sheet.into(), "-frames:v".into(), "1".into()] as [OsString; 4]);
            args.push(drawn.into_os_string());
            let task = Task::new("drawing the preview", args, DEADLINE);
            ffmpeg::run(&task, &mut |_| (), &stop).await.map(|_| ()).map_err(failed)
        });
        let unwritable = |error| Failure::input(format!("`{path}` cannot be written: {error}"));
        let saved = result.and_then(|()| std::fs::rename(&part, &to).map_err(unwritable));
        if saved.is_err() {
            // It may not be there at all.
            drop(std::fs::remove_file(&part));
        }
        saved?;
        run.made(to.clone())?;
        Ok(to.display().to_string())
    })
}

fn failed(error: FfmpegError) -> Failure {
    Failure::new(Kind::Render, error.to_string()).hint(error.hint().unwrap_or_default())
}

pub(super) fn register(registry: &mut Registry) {
    let sheet =
        |ctx: NativeCallContext<'_>,
         session: &mut Session,
         path: &str|
         -> Result<String, Box<EvalAltResult>> { answer(&ctx, |run| preview(run, session, path)) };
    registry.function(&PREVIEW, &["session: Session", "path: string", "string"], sheet);
}
