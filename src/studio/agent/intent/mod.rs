//! Reads a request in plain words, English or Chinese, as the edits that it asks for.
//!
//! A request goes through four steps, each a pure function: `lex` turns it into marks by the
//! phrase table, `clause` splits it into wishes, `rules` and `brief` turn each wish into edits,
//! and this file puts them in order; `complete` adds what a request leaves unsaid. Equal
//! requests on equal projects give equal edits.

mod complete;

use crate::model::edit::{Edit, Make, Pick, Side, TextRef, TextStyle, Tune, Words};
use crate::model::media::Kind;
use crate::model::state::State;
use crate::studio::agent::Language;
use crate::studio::agent::brief::{self, Brief, Brought, Told};
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::{self, Mark, Token};
use crate::studio::agent::phrases::{Noun, Verb};
use crate::studio::agent::rules::{self, Scene};
use crate::studio::agent::split::clauses;

/// A request is read this far; nobody asks for so much at once, but a script can be long.
const REQUEST_CHARS_MAX: usize = 40_000;
/// More edits than this in one message are a mistake of ours, not a wish.
const EDITS_MAX: usize = 60;
/// A sentence with so many unknown words tells something rather than asking for an edit.
const PROSE_WORDS_MIN: usize = 3;

/// What a request is read against.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The project as it is.
    pub state: &'a State,
    /// The language of the session, for a request that shows none.
    pub language: Language,
}

/// A request as it was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intent {
    /// The edits in order: first those of the cut, then what is laid over it.
    pub edits: Vec<Edit>,
    /// How many of the edits are the first stage of a generation: the cut itself. The second
    /// stage (music, texts, logo) follows in the same turn. Zero when nothing is generated.
    pub cut: usize,
    /// Stretches of the request that mean nothing here, as they were written.
    pub not_understood: Vec<String>,
    /// The request asks for an export, which the agent cannot do: its client does.
    pub wants_export: bool,
    /// The request asks what the agent can do.
    pub wants_help: bool,
    /// The request asks what is on the timeline: this is, when its edits are made.
    pub status: Option<Words>,
    /// Edits among these that nobody asked for: what a new video gets all the same.
    pub unasked: Vec<Edit>,
    /// A text was asked for, and its words were taken from what is known.
    pub guessed_words: bool,
    /// Nothing was said of music, and a new video gets some.
    pub added_music: bool,
    /// The language of the request.
    pub language: Language,
}

impl Intent {
    /// Returns whether the request makes a new video, which costs more than an edit.
    pub fn generates(&self) -> bool {
        self.cut > 0
    }

    /// Returns the edits of the two stages; the second is empty for a plain edit.
    pub fn stages(&self) -> (&[Edit], &[Edit]) {
        if self.generates() { self.edits.split_at(self.cut) } else { (&self.edits, &[]) }
    }
}

/// Reads a request.
pub fn read(text: &str, context: &Context<'_>) -> Intent {
    let end = text.char_indices().nth(REQUEST_CHARS_MAX).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    let files = files(context.state);
    let tracks = context.state.draft.as_ref().map(|draft| draft.tracks()).unwrap_or_default();
    let shown: Vec<&str> = tracks.iter().flat_map(|track| &track.segments).filter_map(|s| s.text).collect();
    let tokens = lex::tokens_with(text, &files, &shown);
    let Told { command, brought, orders } = brief::told(text, &tokens);
    let mut reader = Reader::new(text, context, brought);
    for sentence in command.split(|token| token.mark == Mark::Stop) {
        reader.sentence(sentence);
    }
    for order in orders {
        // What comes after the words of a video is said of that video.
        reader.scene.soon = true;
        reader.sentence(order);
    }
    reader.finish()
}

/// Names that count as one word: uploads with and without their ending, where the bare name is
/// no word of the phrase table.
fn files(state: &State) -> Vec<&str> {
    let names = state.media.iter().map(|item| item.name.as_str());
    let plain = |label: &&str| {
        let marks = lex::tokens(label, &[]);
        label.chars().count() > 1 && marks.iter().any(|token| token.mark == Mark::Other)
    };
    let labels = state.media.iter().map(|item| item.label()).filter(plain);
    names.chain(labels).filter(|name| !name.is_empty()).collect()
}

