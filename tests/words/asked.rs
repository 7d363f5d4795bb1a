//! What a request asked for, made comparable: a reading and a label that mean the same become equal.
//!
//! Left out of a reading is what the agent adds by itself (music for a new video, a logo in its corner,
//! a title without words, colours behind words). Two names for the same thing on a project are one:
//! `#2` and `image2` where all shots are photos, `all` and `images` where all uploads are, `latest` and
//! `title` where the title is the only text. 1080p is what every picture has. Words that a video is made
//! of count without case, punctuation and leading articles. Edits count in any order: a new video is
//! staged, so that its reading has an order of its own.

use reelscript::model::edit::{Edit, Make, TextStyle};
use reelscript::studio::agent::intent::Intent;

use super::notation;

/// Names of what a request or a label asks for, in order of their letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    items: Vec<String>,
    /// Something was not understood.
    odd: bool,
}

/// Returns what a reading on a project asks for. A video that edits need, and nobody asked to make, counts
/// only when the label has one.
pub(super) fn of_reading(intent: &Intent, project: &str, label: &Asked) -> Asked {
    let mut unasked = intent.unasked.clone();
    let labelled = label.items.iter().any(|item| item.starts_with("make("));
    unasked.retain(|edit| !(labelled && matches!(edit, Edit::Make(_))));
    let asked = intent.edits.iter().filter(|edit| match unasked.iter().position(|other| other == *edit) {
        Some(at) => {
            unasked.remove(at);
            false
        }
        None => true,
    });
    let adds = intent.edits.iter().any(|edit| matches!(edit, Edit::AddText(..) | Edit::Captions(_)));
    let plain = |edit: &Edit| match edit {
        Edit::Make(make) => notation::edit(&Edit::Make(Make { palette: None, ..make.clone() })),
        other => notation::edit(other),
    };
    let mut items: Vec<String> = asked.map(plain).collect();
    // `make it 15 seconds` of uploads that are no video yet: the length was asked for.
    let length =
        intent.unasked.iter().find_map(|edit| if let Edit::Make(make) = edit { make.length } else { None });
    items.extend(length.filter(|_| !labelled).map(|length| format!("fit({length}s)")));
    // `no logo` of a video that is still to be made: it was asked for, and needs no doing.
    let needless = intent.needless.iter().map(notation::edit).filter(|item| label.items.contains(item));
    items.extend(needless);
    items.extend(intent.wants_export.then(|| "export".to_owned()));
    items.extend(intent.wants_help.then(|| "help".to_owned()));
    items.extend(intent.status.is_some().then(|| "status".to_owned()));
    settled(items, !intent.not_understood.is_empty(), project, adds)
}

/// Reads a label.
pub(super) fn of_label(label: &str, project: &str) -> Asked {
    let mut items = Vec::new();
    let mut odd = false;
    let mut rest = label.trim();
    while !rest.is_empty() {
        let end = item_end(rest);
        let (item, more) = rest.split_at(end);
        rest = more.trim_start();
        match item.starts_with('?') {
            true => odd = true,
            false if item == "|" => (),
            false => items.push(item.to_owned()),
        }
    }
    let styles = TextStyle::ALL.iter().map(|style| format!("{}(", style.words().0));
    let openings: Vec<String> = styles.chain(["captions(".to_owned()]).collect();
    let adds = items.iter().any(|item| openings.iter().any(|opening| item.starts_with(opening)));
    settled(items, odd, project, adds)
}

impl Asked {
    /// Whether a reading gives what this label asks for.
    pub(super) fn agrees(&self, reading: &Self) -> bool {
        let mut left = reading.items.clone();
        let found = self.items.iter().all(|wanted| {
            let at = left.iter().position(|item| same(wanted, item));
            at.map(|at| left.remove(at)).is_some()
        });
        found && left.is_empty() && self.odd == reading.odd
    }
}

/// Whether an edit is the one that a label names; music of any mood when none was said.
fn same(wanted: &str, item: &str) -> bool {
    let inside =
        |text: &str| text.strip_prefix("music(").and_then(|rest| rest.strip_suffix(')')).map(str::to_owned);
    let volume = |text: &str| text.split(' ').find(|part| part.ends_with('%')).map(str::to_owned);
    match (inside(wanted), inside(item)) {
        (Some(wanted), Some(item)) if wanted.is_empty() || wanted.ends_with('%') && !wanted.contains(' ') => {
            volume(&wanted) == volume(&item)
        }
        _ => wanted == item,
    }
}

/// Where the first item of a label ends: `title('It's (here)' red)`, `crossfade 0.5s`, `?'a dog'`.
fn item_end(text: &str) -> usize {
    let closes = |close: char| {
        let ends = |(at, c): (usize, char)| {
            let after = text[at + c.len_utf8()..].chars().next();
            (c == close && after.is_none_or(|next| next == ' ')).then_some(at + c.len_utf8())
        };
        text.char_indices().skip(2).find_map(ends).unwrap_or(text.len())
    };
    let word = text.find([' ', '(']).unwrap_or(text.len());
    if text.starts_with('?') {
        return closes('\'');
    }
    if text[word..].starts_with('(') {
        return closes(')');
    }
    let next = text[word..].trim_start();
    let length = next.split(' ').next().unwrap_or_default();
    let lasts = length.strip_suffix('s').is_some_and(|digits| digits.parse::<f64>().is_ok());
    if lasts { text.len() - next.len() + length.len() } else { word }
}

