//! What a request to make a video says of it: script, topic, length, media.

use crate::model::draft::TrackKind;
use crate::model::edit::{Look, Make, Palette, Pick, Source};
use crate::model::media::Kind;
use crate::model::state::State;
use crate::model::time::Millis;
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::names::is_logo;
use crate::studio::agent::orders::{self, Parted};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Time, Verb};
use crate::studio::agent::rules::{Scene, full_name};

/// Words of the project that a new cut takes up, at most.
const KNOWN_CHARS_MAX: usize = 2000;

/// Words that a request brings along after its command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Brought {
    /// The script of a video: `from my description: …`, or the lines below the first.
    Script(String),
    /// Several captions: `with captions: First. Second.`
    Captions(String),
    /// Words to be spoken: `add a voice-over: First. Second.`
    Spoken(String),
}

/// A request, parted into what is to be done and what is to be shown.
pub(super) struct Told<'a> {
    /// The tokens of the command.
    pub(super) command: &'a [Token],
    /// The words that come after it.
    pub(super) brought: Option<Brought>,
    /// Commands among those words.
    pub(super) orders: Vec<&'a [Token]>,
}

/// Finds the words that a request brings along, and the commands among them.
pub(super) fn told<'a>(request: &str, tokens: &'a [Token]) -> Told<'a> {
    for (at, token) in tokens.iter().enumerate() {
        let newline = token.mark == Mark::Stop && request[token.from..].starts_with('\n');
        if token.mark != Mark::Colon && !newline {
            continue;
        }
        let before = &tokens[..at];
        if token.mark == Mark::Colon && lists_uploads(request, &tokens[at + 1..]) {
            continue;
        }
        let Some(kind) = bringing(request, before, request[token.to..].trim()) else { continue };
        if let [Token { mark: Mark::Quote(words), from, .. }, rest @ ..] = &tokens[at + 1..]
            && !request[*from..].starts_with(char::is_alphanumeric)
        {
            // What stands behind a quotation is said of it: `"Three nights." vertical, 15 s`
            let orders =
                rest.split(|token| token.mark == Mark::Stop).filter(|order| !order.is_empty()).collect();
            return Told { command: before, brought: Some(kind(words.clone())), orders };
        }
        let Parted { words, orders } = orders::parted(request, &tokens[at + 1..], token.to);
        let words = unwrapped(&words).to_owned();
        let brought = words.chars().any(char::is_alphanumeric).then(|| kind(words));
        return Told { command: before, brought, orders };
    }
    Told { command: tokens, brought: None, orders: Vec::new() }
}

/// `make a video: beans first, then city`: what the video is made of.
fn lists_uploads(request: &str, tail: &[Token]) -> bool {
    let sentence = tail.split(|token| token.mark == Mark::Stop).next().unwrap_or_default();
    let lists = |token: &Token| {
        let joint = matches!(token.mark, Mark::Join | Mark::Comma | Mark::Fill | Mark::Stay | Mark::When(_));
        let noun = matches!(token.mark, Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot));
        joint || noun || matches!(token.mark, Mark::File(_) | Mark::Time(_) | Mark::Ordinal(_))
    };
    let tells = |token: &Token| Cue::Finite.is(&request[token.from..token.to]);
    sentence.iter().all(|token| lists(token) && !tells(token))
        && sentence.iter().any(|token| matches!(token.mark, Mark::File(_)))
}

