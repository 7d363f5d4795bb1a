//! Reads a request sentence by sentence, wish by wish, and keeps what one wish tells the next.

use crate::model::edit::{Edit, Make, Source, TextStyle};
use crate::model::media::Kind;
use crate::model::time::Millis;
use crate::studio::agent::Language;
use crate::studio::agent::asks::{self, Question};
use crate::studio::agent::brief::{self, Brief, Brought};
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::intent::later::{alike, replaced};
use crate::studio::agent::intent::{Context, Intent, hear};
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Time, Verb};
use crate::studio::agent::rules::{self, Scene};
use crate::studio::agent::wanted;

/// More edits than this in one message are a mistake of ours, not a wish.
const EDITS_MAX: usize = 60;
/// Pixels of the shorter side of what is exported unless something else is said.
const SIDE: u32 = 1080;

/// A sentence that asks for no edit.
pub(super) enum Idle {
    /// It tells something: the script of a video when none is there yet.
    Told,
    /// It tells something before a video is asked for.
    Before,
    /// It asks for something that is not known.
    Odd,
    /// It is said beside the wishes.
    Talk,
}

/// What is known of a request so far.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) scene: Scene<'a>,
    pub(super) script: Option<String>,
    /// Sentences that ask for no edit, in order.
    pub(super) idle: Vec<(Idle, &'a str)>,
    pub(super) intent: Intent,
    /// Words for captions over the picture.
    pub(super) captions: Option<String>,
    /// Uploads that were named before the video was asked for: `first the harbour, then the city`.
    pub(super) offered: Vec<String>,
    /// The wishes that named them, when no video is made of them.
    pub(super) unused: Vec<String>,
    /// Uploads that a wish named to be used, before the video was asked for.
    pub(super) named: Vec<String>,
    /// The words of the new video are the request itself.
    pub(super) bare: bool,
    /// A new video was asked for, rather than needed by another wish.
    pub(super) asked: bool,
    pub(super) wants_status: bool,
    /// What the clause before was about, for one that says `it`.
    topic: Topic,
    /// What the clause before did.
    verb: Option<Verb>,
    /// Clauses that were talk.
    pub(super) talk: usize,
    /// Edits of clauses that tell something: made when nothing else is asked for.
    pub(super) stories: Vec<Edit>,
    /// A length that was said before the video.
    length: Option<Millis>,
    /// What the clause before complained of, and how many edits there were before it.
    pub(super) complaint: Option<(Subject, usize)>,
}

/// A clause as it was understood.
struct Meant {
    /// Its words, and those before it that it points at.
    tokens: Vec<Token>,
    edits: Vec<Edit>,
    /// Some of what it asks for cannot be done to the part that it names.
    lost: bool,
}

