//! The books of the backend: what it holds, what it was asked to do, and how often it did it.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The price of one turn.
pub(crate) const TURN_CREDITS: u32 = 10;
/// Credits that an anonymous user begins with.
const GRANT_CREDITS: u32 = 100;
/// How an agent server says that it does not know a session.
pub(crate) const NO_SESSION: &str = r#"{"detail":"Session not found"}"#;
/// Exported files have this many bytes behind their video, so that a kill can hit a download.
const PADDING_BYTES: usize = 192 << 10;
/// What follows this in a turn's words does not show in the draft: it is of one run only.
pub(crate) const PRIVATE: &str = " [take ";

/// What a backend holds and has done.
#[derive(Clone, Debug)]
pub(crate) struct Books {
    /// Every request that was acted upon, in order.
    pub(crate) log: Vec<String>,
    /// How often the words of a turn were executed.
    pub(crate) turns: BTreeMap<String, u32>,
    /// How often a body was stored, by its name and hash.
    pub(crate) stored: BTreeMap<String, u32>,
    /// How often a render was submitted, by its id.
    pub(crate) submitted: BTreeMap<String, u32>,
    /// Ids that were submitted with two different drafts.
    pub(crate) clashes: Vec<String>,
    pub(crate) available: u32,
    pub(crate) frozen: u32,
    tokens: u32,
    projects: BTreeMap<String, Project>,
    renders: BTreeMap<String, Render>,
}

#[derive(Clone, Debug, Default)]
struct Project {
    media: Vec<String>,
    words: Vec<String>,
}

#[derive(Clone)]
struct Render {
    draft: String,
    polls: u32,
    file: Vec<u8>,
}

impl fmt::Debug for Render {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} polls, {} bytes of {}", self.polls, self.file.len(), self.draft)
    }
}

impl Books {
    pub(crate) fn new() -> Self {
        Self {
            log: Vec::new(),
            turns: BTreeMap::new(),
            stored: BTreeMap::new(),
            submitted: BTreeMap::new(),
            clashes: Vec::new(),
            available: GRANT_CREDITS,
            frozen: 0,
            tokens: 1,
            projects: BTreeMap::new(),
            renders: BTreeMap::new(),
        }
    }

    /// The token that is good now.
    pub(crate) fn token(&self) -> String {
        format!("nmv_usr_crash{}", self.tokens)
    }

    /// The token ends; the next one that is asked for is another.
    pub(crate) fn expire_token(&mut self) {
        self.tokens += 1;
    }

    /// All projects are gone.
    pub(crate) fn forget_projects(&mut self) {
        self.projects.clear();
    }

    /// Credits that were taken since the beginning.
    pub(crate) fn spent(&self) -> u32 {
        GRANT_CREDITS - self.available - self.frozen
    }

