//! What a request leaves unsaid: the words of a video, its logo, its music.

use crate::model::edit::{self, Edit, Level, Looks, Make, Pick, Source, TextRef, TextStyle, Tune};
use crate::model::media::Kind;
use crate::model::state::MediaItem;
use crate::studio::agent::intent::Intent;
use crate::studio::agent::intent::reader::{Idle, Reader, as_make};
use crate::studio::agent::{brief, mood, names, status};

impl Reader<'_> {
    /// Ends the reading: what was left unsaid is settled, and the edits are put in order.
    pub(super) fn finish(mut self) -> Intent {
        self.take_script();
        self.take_named();
        self.take_title();
        self.make_picture();
        self.place_logo();
        self.fill_words();
        self.lay_music();
        self.keep_slow_length();
        self.stage();
        self.keep_card_length();
        self.tell_status();
        self.intent
    }

    /// Says what is on the timeline when the edits are made, for those who ask.
    fn tell_status(&mut self) {
        if !self.wants_status {
            return;
        }
        let mut state = self.scene.state.clone();
        for edit in &self.intent.edits {
            // What cannot be made is told in its own words.
            state = edit::apply(&state, edit).map_or(state, |applied| applied.state);
        }
        self.intent.status = Some(status::of(&state));
    }

    /// A script that no sentence asked to make a video of, and prose, become one.
    fn take_script(&mut self) {
        self.tell_stories();
        // `I run a bakery. Make a video about our croissants.`
        if self.asked && !self.bare {
            self.idle.retain(|(idle, _)| !matches!(idle, Idle::Before));
        }
        let tells = self.idle.iter().any(|(idle, _)| matches!(idle, Idle::Told | Idle::Before));
        let prose = tells.then(|| self.idle.iter().map(|(_, words)| *words).collect::<Vec<_>>().join("\n"));
        if !tells {
            self.name_idle();
        }
        let script = match self.script.take() {
            Some(script) => Some(script).filter(|_| !self.generates()),
            None => prose,
        };
        let Some(script) = script else { return };
        self.asked = true;
        match self.intent.edits.iter_mut().find_map(as_make) {
            Some(Make { source: source @ Source::Words(_), .. }) => *source = Source::Words(script),
            Some(_) => self.captions = Some(script),
            None => self.lead_with_make(Some(script)),
        }
    }

    /// What a story seems to ask for is done when nothing else is asked for.
    fn tell_stories(&mut self) {
        let none = self.intent.edits.is_empty() && !self.intent.wants_export && !self.wants_status;
        if none && self.intent.not_understood.is_empty() {
            self.intent.edits.append(&mut self.stories);
        }
    }

    /// Names the sentences that were not understood; talk only when nothing else was.
    fn name_idle(&mut self) {
        let intent = &self.intent;
        let heard = !intent.edits.is_empty()
            || !intent.not_understood.is_empty()
            || intent.wants_export
            || intent.wants_help
            || self.wants_status
            || self.idle.iter().any(|(idle, _)| matches!(idle, Idle::Odd));
        let odd = self.idle.iter().filter(|(idle, _)| matches!(idle, Idle::Odd) || !heard);
        let named: Vec<String> = odd.map(|(_, words)| (*words).to_owned()).collect();
        self.intent.not_understood.extend(named);
    }

    /// The uploads that were named are what the video is made of.
    fn take_named(&mut self) {
        let mut named = std::mem::take(&mut self.named);
        let of_all = |edit: &Edit| {
            matches!(edit, Edit::Make(Make { source: Source::Media(Pick::All | Pick::Of(_)), .. }))
        };
        let none = !self.generates() && !self.scene.made;
        if self.asked && (none || self.intent.edits.iter().any(of_all)) {
            named.append(&mut self.offered);
            self.unused.clear();
        }
        self.intent.not_understood.append(&mut self.unused);
        if named.is_empty() {
            return;
        }
        let source = Source::Media(Pick::Named(named));
        match self.intent.edits.iter_mut().find_map(as_make) {
            Some(make) => make.source = source,
            None => self.intent.edits.insert(0, Edit::Make(Make { source, length: None, palette: None })),
        }
        self.scene.made = true;
    }

    /// A title is better than the request itself, when nothing else is known of a video's words.
    fn take_title(&mut self) {
        let plain = |edit: &Edit| match edit {
            Edit::AddText(TextStyle::Title, words, looks)
                if *looks == (Looks { length: looks.length, ..Looks::default() }) =>
            {
                Some((words.clone(), looks.length))
            }
            _ => None,
        };
        let title = self.intent.edits.iter().find_map(plain);
        let title = title.filter(|(words, _)| self.bare && !words.is_empty());
        let Some(title) = title else { return };
        if let Some(make) = self.intent.edits.iter_mut().find_map(as_make) {
            make.source = Source::Words(title.0.clone());
            make.length = make.length.or(title.1);
            self.intent.edits.retain(|edit| plain(edit).as_ref() != Some(&title));
        }
    }

    /// Edits of a picture that is not there yet first make one of the uploads.
    fn make_picture(&mut self) {
        let wants = self.intent.wants_export || !self.intent.edits.is_empty();
        let only_history = self
            .intent
            .edits
            .iter()
            .all(|edit| matches!(edit, Edit::Undo | Edit::StartOver | Edit::Canvas { .. }));
        let exports = self.intent.wants_export && self.intent.edits.is_empty();
        if !wants || self.scene.made || only_history && !exports || !self.has_pictures() {
            return;
        }
        self.lead_with_make(None);
    }

    fn lead_with_make(&mut self, script: Option<String>) {
        let palette = None;
        let asked = self.intent.edits.iter().position(|edit| matches!(edit, Edit::Fit(_)));
        let length = match asked.map(|at| self.intent.edits.remove(at)) {
            Some(Edit::Fit(length)) => Some(length),
            _ => None,
        };
        let source = if self.has_pictures() {
            self.captions = script.or(self.captions.take());
            Source::Media(Pick::All)
        } else {
            Source::Words(script.unwrap_or_default())
        };
        let make = Edit::Make(Make { source, length, palette });
        if !self.asked {
            self.intent.unasked.push(make.clone());
        }
        self.intent.edits.insert(0, make);
        self.scene.made = true;
    }

    /// A logo among the uploads goes to its corner when media become a video.
    fn place_logo(&mut self) {
        let of_media = |edit: &Edit| {
            matches!(edit, Edit::Make(Make { source: Source::Media(Pick::All | Pick::Of(_)), .. }))
        };
        let said = |edit: &Edit| matches!(edit, Edit::Logo { .. } | Edit::RemoveLogo);
        let images = || self.scene.state.media.iter().filter(|item| item.kind == Some(Kind::Image));
        let logo = images().any(|item| names::is_logo(item.label()));
        let others = self.scene.state.media.iter().any(|item| {
            item.kind == Some(Kind::Video) || item.kind == Some(Kind::Image) && !names::is_logo(item.label())
        });
        if logo && others && self.intent.edits.iter().any(of_media) && !self.intent.edits.iter().any(said) {
            let logo = Edit::Logo { media: None, place: None, size: None };
            self.intent.unasked.push(logo.clone());
            self.intent.edits.push(logo);
        }
    }

    /// Gives words to texts that were asked for without any.
    fn fill_words(&mut self) {
        if let Some(words) = self.captions.take() {
            self.intent.edits.push(Edit::Captions(words));
        }
        let words_video =
            self.intent.edits.iter().any(|e| matches!(e, Edit::Make(Make { source: Source::Words(_), .. })));
        let captions = self.intent.edits.iter().any(|e| matches!(e, Edit::Captions(_)));
        let empty = |edit: &Edit| matches!(edit, Edit::AddText(_, words, _) if words.is_empty());
        if !self.intent.edits.iter().any(empty) {
            return;
        }
        let title = brief::own_title(self.scene.state);
        let mut guessed = false;
        let mut unasked = Vec::new();
        self.intent.edits.retain_mut(|edit| match edit {
            Edit::AddText(_, words, _) if words.is_empty() => {
                // A video of words and captions has its text already.
                let given = title.clone().filter(|_| !words_video && !captions);
                guessed |= given.is_some() || !words_video && !captions;
                *words = given.unwrap_or_default();
                let kept = !words.is_empty();
                unasked.extend(kept.then(|| edit.clone()));
                kept
            }
            _ => true,
        });
        self.intent.unasked.extend(unasked);
        self.intent.guessed_words = guessed;
    }

    /// A new video that nobody wants silent gets music. The sound of clips is not covered up.
    fn lay_music(&mut self) {
        let edits = &self.intent.edits;
        let quiet = |edit: &Edit| {
            matches!(edit, Edit::RemoveMusic | Edit::Sound(Level::To(0.0), None) | Edit::Music(..))
        };
        let wanted = self.asked && !edits.iter().any(quiet);
        let Some(source) = source_of(edits).filter(|_| wanted) else { return };
        if self.clips(source).any(|clip| clip.sound != Some(false)) {
            return;
        }
        let uploads = self.scene.state.media.iter().any(|item| item.kind == Some(Kind::Audio));
        let tune = match source {
            _ if uploads => Tune::Upload(None),
            Source::Words(words) => Tune::Made(mood::of(&format!("{}\n{words}", self.text))),
            Source::Media(_) => Tune::Made(mood::of(self.text)),
        };
        self.intent.unasked.push(Edit::Music(tune.clone(), None));
        self.intent.edits.insert(0, Edit::Music(tune, None));
        self.intent.added_music = true;
    }

    /// The clips of a new cut.
    fn clips(&self, source: &Source) -> impl Iterator<Item = &MediaItem> {
        let used = move |item: &&MediaItem| match source {
            Source::Words(_) | Source::Media(Pick::Of(Kind::Image | Kind::Audio | Kind::Subtitles)) => false,
            Source::Media(Pick::All | Pick::Of(Kind::Video)) => true,
            Source::Media(Pick::Named(names)) => names.contains(&item.name),
        };
        self.scene.state.media.iter().filter(|item| item.kind == Some(Kind::Video)).filter(used)
    }

    /// `a 10 second reel, slow motion`: so long is what comes out.
    fn keep_slow_length(&mut self) {
        if self.intent.edits.iter().any(|edit| matches!(edit, Edit::Speed(_, None))) {
            self.fit_again();
        }
    }

    /// `12 seconds with an end card`: so long is the video with its card.
    fn keep_card_length(&mut self) {
        if self.intent.edits.iter().any(|edit| matches!(edit, Edit::EndCard(_))) {
            self.fit_again();
        }
    }

    /// Brings a new video back to the length that it was asked to have, unless its shots have theirs.
    fn fit_again(&mut self) {
        if self.intent.edits.iter().any(|edit| matches!(edit, Edit::Hold(..))) {
            return;
        }
        let made = self.intent.edits.iter_mut().find_map(as_make).and_then(|make| make.length);
        let Some(length) = made else { return };
        self.intent.unasked.push(Edit::Fit(length));
        self.intent.edits.push(Edit::Fit(length));
    }

    /// Puts the edits of the cut before what is laid over it, when a video is made.
    fn stage(&mut self) {
        if !self.generates() {
            return;
        }
        let sounds = source_of(&self.intent.edits).is_some_and(|source| self.clips(source).next().is_some());
        // What is not there yet needs no taking away.
        let fresh = |edit: &Edit| match edit {
            Edit::RemoveMusic | Edit::RemoveLogo | Edit::RemoveText(TextRef::All | TextRef::Style(_)) => {
                false
            }
            Edit::RemoveProgress | Edit::RemoveEndCard | Edit::RemoveVoice => false,
            Edit::Sound(Level::To(0.0), None) => sounds,
            _ => true,
        };
        let (kept, needless) = std::mem::take(&mut self.intent.edits).into_iter().partition(fresh);
        (self.intent.edits, self.intent.needless) = (kept, needless);
        self.intent.edits.sort_by_key(is_laid_over);
        self.intent.cut = self.intent.edits.iter().filter(|edit| !is_laid_over(edit)).count();
    }
}

/// What a new cut is made of, when one is made.
fn source_of(edits: &[Edit]) -> Option<&Source> {
    edits.iter().find_map(|edit| if let Edit::Make(make) = edit { Some(&make.source) } else { None })
}

/// Whether an edit belongs to the second stage of a generation.
fn is_laid_over(edit: &Edit) -> bool {
    matches!(
        edit,
        Edit::AddText(..)
            | Edit::Captions(_)
            | Edit::CaptionFile(_)
            | Edit::ChangeText(..)
            | Edit::RemoveText(_)
            | Edit::Music(..)
            | Edit::MusicVolume(_)
            | Edit::MusicFade(..)
            | Edit::RemoveMusic
            | Edit::Duck(_)
            | Edit::Voice(_)
            | Edit::RemoveVoice
            | Edit::EndCard(_)
            | Edit::RemoveEndCard
            | Edit::Progress(_)
            | Edit::Brand(_)
            | Edit::RemoveProgress
            | Edit::Logo { .. }
            | Edit::RemoveLogo
    )
}