/// What the words `tail` are to the command before them; none when they are part of it.
fn bringing(request: &str, before: &[Token], tail: &str) -> Option<fn(String) -> Brought> {
    let nouns = before.iter().filter_map(|t| if let Mark::Noun(noun) = t.mark { Some(noun) } else { None });
    let nouns: Vec<Noun> = nouns.collect();
    let does = |verb: Verb| before.iter().any(|t| t.mark == Mark::Do(verb));
    // `write me a video: …`
    let writes = does(Verb::Add) && before.iter().any(|t| t.mark == Mark::Set);
    let makes = does(Verb::Generate) || does(Verb::Make) || writes;
    let of_video = nouns.iter().any(|n| matches!(n, Noun::Video | Noun::Script));
    // `add the title: …` names a text; a script belongs to the video.
    let of_text =
        matches!(nouns.last(), Some(Noun::Title | Noun::Caption | Noun::LowerThird | Noun::CallToAction));
    if !tail.chars().any(char::is_alphanumeric) {
        return None;
    }
    let several = tail.split_inclusive(['.', '!', '?', '。', '！', '？', '\n']).count() > 1;
    // `subtitles for the whole video, the text is: …`
    let of_captions = nouns.contains(&Noun::Caption)
        && matches!(nouns.last(), Some(Noun::Caption | Noun::Video | Noun::Text | Noun::Script));
    if of_captions && several && !makes {
        return Some(Brought::Captions);
    }
    // `video from this text: …`, `new video instead: …`
    let bare = nouns.first() == Some(&Noun::Video) && !nouns.contains(&Noun::Caption);
    let bare = bare && !before.iter().any(|t| matches!(t.mark, Mark::Do(_) | Mark::Quote(_) | Mark::Time(_)));
    let word = |token: &Token| request[token.from..token.to].to_lowercase();
    let fresh = |token: &Token| Cue::Fresh.is(&word(token));
    let bare = bare
        && (before.len() == 1
            || before.iter().any(fresh)
            || nouns.contains(&Noun::Text)
            || nouns.contains(&Noun::Script));
    if makes && of_video && !of_text || bare && !of_text || nouns.last() == Some(&Noun::Script) {
        return Some(Brought::Script);
    }
    // `I need 20 seconds that say: …`
    let says = before.last().is_some_and(|token| Cue::Saying.is(&word(token)));
    if says && nouns.iter().all(|noun| *noun == Noun::Video) && !does(Verb::Add) {
        return Some(Brought::Script);
    }
    if nouns.last() == Some(&Noun::Voice) {
        return Some(Brought::Spoken);
    }
    (of_captions && several).then_some(Brought::Captions)
}

/// A script in quotes is the words inside.
fn unwrapped(text: &str) -> &str {
    let pairs = [('"', '"'), ('“', '”'), ('「', '」'), ('\'', '\'')];
    let inside = pairs.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inside.filter(|words| !words.contains(['"', '“', '」'])).unwrap_or(text).trim()
}

/// A new cut as a clause asks for it.
pub(super) struct Brief {
    pub(super) make: Make,
    /// Words for captions over a cut of media.
    pub(super) captions: Option<String>,
    /// Nothing but the request itself is known of the video's words.
    pub(super) bare: bool,
}

/// What a clause that asks for a video says, completed from the project.
pub(super) fn make(clause: &Clause<'_>, scene: &Scene<'_>, script: Option<&str>) -> Brief {
    let quoted = clause.quotes().join("\n");
    let own = script.map(str::to_owned).or((!quoted.is_empty()).then_some(quoted));
    let length = clause.time().filter(|_| clause.span().is_none() && !clause.has(&Mark::Each));
    let length = length.or_else(|| of_video(clause));
    let behind = clause.names(Noun::Background);
    let palette = clause.palette().filter(|_| !behind).or(clause.mood().map(Palette::of_mood));
    if let Some(pick) = pick(clause, scene.state) {
        let words = own.or_else(|| topic(clause).filter(|_| clause.names(Noun::Script)));
        let make = Make { source: Source::Media(pick), length, palette: None };
        return Brief { make, captions: words, bare: false };
    }
    let known = own
        .or_else(|| topic(clause))
        .or_else(|| scene.said.clone().filter(|_| described(clause).is_none()))
        .or_else(|| known_words(scene.state))
        .or_else(|| described(clause));
    let bare = known.is_none();
    let words = known.unwrap_or_else(|| phrases(clause));
    Brief { make: Make { source: Source::Words(words), length, palette }, captions: None, bare }
}

/// `every file here for a 25 sec video`: a length right before its noun.
pub(super) fn of_video(clause: &Clause<'_>) -> Option<Millis> {
    clause.tokens.windows(2).find_map(|pair| match (&pair[0].mark, &pair[1].mark) {
        (Mark::Time(time), Mark::Noun(Noun::Video)) => Some(*time),
        _ => None,
    })
}

