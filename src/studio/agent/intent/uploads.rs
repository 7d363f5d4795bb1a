//! Uploads that a request names for a video: `use only city.mp4`, `the cup, then the beans`.

use crate::model::edit::{Edit, Make, Pick, Source};
use crate::studio::agent::brief;
use crate::studio::agent::clause::Clause;
use crate::studio::agent::intent::reader::{Reader, as_make};
use crate::studio::agent::lex::Mark;
use crate::studio::agent::phrases::{Cue, Noun, Time, Verb};
use crate::studio::agent::rules;

impl Reader<'_> {
    /// `…, cup and beans, ten seconds`: what the video that was asked for is made of.
    pub(super) fn lists_uploads(&mut self, clause: &Clause<'_>) -> bool {
        let of_all = |edit: &Edit| {
            matches!(edit, Edit::Make(Make { source: Source::Media(Pick::All | Pick::Of(_)), .. }))
        };
        let of_named =
            |edit: &Edit| matches!(edit, Edit::Make(Make { source: Source::Media(Pick::Named(_)), .. }));
        let asked = self.asked && self.intent.edits.iter().any(|edit| of_all(edit) || of_named(edit));
        let lists = |mark: &Mark| {
            let order =
                matches!(mark, Mark::When(Time::First | Time::Last | Time::Start) | Mark::Join | Mark::Comma);
            order
                || matches!(
                    mark,
                    Mark::File(_)
                        | Mark::Fill
                        | Mark::Stay
                        | Mark::Time(_)
                        | Mark::Noun(Noun::Photo | Noun::Clip)
                )
        };
        let plain = clause.tokens.iter().all(|token| lists(&token.mark)) && !clause.files().is_empty();
        if !(asked && plain) {
            return false;
        }
        let Some(Pick::Named(names)) = brief::pick(clause, self.scene.state) else { return false };
        match self.intent.edits.iter_mut().find_map(as_make).map(|make| &mut make.source) {
            // `make a video: the beans first, then the city`
            Some(Source::Media(Pick::Named(made))) => {
                let more: Vec<String> = names.into_iter().filter(|name| !made.contains(name)).collect();
                made.extend(more);
            }
            _ => self.offered.extend(names),
        }
        if let Some(length) = clause.time() {
            self.push(Edit::Fit(length));
        }
        true
    }

    /// `use only city.mp4`: the uploads for a video that is still to be made, or made anew.
    pub(super) fn names_uploads(&mut self, clause: &Clause<'_>) -> bool {
        let uses = !self.scene.made
            && matches!(clause.verb(), Some(Verb::Keep))
            && clause.span().is_none()
            && clause.time().is_none()
            && rules::plain(clause)
            && !clause.hears(Cue::AsItIs);
        let named = if uses { brief::pick(clause, self.scene.state) } else { None };
        let Some(Pick::Named(names)) = named else { return false };
        self.named.extend(names);
        true
    }

    /// `first the harbour, then the city`: uploads for a video that is asked for later.
    pub(super) fn offers_uploads(&mut self, clause: &Clause<'_>) -> bool {
        let puts = match clause.verb() {
            Some(verb) => matches!(verb, Verb::Add | Verb::Move),
            None => {
                clause.files().iter().any(|name| name.contains('.'))
                    && (!clause.has(&Mark::Other) || clause.files().len() > 1)
            }
        };
        if !self.scene.made
            && puts
            && let Some(Pick::Named(names)) = brief::pick(clause, self.scene.state)
        {
            self.offered.extend(names);
            self.unused.push(clause.verbatim().to_owned());
            return true;
        }
        false
    }
}