struct Reader<'a> {
    text: &'a str,
    scene: Scene<'a>,
    script: Option<String>,
    /// Sentences that ask for nothing, in order; they are the script of a video when none is
    /// there yet. `true` for those that tell something, `false` for commands not understood.
    idle: Vec<(bool, &'a str)>,
    intent: Intent,
    /// Words for captions over the picture.
    captions: Option<String>,
    /// Uploads that a wish named to be used, before the video was asked for.
    named: Vec<String>,
    /// The words of the new video are the request itself.
    bare: bool,
    /// A new video was asked for, rather than needed by another wish.
    asked: bool,
    wants_status: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, context: &Context<'a>, brought: Option<Brought>) -> Self {
        let draft = context.state.draft.as_ref();
        let tracks = draft.map(|draft| draft.tracks()).unwrap_or_default();
        let has = |kind: &str| tracks.iter().any(|t| t.kind.word() == kind && !t.segments.is_empty());
        let pictures =
            context.state.media.iter().any(|item| matches!(item.kind, Some(Kind::Image | Kind::Video)));
        let scene = Scene {
            state: context.state,
            made: has("video"),
            soon: pictures,
            music: has("audio"),
            texts: has("text"),
            spoken: if let Some(Brought::Spoken(words)) = &brought { Some(words.clone()) } else { None },
        };
        let (script, captions) = match brought {
            Some(Brought::Script(script)) => (Some(script), None),
            Some(Brought::Captions(words)) => (None, Some(words)),
            Some(Brought::Spoken(_)) | None => (None, None),
        };
        let language = Language::of(text).unwrap_or(context.language);
        let intent = Intent { language, ..Intent::default() };
        let (idle, named) = (Vec::new(), Vec::new());
        let (bare, asked, wants_status) = (false, false, false);
        Self { text, scene, script, idle, intent, captions, named, bare, asked, wants_status }
    }

    fn sentence(&mut self, tokens: &'a [Token]) {
        let verbatim = self.with_end_mark(tokens);
        if self.is_prose(tokens) {
            self.scene.soon = true;
            self.idle.push((true, verbatim));
            return;
        }
        let (edits, odd) = (self.intent.edits.len(), self.intent.not_understood.len());
        for (at, clause) in clauses(self.text, tokens).into_iter().enumerate() {
            let before = self.intent.edits.last().cloned().filter(|_| at > 0);
            let playing = self.scene.music;
            self.clause(&clause);
            if let (Some(before), Some(last)) = (before, self.intent.edits.last_mut()) {
                fades_too(&clause, &before, last, playing);
            }
        }
        if self.intent.edits.len() == edits && self.intent.not_understood.len() > odd {
            self.intent.not_understood.truncate(odd);
            self.idle.push((false, verbatim));
        }
    }

    /// A sentence as it was written, with its end mark.
    fn with_end_mark(&self, tokens: &[Token]) -> &'a str {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return "" };
        let rest = &self.text[last.to..];
        let marks = rest.len()
            - rest.trim_start_matches(['.', '!', '?', '。', '！', '？', '…', '"', '”', '」']).len();
        self.text[first.from..last.to + marks].trim()
    }

    /// Whether a sentence tells something: it does not open with a command, and most of it is
    /// words that no table knows. With a picture on the timeline nothing is taken for a script.
    fn is_prose(&self, tokens: &[Token]) -> bool {
        let silent = |mark: &Mark| {
            matches!(mark, Mark::Fill | Mark::Stay | Mark::Set | Mark::Join | Mark::Comma | Mark::Topic)
        };
        let mut telling = tokens.iter().filter(|token| !silent(&token.mark));
        let opens = telling.next().map(|token| &token.mark);
        let commands = tokens.iter().any(|t| {
            matches!(t.mark, Mark::Do(Verb::Generate | Verb::Export | Verb::Undo | Verb::StartOver))
        });
        let quoted = tokens.iter().any(|t| matches!(t.mark, Mark::Quote(_)));
        let unknown: usize =
            tokens.iter().filter(|t| t.mark == Mark::Other).map(|t| words(&self.text[t.from..t.to])).sum();
        let known = tokens.iter().filter(|t| !silent(&t.mark) && t.mark != Mark::Other).count();
        let addressed =
            matches!(opens, Some(Mark::Do(_) | Mark::Noun(_) | Mark::Time(_))) || commands || quoted;
        !self.scene.made
            && !addressed
            && (unknown >= PROSE_WORDS_MIN || unknown > 0 && known == 0 && !self.has_pictures())
            && unknown > known
    }

    fn clause(&mut self, clause: &Clause<'_>) {
        if clause.does(Verb::Export) && !brief::makes(clause, &self.scene) {
            self.intent.wants_export = true;
            return;
        }
        if clause.has(&Mark::Ask) {
            self.intent.wants_help = true;
            return;
        }
        if clause.has(&Mark::Status) {
            self.wants_status = true;
            return;
        }
        // `keep the first 10 seconds and delete the rest`
        let rest = clause.names(Noun::Rest) && clause.verb() == Some(Verb::Remove) && clause.time().is_none();
        if rest && matches!(self.intent.edits.last(), Some(Edit::Keep(_))) {
            return;
        }
        let makes = brief::makes(clause, &self.scene);
        if !makes && self.intent.edits.last_mut().is_some_and(|last| rules::amend(clause, last)) {
            return;
        }
        let quotes_are_script = makes && !matches!(clause.subject(), Subject::Text(Some(_)));
        let mut edits = Vec::new();
        if makes {
            let Brief { make, captions, bare } = brief::make(clause, &self.scene, self.script.as_deref());
            self.captions = captions.or(self.captions.take());
            self.bare = bare;
            self.asked = true;
            self.scene.made = true;
            edits.push(Edit::Make(make));
        } else if self.names_uploads(clause) {
            return;
        }
        let masked = if makes { brief::without_topic(clause) } else { clause.tokens.to_vec() };
        let clause = &Clause { tokens: &masked, ..clause.clone() };
        let (mut asked, lost) = rules::edits(clause, &self.scene);
        if makes {
            // Length, quotation and sources belong to the new cut.
            asked.retain(|edit| {
                let words = matches!(edit, Edit::AddText(..) | Edit::ChangeText(..));
                let fast = matches!(edit, Edit::Speed(..)) && clause.verb().is_some();
                let of_cut = fast
                    || matches!(edit, Edit::Fit(_) | Edit::Append(_) | Edit::Keep(_))
                    || matches!(edit, Edit::StartOver | Edit::Undo | Edit::Hold(Some(_), _));
                !(of_cut || words && quotes_are_script)
            });
        }
        edits.append(&mut asked);
        let added = edits.len();
        edits.into_iter().for_each(|edit| self.push(edit));
        if lost && added > 0 {
            self.intent.not_understood.push(clause.verbatim().to_owned());
        }
        if added == 0 && !makes && rules::leaves_alone(clause) {
            return;
        }
        if added > 0 || self.lacks_words(clause) {
            self.leftovers(clause, makes);
            return;
        }
        let introduces =
            self.script.is_some() && clause.subject() == Subject::Nothing && !clause.has(&Mark::Other);
        let says = |mark: &Mark| {
            !matches!(
                mark,
                Mark::Fill | Mark::Stay | Mark::Set | Mark::Join | Mark::Comma | Mark::Topic | Mark::When(_)
            )
        };
        if !introduces && clause.tokens.iter().any(|token| says(&token.mark)) {
            self.intent.not_understood.push(clause.verbatim().to_owned());
        }
    }

    /// `use only city.mp4`: the uploads for a video that is still to be made, or made anew.
    fn names_uploads(&mut self, clause: &Clause<'_>) -> bool {
        let uses =
            matches!(clause.verb(), Some(Verb::Keep)) && clause.span().is_none() && clause.time().is_none();
        let named = if uses { brief::pick(clause, self.scene.state) } else { None };
        let Some(Pick::Named(names)) = named else { return false };
        self.named.extend(names);
        true
    }

    fn push(&mut self, edit: Edit) {
        let made = self.intent.edits.iter_mut().find_map(as_make).filter(|make| make.length.is_none());
        if let (Edit::Fit(length), Some(make)) = (&edit, made) {
            make.length = Some(*length);
            return;
        }
        if let (Edit::Music(..), Some(last @ Edit::Music(..))) = (&edit, self.intent.edits.last_mut()) {
            // `add music, something upbeat`
            *last = edit;
            return;
        }
        match edit {
            Edit::Music(..) => self.scene.music = true,
            Edit::RemoveMusic => self.scene.music = false,
            Edit::AddText(..) | Edit::Captions(_) | Edit::CaptionFile(_) => self.scene.texts = true,
            _ => (),
        }
        if self.intent.edits.len() < EDITS_MAX && self.intent.edits.last() != Some(&edit) {
            self.intent.edits.push(edit);
        }
    }

    /// `with text`: a text is wanted, and its words are not said. They are taken from what is
    /// known of the project when the request is complete.
    fn lacks_words(&mut self, clause: &Clause<'_>) -> bool {
        let Subject::Text(style) = clause.subject() else { return false };
        let adds = matches!(clause.verb(), None | Some(Verb::Add | Verb::Make | Verb::Generate));
        let bare = clause.quotes().is_empty() && !clause.has(&Mark::Other);
        if adds && bare {
            self.push(Edit::AddText(style.unwrap_or(TextStyle::Title), String::new(), clause.looks()));
        }
        adds && bare
    }

    /// Unknown words beside an edit are named, not dropped; in the description of a new video
    /// they are its content.
    fn leftovers(&mut self, clause: &Clause<'_>, makes: bool) {
        if makes {
            return;
        }
        let shown = |words: &str| self.intent.edits.iter().any(|edit| shows(edit, words));
        let unknown = clause.tokens.iter().filter(|token| token.mark == Mark::Other);
        let stretches = unknown.map(|token| &self.text[token.from..token.to]);
        let odd: Vec<String> = stretches.filter(|words| !shown(words)).map(str::to_owned).collect();
        self.intent.not_understood.extend(odd);
    }

    fn generates(&self) -> bool {
        self.intent.edits.iter().any(|edit| matches!(edit, Edit::Make(_)))
    }

    fn has_pictures(&self) -> bool {
        self.scene.state.media.iter().any(|item| matches!(item.kind, Some(Kind::Image | Kind::Video)))
    }
}

