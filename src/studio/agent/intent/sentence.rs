//! One sentence of a request: prose for a video, or wishes one after the other.

use crate::studio::agent::asks;
use crate::studio::agent::clause::Clause;
use crate::studio::agent::intent::hear;
use crate::studio::agent::intent::later::{both_fade, fades_too};
use crate::studio::agent::intent::reader::{Idle, Reader};
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::Verb;
use crate::studio::agent::split::clauses;
use crate::studio::agent::wanted;

/// A sentence with so many unknown words tells something rather than asking for an edit.
const PROSE_WORDS_MIN: usize = 3;

impl<'a> Reader<'a> {
    pub(super) fn sentence(&mut self, tokens: &'a [Token]) {
        let verbatim = self.with_end_mark(tokens);
        if self.is_prose(tokens) {
            self.scene.soon = true;
            let idle = if self.asked { Idle::Told } else { Idle::Before };
            self.idle.push((idle, verbatim));
            return;
        }
        let (edits, odd, talk) = (self.intent.edits.len(), self.intent.not_understood.len(), self.talk);
        for (at, clause) in clauses(self.text, tokens).into_iter().enumerate() {
            let before = self.intent.edits.last().cloned().filter(|_| at > 0);
            let playing = self.scene.music;
            self.clause(&clause);
            if let Some(before) = before {
                fades_too(&clause, &before, &mut self.intent.edits, playing);
            }
            both_fade(&mut self.intent.edits);
        }
        if self.intent.edits.len() > edits {
            return;
        }
        if self.intent.not_understood.len() > odd {
            self.intent.not_understood.truncate(odd);
            self.idle.push((Idle::Odd, verbatim));
        } else if self.talk > talk {
            self.idle.push((Idle::Talk, verbatim));
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
        let whole = Clause { request: self.text, tokens, inherited: None };
        let told = tokens.iter().any(|token| matches!(token.mark, Mark::Factor(_) | Mark::Percent(_)));
        if self.has_pictures() && (told || hear::tells(&whole)) || hear::shares(&whole) {
            return false;
        }
        if asks::of(whole.verbatim()).is_some() || wanted::makes(&whole, &self.scene) {
            return false;
        }
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
}

/// Words of a stretch; two Chinese characters count as one.
fn words(text: &str) -> usize {
    let chinese = text.chars().filter(|c| *c as u32 >= 0x2E80).count();
    text.split_whitespace().filter(|w| w.chars().any(|c| c.is_alphanumeric() && (c as u32) < 0x2E80)).count()
        + chinese.div_ceil(2)
}