    /// Who lost a token gets the living one again.
    pub(super) fn grant(&self) -> String {
        let token = self.token();
        format!(r#"{{"code":0,"data":{{"token":"{token}","user_id":"anon_crash","credits":100}}}}"#)
    }

    pub(super) fn project(&mut self) -> String {
        let nth = self.projects.len() + 1;
        let id = format!("552979870602441{nth:04}");
        self.projects.insert(id.clone(), Project::default());
        format!(r#"{{"code":0,"data":{{"task_id":"task_{nth}","session_id":"{id}"}}}}"#)
    }

    pub(super) fn balance(&self) -> String {
        let (available, frozen) = (self.available, self.frozen);
        let total = available + frozen;
        format!(r#"{{"code":0,"data":{{"available":{available},"frozen":{frozen},"total":{total}}}}}"#)
    }

    pub(super) fn state(&self, id: &str) -> String {
        let Some(project) = self.projects.get(id) else { return no_session() };
        let (draft, media) = (project.draft(), project.media.join(","));
        format!(
            r#"{{"code":0,"data":{{"session_id":"{id}","task_id":"task_1","task_name":"crash","state":{{"draft":{draft},"video_infos":[{media}],"generated_media":[]}}}}}}"#
        )
    }

    pub(super) fn upload(&mut self, id: &str, content_type: &str, body: &[u8]) -> String {
        let Some(project) = self.projects.get_mut(id) else { return no_session() };
        let files: Vec<String> = parts(content_type, body).into_iter().map(|(name, content)| {
            let hash = hash(content);
            *self.stored.entry(format!("{name} {hash}")).or_default() += 1;
            let size = content.len();
            format!(
                r#"{{"filename":"{name}","file_type":"video","cdn_url":"https://cdn.invalid/{hash}/{name}","duration":2.0,"width":640,"height":360,"fps":25,"hash":"{hash}","size":{size}}}"#
            )
        }).collect();
        project.media.extend(files.iter().cloned());
        format!(r#"{{"code":0,"data":{{"files":[{}],"session_state_applied":true}}}}"#, files.join(","))
    }

    pub(super) fn begin_turn(&mut self, id: &str) -> Result<(), &'static str> {
        if !self.projects.contains_key(id) {
            return Err(NO_SESSION);
        }
        if self.available < TURN_CREDITS {
            return Err(r#"{"code":2001,"message":"out of credits"}"#);
        }
        self.available -= TURN_CREDITS;
        self.frozen += TURN_CREDITS;
        Ok(())
    }

    /// Returns what the agent says, as JSON.
    pub(super) fn end_turn(&mut self, id: &str, words: &str) -> String {
        self.frozen -= TURN_CREDITS;
        *self.turns.entry(words.to_owned()).or_default() += 1;
        let shown = words.split(PRIVATE).next().unwrap();
        if let Some(project) = self.projects.get_mut(id) {
            project.words.push(shown.to_owned());
        }
        quoted(&format!("Done: {shown}"))
    }

    /// Submits a render; the same id is the same render.
    pub(super) fn submit(&mut self, body: &str, video: &[u8]) -> String {
        let body: Value = serde_json::from_str(body).unwrap();
        let (id, draft) = (body["id"].as_str().unwrap().to_owned(), body["draft"].to_string());
        *self.submitted.entry(id.clone()).or_default() += 1;
        let render = self.renders.entry(id.clone()).or_insert_with(|| Render {
            file: file_of(video, &draft),
            draft: draft.clone(),
            polls: 0,
        });
        if render.draft != draft {
            self.clashes.push(id.clone());
        }
        format!(r#"{{"success":true,"data":{{"id":"{id}","status":"pending","progress":5}}}}"#)
    }

    /// A render is at work at the first poll and done at the second.
    pub(super) fn poll(&mut self, id: &str) -> (u16, String) {
        let Some(render) = self.renders.get_mut(id) else {
            return (404, r#"{"detail":"Not Found"}"#.to_owned());
        };
        render.polls += 1;
        if render.polls == 1 {
            return (200, format!(r#"{{"taskId":"{id}","status":"processing","progress":50}}"#));
        }
        let size = render.file.len();
        let output = format!(r#"{{"url":"/render-result/{id}.mp4","duration":2.0,"size":{size}}}"#);
        (200, format!(r#"{{"taskId":"{id}","status":"completed","progress":100,"output":{output}}}"#))
    }

    pub(super) fn file(&self, id: &str) -> Option<&Vec<u8>> {
        self.renders.get(id).map(|render| &render.file)
    }
}

impl Project {
    /// The timeline: the uploads one after the other, and a text for each turn.
    fn draft(&self) -> String {
        if self.words.is_empty() {
            return "null".to_owned();
        }
        let clips = self.media.iter().enumerate().map(|(nth, media)| {
            let media: Value = serde_json::from_str(media).unwrap();
            let (at, url, name) = (nth * 2_000, &media["cdn_url"], &media["filename"]);
            format!(r#"{{"id":"v{nth}","s":{at},"d":2000,"src":{url},"m":{{"name":{name}}}}}"#)
        });
        let texts = self.words.iter().enumerate().map(|(nth, words)| {
            let (at, words) = (nth * 500, quoted(words));
            format!(r#"{{"id":"x{nth}","s":{at},"d":500,"m":{{"text":{words}}}}}"#)
        });
        let (clips, texts) = (clips.collect::<Vec<_>>().join(","), texts.collect::<Vec<_>>().join(","));
        format!(
            r#"{{"d":4000,"m":{{"width":640,"height":360,"serial":18446744073709551617}},"t":[{{"id":"v","tt":0,"sg":[{clips}]}},{{"id":"x","tt":7,"sg":[{texts}]}}]}}"#
        )
    }
}

/// The video, and behind it the draft that it was made of, in a box that players skip.
fn file_of(video: &[u8], draft: &str) -> Vec<u8> {
    let mut content = draft.as_bytes().to_vec();
    content.resize(PADDING_BYTES.max(content.len()), b' ');
    let size = u32::try_from(content.len() + 8).unwrap();
    [video, &size.to_be_bytes(), b"free", &content].concat()
}

fn no_session() -> String {
    r#"{"code":1002,"message":"session not found"}"#.to_owned()
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The files of a multipart body: their names and contents.
fn parts<'a>(content_type: &str, body: &'a [u8]) -> Vec<(String, &'a [u8])> {
    let boundary = content_type.split("boundary=").nth(1).unwrap().trim_matches('"');
    let mark = format!("--{boundary}");
    let mut starts = places(body, mark.as_bytes());
    let ends = starts.split_off(1);
    let files = starts.iter().chain(&ends).zip(&ends).map(|(start, end)| {
        let part = &body[start + mark.len()..*end];
        let blank = places(part, b"\r\n\r\n")[0];
        let head = String::from_utf8_lossy(&part[..blank]).into_owned();
        let name = head.split("filename=\"").nth(1).unwrap().split('"').next().unwrap();
        (name.to_owned(), &part[blank + 4..part.len() - 2])
    });
    files.collect()
}

/// Where `what` begins in `text`.
fn places(text: &[u8], what: &[u8]) -> Vec<usize> {
    let windows = text.windows(what.len()).enumerate();
    windows.filter(|(_, window)| *window == what).map(|(at, _)| at).collect()
}