/// What a clause was about.
#[derive(Default)]
struct Topic {
    tokens: Vec<Token>,
    /// The clause asked for no edit: `the second photo is too dark, take it out`.
    open: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, context: &Context<'a>, brought: Option<Brought>) -> Self {
        let draft = context.state.draft.as_ref();
        let tracks = draft.map(|draft| draft.tracks()).unwrap_or_default();
        let has = |kind: &str| tracks.iter().any(|t| t.kind.word() == kind && !t.segments.is_empty());
        let pictures =
            context.state.media.iter().any(|item| matches!(item.kind, Some(Kind::Image | Kind::Video)));
        let scene = Scene {
            state: context.state,
            made: has("video"),
            soon: pictures || matches!(brought, Some(Brought::Script(_))),
            music: has("audio"),
            texts: has("text"),
            said: None,
            spoken: match &brought {
                Some(Brought::Spoken(words) | Brought::Script(words)) => Some(words.clone()),
                _ => None,
            },
        };
        let (script, captions) = match brought {
            Some(Brought::Script(script)) => (Some(script), None),
            Some(Brought::Captions(words)) => (None, Some(words)),
            Some(Brought::Spoken(_)) | None => (None, None),
        };
        let language = Language::of(text).unwrap_or(context.language);
        Self {
            text,
            scene,
            script,
            idle: Vec::new(),
            intent: Intent { language, ..Intent::default() },
            captions,
            offered: Vec::new(),
            unused: Vec::new(),
            named: Vec::new(),
            bare: false,
            asked: false,
            wants_status: false,
            topic: Topic::default(),
            verb: None,
            talk: 0,
            stories: Vec::new(),
            length: None,
            complaint: None,
        }
    }

    pub(super) fn clause(&mut self, clause: &Clause<'_>) {
        let others = rules::others::rest(clause, &self.scene, &self.intent.edits);
        if !others.is_empty() {
            others.into_iter().for_each(|edit| self.push(edit));
            return;
        }
        if self.told(clause) {
            return;
        }
        if hear::shares(clause) {
            self.intent.not_understood.push(clause.verbatim().to_owned());
            return;
        }
        let topic = matches!(
            clause.tokens,
            [Token { mark: Mark::Topic, .. }, Token { mark: Mark::Colon, .. }, _, ..]
        );
        if wanted::makes(clause, &self.scene) || topic && self.bare && self.asked {
            self.make(clause);
            return;
        }
        if self.intent.edits.last_mut().is_some_and(|last| rules::amend(clause, last)) {
            return;
        }
        // 先放这段，再放那段，拼成一条
        self.asked |= clause.verb() == Some(Verb::Generate) && !self.offered.is_empty();
        if self.names_uploads(clause) || self.lists_uploads(clause) {
            return;
        }
        if hear::forbids(clause) {
            self.talk += 1;
            self.remember(clause, true);
            return;
        }
        if hear::cannot(clause) {
            self.intent.not_understood.push(clause.verbatim().to_owned());
            return;
        }
        match self.meant(clause) {
            Some(Meant { tokens, edits, lost }) => {
                if lost {
                    self.intent.not_understood.push(clause.verbatim().to_owned());
                }
                let read = Clause { tokens: &tokens, ..clause.clone() };
                let subject = clause.subject();
                if let Some((of, count)) = self.complaint.take()
                    && (subject == Subject::Nothing || of == Subject::Text(None) || subject == of)
                {
                    // `the second photo goes by too quickly, give it 5 seconds`
                    self.intent.edits.truncate(count);
                }
                if hear::storied(clause) {
                    // `my photos speak for themselves` asks for no silence, when anything else is asked for.
                    self.stories.extend(edits);
                    self.talk += 1;
                    self.remember(&read, true);
                    return;
                }
                let complains = hear::complains(clause);
                let quoted = subject == Subject::Nothing && !clause.quotes().is_empty();
                let subject = if quoted { Subject::Text(None) } else { subject };
                self.complaint = complains.then_some((subject, self.intent.edits.len()));
                let again = ["too", "also", "again", "再", "也"].into_iter().any(|word| clause.says(word));
                if edits == [Edit::Undo] && (again || clause.has(&Mark::When(Time::Before))) {
                    // `undo that, and the step before it too`
                    self.intent.edits.push(Edit::Undo);
                } else if edits.len() > 1 && edits[0] == Edit::Undo {
                    self.intent.edits.extend(edits);
                } else {
                    edits.into_iter().for_each(|edit| self.push(edit));
                }
                self.intent.not_understood.extend(hear::details(clause).map(str::to_owned));
                self.remember(&read, complains);
            }
            None if rules::leaves_alone(clause) || self.lacks_words(clause) => self.remember(clause, false),
            None => self.unread(clause),
        }
    }

    /// What a request wants beside edits: a file, help, to be told what is there.
    fn told(&mut self, clause: &Clause<'_>) -> bool {
        if clause.does(Verb::Export) && !wanted::makes(clause, &self.scene) {
            self.intent.wants_export = true;
            // `export it in 4K`
            if let Some(side) = clause.side().filter(|side| *side != SIDE) {
                self.push(Edit::Canvas { shape: clause.shape(), side: Some(side) });
            }
            if hear::cannot(clause) {
                self.intent.not_understood.push(clause.verbatim().to_owned());
            }
            return true;
        }
        let asked = asks::of(clause.verbatim()).filter(|_| clause.quotes().is_empty());
        let help = asked == Some(Question::Help);
        let status = asked == Some(Question::Status);
        self.intent.wants_help |= help;
        self.wants_status |= status;
        // `keep the first 10 seconds and delete the rest`
        let rest = clause.names(Noun::Rest) && clause.verb() == Some(Verb::Remove) && clause.time().is_none();
        // 只留前8秒，后面的都不要
        let beyond = clause.verb() == Some(Verb::Remove)
            && clause.time().is_none()
            && clause.numbers().is_empty()
            && [Time::After, Time::Last, Time::Before].into_iter().any(|time| clause.has(&Mark::When(time)));
        // `in the opposite order, last one first`
        let reversed = self.intent.edits.last() == Some(&Edit::Reverse)
            && clause.has(&Mark::When(Time::Last))
            && clause.has(&Mark::When(Time::First));
        let kept = reversed
            || (rest || beyond) && matches!(self.intent.edits.last(), Some(Edit::Keep(_) | Edit::Delete(_)));
        // `not loud enough, the music`
        let thing = |token: &Token| matches!(token.mark, Mark::Stay | Mark::Noun(Noun::Music));
        let heard = matches!(self.intent.edits.last(), Some(Edit::MusicVolume(_)));
        let kept = kept || heard && clause.names(Noun::Music) && clause.tokens.iter().all(thing);
        // `leave the rest`, 其他不动
        let made = |edit: &Edit| matches!(edit, Edit::Make(Make { source: Source::Media(_), .. }));
        let kept = kept || rest && self.intent.edits.iter().any(made);
        let stays = matches!(clause.verb(), None | Some(Verb::Keep | Verb::Change));
        let kept = kept
            || stays
                && clause.names(Noun::Rest)
                && !matches!(clause.verb(), Some(Verb::Remove | Verb::Add))
                && rules::plain(clause);
        kept || help || status || rules::order::gone(clause, &self.scene, &self.intent.edits)
    }

    /// A clause that asks for a new video, and for what it says of it.
    fn make(&mut self, clause: &Clause<'_>) {
        let Brief { mut make, captions, bare } = brief::make(clause, &self.scene, self.script.as_deref());
        make.length = make.length.or(self.length.take());
        self.captions = captions.or(self.captions.take());
        let bare_before = std::mem::replace(&mut self.bare, bare) && self.asked;
        self.asked = true;
        self.scene.made = true;
        match self.intent.edits.iter_mut().find_map(as_make) {
            // `a 20 second video, subject: moving to Lisbon`
            Some(before) if bare_before => before.source = make.source,
            _ => self.push(Edit::Make(make)),
        }
        let masked = brief::without_topic(clause);
        let clause = &Clause { tokens: &masked, ..clause.clone() };
        let words_are_script = !matches!(clause.subject(), Subject::Text(Some(_)));
        let (asked, lost) = rules::edits(clause, &self.scene);
        if lost {
            self.intent.not_understood.push(clause.verbatim().to_owned());
        }
        for edit in asked {
            // Length, quotation and sources belong to the new cut.
            let words = matches!(edit, Edit::AddText(..) | Edit::ChangeText(..));
            let told = clause.factor().is_some() || clause.subject() == Subject::Speed;
            let fast = matches!(edit, Edit::Speed(..)) && clause.verb().is_some() && !told;
            let of_cut = fast
                || matches!(edit, Edit::Fit(_) | Edit::Append(_) | Edit::Keep(_))
                || matches!(edit, Edit::StartOver | Edit::Undo | Edit::Hold(Some(_), _));
            let of_cut =
                of_cut || matches!(edit, Edit::Hold(None, time) if brief::of_video(clause) == Some(time));
            if !(of_cut || words && words_are_script) {
                self.push(edit);
            }
        }
        self.lacks_words(clause);
    }

    /// The edits of a clause: read alone, else with what was done or spoken of before it.
    fn meant(&self, clause: &Clause<'_>) -> Option<Meant> {
        let with_topic: Vec<Token> = self.topic.tokens.iter().chain(clause.tokens).cloned().collect();
        let points = clause.hears(Cue::Pronoun);
        // `the music stops so abruptly, fade it out`
        let lasts = self.topic.open
            && matches!(clause.verb(), Some(Verb::Shorten | Verb::Stretch))
            && clause.time().is_none();
        let music = self
            .topic
            .tokens
            .iter()
            .any(|token| matches!(token.mark, Mark::Noun(Noun::Music | Noun::OwnMusic)));
        let music = music && self.topic.open && clause.fade().is_some() && !clause.names(Noun::Video);
        let free =
            lasts || music || clause.subject() == Subject::Nothing || points && clause.fade().is_some();
        // `16:9` needs nothing that was said before.
        let free = free && clause.shape().is_none() && clause.side().is_none();
        let bare = free && clause.shot().is_none() && clause.files().is_empty();
        let silent = |mark: &Mark| {
            matches!(mark, Mark::Fill | Mark::Stay | Mark::Set | Mark::Join | Mark::Comma | Mark::Other)
        };
        let negated = clause.verb() == Some(Verb::Remove) && clause.has(&Mark::Other);
        let told = !self.topic.tokens.is_empty()
            && !negated
            && !clause.tokens.iter().all(|token| silent(&token.mark));
        let alone = (clause.tokens.to_vec(), clause.inherited);
        let of_topic = (with_topic, clause.inherited);
        let mut attempts = Vec::new();
        let sounds = |token: &Token| match &token.mark {
            Mark::Noun(noun) => matches!(noun, Noun::Music | Noun::OwnMusic),
            Mark::File(name) => rules::kind_of(self.scene.state, name) == Some(Kind::Audio),
            _ => false,
        };
        let heard = self.topic.tokens.iter().any(sounds);
        let fades = points && heard && clause.fade().is_some();
        // `no need for the voice, remove it`
        let removes = points && clause.verb() == Some(Verb::Remove);
        let fades = fades || heard && clause.fade().is_some() && !clause.names(Noun::Video);
        let story = hear::tells(clause) && !hear::complains(clause);
        let told = told && !story;
        if told && (self.topic.open || fades || removes || self.stays(clause)) && bare {
            attempts.push(of_topic.clone());
        }
        attempts.push(alone.clone());
        if clause.own_verb().is_none() && !story {
            attempts.push((alone.0, self.verb));
        }
        if told && bare {
            attempts.push((of_topic.0.clone(), of_topic.1.or(self.verb)));
            attempts.push(of_topic);
        }
        if hear::dislikes(clause) && clause.subject() == Subject::Nothing && clause.quotes().is_empty() {
            return None;
        }
        attempts.into_iter().find_map(|(tokens, inherited)| {
            let read = Clause { tokens: &tokens, inherited, ..clause.clone() };
            let (edits, lost) = rules::edits(&read, &self.scene);
            let meant = lost || !edits.is_empty() && !hear::misses(&read, &edits);
            meant.then_some(Meant { tokens, edits, lost })
        })
    }

    /// `put the cup first and let it stay for 6 seconds`: the shot that was spoken of does.
    fn stays(&self, clause: &Clause<'_>) -> bool {
        let topic = Clause { tokens: &self.topic.tokens, inherited: None, ..clause.clone() };
        let lasts = clause.has(&Mark::When(Time::For)) && clause.time().is_some();
        let stays = lasts && matches!(clause.verb(), None | Some(Verb::Keep)) && clause.hears(Cue::Pronoun);
        stays && topic.shots().len() == 1 && topic.time().is_none()
    }

    /// A clause that no rule reads: named when it asks for something, else kept in mind.
    fn unread(&mut self, clause: &Clause<'_>) {
        self.remember(clause, true);
        let lone =
            clause.tokens.iter().all(|token| matches!(token.mark, Mark::Time(_) | Mark::Fill | Mark::Comma));
        if let Some(length) = clause.time().filter(|_| lone) {
            // `yoga for desk workers, 15 seconds, a vertical video`
            self.length = Some(length);
            return;
        }
        let says = |mark: &Mark| {
            !matches!(
                mark,
                Mark::Fill | Mark::Stay | Mark::Set | Mark::Join | Mark::Comma | Mark::Topic | Mark::When(_)
            )
        };
        let leads = matches!(clause.subject(), Subject::Nothing | Subject::Video | Subject::Text(None));
        let leads = leads && !clause.has(&Mark::Other) || clause.names(Noun::Script);
        let introduces = self.script.is_some() && leads;
        if introduces || !clause.tokens.iter().any(|token| says(&token.mark)) {
            return;
        }
        if self.offers_uploads(clause) {
            return;
        }
        match hear::commands(clause) {
            true => self.intent.not_understood.push(clause.verbatim().to_owned()),
            false => {
                self.talk += 1;
                let said = clause.has(&Mark::Other).then(|| clause.verbatim().to_owned());
                self.scene.said = said.or(self.scene.said.take());
            }
        }
    }

    /// Keeps what a clause was about for the next one.
    fn remember(&mut self, clause: &Clause<'_>, open: bool) {
        let names = |token: &&Token| {
            let fade = matches!(token.mark, Mark::Noun(Noun::FadeIn | Noun::FadeOut | Noun::FadeBoth));
            let thing = !fade
                && matches!(token.mark, Mark::Noun(_) | Mark::File(_) | Mark::Ordinal(_) | Mark::Number(_));
            let time = matches!(token.mark, Mark::When(_) | Mark::Time(_) | Mark::From | Mark::Until);
            thing || open && (time || matches!(token.mark, Mark::Stretch(..)))
        };
        let tokens: Vec<Token> = clause.tokens.iter().filter(names).cloned().collect();
        if tokens.iter().any(|token| !matches!(token.mark, Mark::When(_) | Mark::From | Mark::Until)) {
            // 开头两秒太晃眼了，镜头全白，剪掉吧: both clauses tell of it.
            let before =
                if open && self.topic.open { std::mem::take(&mut self.topic.tokens) } else { Vec::new() };
            self.topic = Topic { tokens: before.into_iter().chain(tokens).collect(), open };
        }
        self.verb = clause.verb().or(self.verb);
    }

    pub(super) fn push(&mut self, edit: Edit) {
        let made = self.intent.edits.iter_mut().find_map(as_make).filter(|make| make.length.is_none());
        if let (Edit::Fit(length), Some(make)) = (&edit, made) {
            make.length = Some(*length);
            return;
        }
        match edit {
            Edit::Music(..) => self.scene.music = true,
            Edit::RemoveMusic => self.scene.music = false,
            Edit::AddText(..) | Edit::Captions(_) | Edit::CaptionFile(_) => self.scene.texts = true,
            _ => (),
        }
        if let (Edit::Brand(more), Some(Edit::Brand(brand))) = (&edit, self.intent.edits.last_mut()) {
            // `our brand colour is teal and the font is Lora`
            brand.color = more.color.clone().or(brand.color.take());
            brand.background = more.background.clone().or(brand.background.take());
            brand.font = more.font.clone().or(brand.font.take());
            return;
        }
        match (&edit, self.intent.edits.iter_mut().find(|before| alike(before, &edit))) {
            // `our logo should sit bottom right, keep it small`
            (Edit::Logo { media, place, size }, Some(Edit::Logo { media: m, place: p, size: s })) => {
                (*m, *p, *s) = (media.clone().or(m.take()), place.or(*p), size.or(*s));
                return;
            }
            (Edit::Canvas { shape, side }, Some(Edit::Canvas { shape: s, side: p })) => {
                (*s, *p) = (shape.or(*s), side.or(*p));
                return;
            }
            _ => (),
        }
        // `swap the transitions, wipes please`: what is said last counts.
        self.intent.edits.retain(|before| !replaced(before, &edit));
        let once = !matches!(edit, Edit::Delete(_) | Edit::Duplicate(_) | Edit::Remove(_) | Edit::Speed(..));
        let repeats = self.intent.edits.last() == Some(&edit) || once && self.intent.edits.contains(&edit);
        if self.intent.edits.len() < EDITS_MAX && !repeats {
            self.intent.edits.push(edit);
        }
    }

    /// `with text`: a text is wanted, and its words are not said. They are taken from what is
    /// known of the project when the request is complete.
    fn lacks_words(&mut self, clause: &Clause<'_>) -> bool {
        let Subject::Text(style) = clause.subject() else { return false };
        // `I like the title` asks for none.
        let adds = matches!(clause.verb(), None | Some(Verb::Add | Verb::Make | Verb::Generate))
            && !hear::tells(clause);
        let bare = clause.quotes().is_empty() && !clause.has(&Mark::Other);
        if adds && bare {
            self.push(Edit::AddText(style.unwrap_or(TextStyle::Title), String::new(), clause.looks()));
        }
        adds && bare
    }

    pub(super) fn generates(&self) -> bool {
        self.intent.edits.iter().any(|edit| matches!(edit, Edit::Make(_)))
    }

    pub(super) fn has_pictures(&self) -> bool {
        self.scene.state.media.iter().any(|item| matches!(item.kind, Some(Kind::Image | Kind::Video)))
    }
}

pub(super) fn as_make(edit: &mut Edit) -> Option<&mut Make> {
    if let Edit::Make(make) = edit { Some(make) } else { None }
}