/// Which uploads a clause means; none when there are no pictures.
pub(super) fn pick(clause: &Clause<'_>, state: &State) -> Option<Pick> {
    let has = |kind: Kind| state.media.iter().any(|item| item.kind == Some(kind));
    let (photos, clips) = (has(Kind::Image), has(Kind::Video));
    let visual = |name: &String| {
        state
            .media
            .iter()
            .any(|item| item.name == *name && matches!(item.kind, Some(Kind::Image | Kind::Video)))
    };
    let named: Vec<String> =
        clause.files().iter().map(|name| full_name(state, name)).filter(visual).collect();
    if let [first] = named.as_slice()
        && all_of_them(clause)
    {
        // `join both clips, harbour.mov first`
        let pictures = state.media.iter().filter(|item| matches!(item.kind, Some(Kind::Image | Kind::Video)));
        let kind = state.media.iter().find(|item| item.name == *first).and_then(|item| item.kind);
        let others =
            pictures.filter(|item| item.kind == kind && item.name != *first).map(|item| item.name.clone());
        return Some(Pick::Named(std::iter::once(first.clone()).chain(others).collect()));
    }
    if !named.is_empty() && clause.hears(Cue::Except) {
        // `all of them except the street one`
        let shown = state
            .media
            .iter()
            .filter(|item| matches!(item.kind, Some(Kind::Image | Kind::Video)) && !is_logo(item.label()));
        let others = shown.filter(|item| !named.contains(&item.name)).map(|item| item.name.clone());
        return Some(Pick::Named(others.collect()));
    }
    if !named.is_empty() {
        return Some(Pick::Named(named));
    }
    if !photos && !clips {
        return None;
    }
    let one = clause.ordinal();
    match (clause.names(Noun::Photo), clause.names(Noun::Clip) || clause.names(Noun::Shot)) {
        (true, false) if photos => Some(nth(state, Kind::Image, one)),
        (false, true) if clips => Some(nth(state, Kind::Video, one)),
        _ => Some(Pick::All),
    }
}

/// Whether a clause speaks of all uploads of a kind and of the one that comes first.
fn all_of_them(clause: &Clause<'_>) -> bool {
    let all = clause.tokens.iter().any(|token| clause.cues(token, Cue::All));
    all && (clause.has(&Mark::When(Time::First)) || clause.has(&Mark::When(Time::Start)))
}

/// `from the second clip` means that one; `from five photos` means all.
fn nth(state: &State, kind: Kind, number: Option<usize>) -> Pick {
    let items: Vec<&str> =
        state.media.iter().filter(|i| i.kind == Some(kind)).map(|i| i.name.as_str()).collect();
    match number.and_then(|n| items.get(n.checked_sub(1)?)) {
        Some(name) => Pick::Named(vec![(*name).to_owned()]),
        None => Pick::Of(kind),
    }
}

/// What the video is about, in the words of the request: what follows `about`, `of`, `for`.
fn topic(clause: &Clause<'_>) -> Option<String> {
    sentence(clause, topic_tokens(clause)?)
}

/// The tokens of a clause, where those of its topic mean nothing: a video about a warm day is not
/// to be made warmer.
pub(super) fn without_topic(clause: &Clause<'_>) -> Vec<Token> {
    let topic = topic_tokens(clause).map_or(0..0, |topic| {
        let from = topic.first().map_or(0, |token| token.from);
        from..topic.last().map_or(from, |token| token.to)
    });
    let mut tokens = clause.tokens.to_vec();
    for token in tokens.iter_mut().filter(|token| topic.contains(&token.from)) {
        token.mark = Mark::Other;
    }
    tokens
}

/// Whether a clause says what the video is about.
pub(super) fn has_topic(clause: &Clause<'_>) -> bool {
    topic_tokens(clause).is_some_and(|topic| !topic.is_empty())
}