fn settled(items: Vec<String>, odd: bool, project: &str, adds: bool) -> Asked {
    let one_text = ["made", "slides"].contains(&project) && !adds;
    let items = items.into_iter().map(|item| plain(&item, project, one_text));
    let mut items: Vec<String> = items.flat_map(|item| facts(&item)).collect();
    items.retain(|item| !["canvas()", "title('')", "title()", "caption()"].contains(&item.as_str()));
    items.sort();
    Asked { items, odd }
}

fn plain(item: &str, project: &str, one_text: bool) -> String {
    if item.starts_with("make('") || item.starts_with("captions('") {
        return words(item);
    }
    let mut item = item.replace(" 1080p", "").replace("(1080p)", "()");
    let shots = ["move", "swap", "duplicate", "delete", "hold", "speed", "sound", "look", "motion", "fill"];
    let kind = match project {
        "photos" | "logo" | "slides" => Some("image"),
        "clip" | "clips" | "made" => Some("video"),
        _ => None,
    };
    let head = item.split('(').next().unwrap_or_default().to_owned();
    if let Some(kind) = kind {
        if shots.contains(&head.as_str()) {
            item = item.replace(&format!("last {kind}"), "last");
            for n in 0..10 {
                item = item.replace(&format!("{kind}{n}"), &format!("#{n}"));
            }
        }
        if ["make", "append"].contains(&head.as_str()) {
            item = item.replacen(&format!("({kind}s"), "(all", 1);
        }
    }
    item = until(&item);
    if one_text && ["change", "untext"].contains(&head.as_str()) {
        for name in ["latest", "all", "'Hello'"] {
            item = item.replacen(&format!("({name}"), "(title", 1);
        }
    }
    item
}

/// `change(title red bigger)` asks for two things, in one wish or in two.
fn facts(item: &str) -> Vec<String> {
    let Some(inside) = item.strip_prefix("change(").and_then(|rest| rest.strip_suffix(')')) else {
        return vec![item.to_owned()];
    };
    let (mut parts, mut quoted) = (vec![String::new()], false);
    for c in inside.chars() {
        quoted ^= c == '\'';
        match (c, parts.last_mut()) {
            (' ', Some(last)) if !quoted && !last.ends_with('→') => parts.push(String::new()),
            (c, Some(last)) => last.push(c),
            _ => (),
        }
    }
    let (which, facts) = parts.split_first().map(|(which, facts)| (which.clone(), facts)).unwrap_or_default();
    facts.iter().map(|fact| format!("change({which} {fact})")).collect()
}

/// `5.. 3s` is `5..8`, and `end.. 3s` is `-3..end`: a start and a length are a span.
fn until(item: &str) -> String {
    let mut parts: Vec<String> = item.trim_end_matches(')').split(' ').map(str::to_owned).collect();
    let number = |part: &str| part.parse::<f64>().ok();
    let length = parts.last().and_then(|part| number(part.strip_suffix('s')?));
    let start = parts.len().checked_sub(2).and_then(|at| parts[at].strip_suffix("..")).map(str::to_owned);
    let (Some(length), Some(start)) = (length, start) else { return item.to_owned() };
    let span = match number(&start) {
        Some(from) if from >= 0.0 => format!("{from}..{}", from + length),
        _ if start == "end" => format!("-{length}..end"),
        _ => return item.to_owned(),
    };
    parts.truncate(parts.len() - 2);
    format!("{} {span})", parts.join(" "))
}

/// The words of an item without case, punctuation and leading articles; what follows them stays.
fn words(item: &str) -> String {
    let (head, rest) = item.split_once('\'').unwrap_or((item, ""));
    let (said, facts) = rest.rsplit_once('\'').unwrap_or((rest, ""));
    let spaced: String =
        said.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let mut parts: Vec<&str> = spaced.split_whitespace().collect();
    while parts.len() > 1 && ["a", "an", "the"].contains(&parts[0]) {
        parts.remove(0);
    }
    format!("{head}'{}'{facts}", parts.join(" "))
}

#[cfg(test)]
mod tests {
    use reelscript::studio::agent::Language;
    use reelscript::studio::agent::intent::{Context, read};

    use super::super::projects::project;
    use super::{of_label, of_reading};

    fn agrees(name: &str, request: &str, label: &str) -> bool {
        let state = project(name);
        let intent = read(request, &Context { state: &state, language: Language::English });
        let label = of_label(label, name);
        label.agrees(&of_reading(&intent, name, &label))
    }

    #[test]
    fn what_nobody_asked_for_does_not_count() {
        assert!(agrees("empty", "make a 6 second video: A calm morning.", "make('calm morning' 6s)"));
        assert!(agrees("logo", "make a 10 second video", "make(all 10s)"));
        assert!(agrees("photos", "add the title 'It's (here)' in red", "title('It's (here)' red)"));
        assert!(agrees("made", "add the title 'Go' at 5 seconds for 3 seconds", "title('Go' 5..8)"));
        assert!(agrees("clip", "make it 15 seconds and vertical", "fit(15s) canvas(9:16)"));
        assert!(agrees("photos", "add the title 'Go' and music", "music() title('Go')"));
        assert!(agrees("slides", "crossfades of 0.5 seconds, then export", "crossfade 0.5s export"));
        assert!(agrees("made", "add upbeat music and add fireworks", "music(upbeat) ?'fireworks'"));
    }

    #[test]
    fn what_differs_is_seen() {
        assert!(!agrees("made", "add upbeat music", "music(calm)"));
        assert!(!agrees("made", "add upbeat music at 20%", "music()"));
        assert!(!agrees("made", "add upbeat music", "music(upbeat) ?'x'"));
        assert!(!agrees("made", "keep the first 10 seconds", "keep(0..10) fade(out 1s)"));
        assert!(!agrees("mix", "make a video of the photos", "make(all)"));
    }
}