fn as_make(edit: &mut Edit) -> Option<&mut Make> {
    if let Edit::Make(make) = edit { Some(make) } else { None }
}

/// `music: fade in 1 s, fade out 3 s`, `fade the picture in and the music out`: what one wish says of
/// fading goes on in the next.
fn fades_too(clause: &Clause<'_>, before: &Edit, last: &mut Edit, playing: bool) {
    match (before, &*last) {
        (Edit::MusicFade(..), Edit::Fade(side, length)) if !clause.names(Noun::Video) => {
            *last = Edit::MusicFade(*side, *length);
        }
        (Edit::Fade(side, length), Edit::Music(Tune::Made(_), None))
            if playing && clause.verb().is_none() && clause.mood().is_none() =>
        {
            let says = |word: &str| clause.verbatim().split(' ').any(|said| said.eq_ignore_ascii_case(word));
            let side = match (says("in"), says("out")) {
                (true, false) => Side::In,
                (false, true) => Side::Out,
                _ => *side,
            };
            *last = Edit::MusicFade(side, clause.time().unwrap_or(*length));
        }
        _ => (),
    }
}

/// Whether words became part of an edit.
fn shows(edit: &Edit, words: &str) -> bool {
    match edit {
        Edit::AddText(_, text, _) | Edit::ChangeText(_, Some(text), _) | Edit::Captions(text) => {
            text.contains(words)
        }
        Edit::EndCard(text) | Edit::Voice(text) => text.contains(words),
        Edit::RemoveText(TextRef::Saying(text)) => text.contains(words),
        Edit::Brand(brand) => brand.font.as_ref().is_some_and(|font| font.contains(words)),
        _ => false,
    }
}

/// Words of a stretch; two Chinese characters count as one.
fn words(text: &str) -> usize {
    let chinese = text.chars().filter(|c| *c as u32 >= 0x2E80).count();
    text.split_whitespace().filter(|w| w.chars().any(|c| c.is_alphanumeric() && (c as u32) < 0x2E80)).count()
        + chinese.div_ceil(2)
}