fn topic_tokens<'a>(clause: &Clause<'a>) -> Option<&'a [Token]> {
    let video = clause.at(&Mark::Noun(Noun::Video));
    let word = |at: usize| clause.request[clause.tokens[at].from..clause.tokens[at].to].to_lowercase();
    let behind = |at: usize| video.is_some_and(|video| at > video);
    let leads = |at: usize| {
        // `something on winter tyres`
        let piece = |token: &Token| clause.cues(token, Cue::Piece);
        // `a film, one minute, on the history of tea`
        let between = |video: usize| {
            let silent = |mark: &Mark| {
                matches!(mark, Mark::Time(_) | Mark::Comma | Mark::Fill | Mark::Quality(Quality::Shape(_)))
            };
            at > video && clause.tokens[video + 1..at].iter().all(|token| silent(&token.mark))
        };
        let on = word(at) == "on" && video.is_some_and(between)
            || word(at) == "on" && at > 0 && (video == Some(at - 1) || piece(&clause.tokens[at - 1]));
        clause.tokens[at].mark == Mark::Topic || on || behind(at) && Cue::Saying.is(&word(at))
    };
    let told = |at: usize| {
        let plain = ["about", "关于", "主题", "主题是", "主题为", "介绍"].contains(&word(at).as_str());
        let palette = |mark: &Mark| plain && matches!(mark, Mark::Quality(Quality::Palette(_)));
        let content = |token: &Token| tells(token) || palette(&token.mark);
        clause.tokens.get(at + 1..).is_some_and(|rest| rest.iter().take(6).any(content))
    };
    let all = || 0..clause.tokens.len();
    let lead = all().find(|at| leads(*at) && told(*at)).or_else(|| {
        all().rfind(|at| clause.tokens[*at].mark == Mark::When(Time::For) && behind(*at) && told(*at))
    })?;
    let rest = &clause.tokens[lead + 1..];
    let stops = |at: &usize| match rest[*at].mark {
        Mark::Into | Mark::Time(_) | Mark::Quality(Quality::NoMusic) => true,
        // `about how to repot a cactus`
        Mark::Until => {
            rest.get(at + 1).is_some_and(|next| matches!(next.mark, Mark::Quality(_) | Mark::Time(_)))
        }
        Mark::Quality(Quality::Shape(_) | Quality::Side(_) | Quality::Look(Look::BlackAndWhite)) => true,
        // `关于雪的无声视频`: the video is silent, not the snow.
        Mark::Quality(Quality::Silent) => rest.get(at + 1).is_some_and(is_video),
        _ => is_video(&rest[*at]),
    };
    let mut topic = rest.get(..(0..rest.len()).find(stops).unwrap_or(rest.len()))?;
    // `about rain for TikTok`: what led to the stop is no part of it.
    while let [before @ .., last] = topic {
        let leads =
            matches!(last.mark, Mark::When(Time::For) | Mark::Fill | Mark::Set) && topic.len() < rest.len();
        if !leads {
            break;
        }
        topic = before;
    }
    while let [before @ .., last] = topic {
        if !clause.cues(last, Cue::Polite) {
            break;
        }
        topic = before;
    }
    Some(topic)
}

/// Whether a word is content: one that the table does not know, or that says what is silent.
fn tells(token: &Token) -> bool {
    matches!(token.mark, Mark::Other | Mark::Quality(Quality::Silent))
}

fn is_video(token: &Token) -> bool {
    token.mark == Mark::Noun(Noun::Video)
}

/// The words before `video`: `a coffee shop promo video`.
fn described(clause: &Clause<'_>) -> Option<String> {
    let video = clause.at(&Mark::Noun(Noun::Video))?;
    let tokens = &clause.tokens[..video];
    let verb = tokens.iter().rposition(|token| matches!(token.mark, Mark::Do(_))).map_or(0, |at| at + 1);
    // `a short coffee shop video`, but 咱家奶茶店的视频
    let silent = |token: &&Token| {
        let plain = token.mark == Mark::Fill
            && (clause.word(token).is_ascii()
                || ["的", "那种", "那个"].contains(&clause.word(token).as_str()));
        let told = matches!(
            token.mark,
            Mark::Quality(Quality::Shape(_) | Quality::Side(_) | Quality::Mood(_))
                | Mark::Time(_)
                | Mark::Number(_)
        );
        plain || told || matches!(token.mark, Mark::Set | Mark::Stay | Mark::Comma | Mark::Join)
    };
    let first = verb + tokens[verb..].iter().take_while(silent).count();
    tokens[first..].iter().any(|token| token.mark == Mark::Other).then_some(())?;
    sentence(clause, &tokens[first..])
}

/// A stretch of the request as a sentence of its own, without an article before it.
fn sentence(clause: &Clause<'_>, tokens: &[Token]) -> Option<String> {
    let skip = |token: &&Token| matches!(token.mark, Mark::Set | Mark::Comma | Mark::Join | Mark::Colon);
    let from = tokens.iter().take_while(skip).count();
    let to = tokens.len() - tokens.iter().rev().take_while(skip).count();
    let words = tokens.get(from..to)?;
    let content = |token: &Token| tells(token) || matches!(token.mark, Mark::Quality(Quality::Palette(_)));
    words.iter().any(content).then_some(())?;
    let text = clause.request[words.first()?.from..words.last()?.to]
        .trim_matches(|c: char| c.is_whitespace() || c == '的');
    Some(capital(text))
}

