//! The renderer through its one door: a draft goes in, the file that comes out is looked at.

mod brand;
mod chunks;
mod copied;
mod kinds;
mod look;
mod media;
mod outputs;
mod pictures;
mod refusals;
mod sounds;
mod words;

use std::path::PathBuf;
use std::sync::Mutex;

use reelscript::model::draft::Draft;
use reelscript::studio::render::{Job, Output, RenderError, Rendered, render};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A folder with media and a place for what is rendered.
pub(super) struct Room {
    pub(super) folder: TempDir,
    /// Percents as they were reported.
    pub(super) percents: Mutex<Vec<u8>>,
    pub(super) stop: CancellationToken,
}

impl Room {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, percents: Mutex::default(), stop: CancellationToken::new() }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Renders tracks on a canvas of 640x360 at 15 frames a second.
    pub(super) async fn render(&self, tracks: Value) -> PathBuf {
        let (path, _) = self.rendered(tracks, Output::default()).await.unwrap();
        path
    }

    /// As [`Room::render`], with an output and with errors.
    pub(super) async fn rendered(
        &self,
        tracks: Value,
        output: Output,
    ) -> Result<(PathBuf, Rendered), RenderError> {
        self.rendered_on(json!({"width": 640, "height": 360}), tracks, output).await
    }

    /// Renders tracks with metadata of the draft, which state at least the canvas.
    pub(super) async fn drawn(&self, meta: Value, tracks: Value) -> PathBuf {
        let (path, _) = self.rendered_on(meta, tracks, Output::default()).await.unwrap();
        path
    }

    /// As [`Room::rendered`], with metadata of the draft.
    pub(super) async fn rendered_on(
        &self,
        mut meta: Value,
        tracks: Value,
        output: Output,
    ) -> Result<(PathBuf, Rendered), RenderError> {
        if meta["fps"].is_null() {
            meta["fps"] = json!(15);
        }
        meta["seed"] = json!(7);
        let draft = Draft::parse(&json!({"m": meta, "t": tracks}).to_string()).unwrap();
        let to = self.path(&format!("out.{}", output.format.extension()));
        let media = |src: &str| Some(self.path(src.rsplit('/').next()?)).filter(|path| path.exists());
        let (work, cache) = (self.path("work"), self.path("cache"));
        let job = Job { draft, output, media: &media, to: to.clone(), work, cache };
        let progress = |percent| {
            self.percents.lock().unwrap().push(percent);
            if percent > 10 && self.stops_early() {
                self.stop.cancel();
            }
        };
        let rendered = render(job, &progress, self.stop.clone()).await?;
        if output.format.has_sound() {
            sounds::levelled(&to);
        }
        Ok((to, rendered))
    }

    /// Whether this room stops its render once the first frames are encoded.
    fn stops_early(&self) -> bool {
        self.path("stop").exists()
    }
}

/// A track of one scene.
pub(super) fn scene(milliseconds: u64) -> Value {
    let meta = json!({"kind": "scene", "scene": {"style": "mesh", "palette": "ocean", "seed": 3}});
    json!({"tt": 0, "m": {"role": "main"}, "sg": [{"s": 0, "d": milliseconds, "m": meta}]})
}