/// The words that the project shows already.
pub(super) fn known_words(state: &State) -> Option<String> {
    let draft = state.draft.as_ref()?;
    let tracks = draft.tracks();
    let texts = tracks.iter().filter(|track| track.kind == TrackKind::Text).flat_map(|track| &track.segments);
    let shown = texts.filter_map(|segment| {
        let meta = segment.value.get("m")?;
        // What stands in the middle of a scene is content; the rest is laid over it.
        Some((segment.position == Some("center"), meta.get("text")?.as_str()?))
    });
    let shown: Vec<(bool, &str)> = shown.collect();
    let content = shown.iter().any(|(content, _)| *content);
    let mut lines: Vec<&str> = Vec::new();
    for (_, text) in shown.iter().filter(|(of_scene, _)| *of_scene == content) {
        if !lines.contains(text) {
            lines.push(text);
        }
    }
    let words: String = lines.join("\n").chars().take(KNOWN_CHARS_MAX).collect();
    (!words.is_empty()).then_some(words)
}

/// The request itself, phrase by phrase: all that is known of the video.
fn phrases(clause: &Clause<'_>) -> String {
    let starts = |token: &Token| {
        let words = clause.request[token.from..token.to].to_ascii_lowercase();
        let first = words.split(' ').next().unwrap_or_default();
        token.mark == Mark::Into || ["from", "for", "into", "without", "about", "describing"].contains(&first)
    };
    let mut lines: Vec<String> = Vec::new();
    let mut from = None;
    for (at, token) in clause.tokens.iter().enumerate() {
        if matches!(token.mark, Mark::Do(_)) {
            from = None;
            continue;
        }
        if token.mark == Mark::Quality(Quality::NoMusic) {
            lines.extend(from.take().map(|start| slice(clause, start, at)));
            continue;
        }
        if let Some(start) = from.filter(|start| starts(token) && at > *start) {
            lines.push(slice(clause, start, at));
            from = Some(at);
        }
        from = from.or(Some(at));
    }
    lines.extend(from.map(|start| slice(clause, start, clause.tokens.len())));
    lines.retain(|line| line.chars().any(char::is_alphanumeric));
    if lines.is_empty() { capital(clause.verbatim()) } else { lines.join(".\n") }
}

fn slice(clause: &Clause<'_>, from: usize, to: usize) -> String {
    capital(clause.request[clause.tokens[from].from..clause.tokens[to - 1].to].trim())
}

/// The first letter in upper case.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Words for a title when a text was asked for and none was given: what the project shows, else
/// the name of its logo, else of its media. Names that cameras give are no words.
pub(super) fn own_title(state: &State) -> Option<String> {
    let shown = known_words(state).and_then(|words| words.lines().next().map(str::to_owned));
    let logos = state.media.iter().filter(|item| is_logo(item.label()));
    let named = logos.chain(state.media.iter()).find_map(|item| wordlike(item.label()));
    shown.or(named)
}

/// `acme-logo` → `Acme`; nothing for `IMG_2041`.
fn wordlike(label: &str) -> Option<String> {
    const NOT_WORDS: &[&str] = &[
        "img",
        "dsc",
        "dscf",
        "pxl",
        "mvimg",
        "vid",
        "screenshot",
        "screen",
        "shot",
        "photo",
        "image",
        "pic",
        "picture",
        "video",
        "clip",
        "movie",
        "untitled",
        "download",
        "whatsapp",
        "file",
        "final",
        "copy",
        "logo",
        "tmp",
        "test",
    ];
    let parts = label.split(|c: char| !c.is_alphabetic() && c != '\'');
    let words: Vec<&str> = parts
        .filter(|word| !word.is_ascii() || word.len() > 2)
        .filter(|word| !word.is_empty() && !NOT_WORDS.contains(&word.to_lowercase().as_str()))
        .collect();
    (!words.is_empty()).then(|| capital(&words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_words_when_people_gave_them() {
        assert_eq!(wordlike("acme-logo"), Some("Acme".to_owned()));
        assert_eq!(wordlike("morning_brew 2"), Some("Morning brew".to_owned()));
        assert_eq!(wordlike("咖啡"), Some("咖啡".to_owned()));
        assert!(
            ["IMG_2041", "photo1", "a", "2024-05-01", "logo"].iter().all(|name| wordlike(name).is_none())
        );
    }
}
