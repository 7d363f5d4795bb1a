//! The error that a user sees: what happened, where in the script, how it came there, what to do.

use std::fmt;

use rhai::{Dynamic, EvalAltResult, Map, Position};

use crate::host::{Failure, Kind};
use crate::runtime::hint;
use crate::runtime::modules::Sources;

/// Calls that are shown between the error and the script; the middle of more is left out.
const FRAMES_MAX: usize = 8;
/// Characters of a source line that are shown.
const EXCERPT_CHARS_MAX: usize = 200;

/// A place in a file of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the user wrote it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1; none when only the line is known.
    pub column: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}

/// One call on the way to the error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What was called: `fn render`, `closure` or `module lib/brand.rhai`.
    pub what: String,
    /// Where it was called.
    pub called_at: Option<Place>,
}

/// Why a script did not compile or did not come to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptError {
    /// What sort of trouble it is.
    pub kind: Kind,
    /// The backend's code, or 0.
    pub code: i64,
    /// The function that failed; empty when it was none of ours.
    pub call: String,
    /// What happened.
    pub message: String,
    /// Where; none for what lies outside the script.
    pub place: Option<Place>,
    /// The line of the place, as written.
    pub excerpt: Option<String>,
    /// The calls that led there, innermost first.
    pub chain: Vec<Frame>,
    /// What to do next.
    pub hint: Option<String>,
}

impl ScriptError {
    /// Makes an error that has no place in a script.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: 0,
            call: String::new(),
            message: message.into(),
            place: None,
            excerpt: None,
            chain: Vec::new(),
            hint: None,
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        self.hint = Some(hint).filter(|hint| !hint.is_empty());
        self
    }

    pub(super) fn of_failure(failure: &Failure) -> Self {
        let Failure { kind, code, message, hint, call, .. } = failure.clone();
        Self { code, call, ..Self::new(kind, message) }.hint(hint)
    }

    /// Says in our words what Rhai reports about the file `name`.
    pub(super) fn of_rhai(error: EvalAltResult, name: &str, sources: &Sources) -> Self {
        let mut source = name.to_owned();
        let mut chain = Vec::new();
        let mut error = error;
        loop {
            error = match error {
                EvalAltResult::ErrorInFunctionCall(function, inside, inner, position) => {
                    let what =
                        if rhai_made(&function) { "closure".to_owned() } else { format!("fn {function}") };
                    chain.insert(0, Frame { what, called_at: sources.place(&source, position) });
                    if !inside.is_empty() {
                        source = inside;
                    }
                    *inner
                }
                EvalAltResult::ErrorInModule(module, inner, position) => {
                    let what = format!("module {module}");
                    chain.insert(0, Frame { what, called_at: sources.place(&source, position) });
                    source = module;
                    *inner
                }
                other => break Self::innermost(other, &source, sources, chain),
            }
        }
    }

    fn innermost(mut error: EvalAltResult, source: &str, sources: &Sources, chain: Vec<Frame>) -> Self {
        let text = sources.text(source).unwrap_or_default();
        let position = error.take_position();
        let mut place = sources.place(source, position);
        let mut said = match &error {
            EvalAltResult::ErrorTerminated(token, _) => match token.clone().try_cast::<Failure>() {
                Some(failure) => Self::of_failure(&failure),
                None => Self::new(Kind::Stopped, "stopped"),
            },
            EvalAltResult::ErrorRuntime(value, _) => {
                if let Some(first) = value.read_lock::<Map>().and_then(|map| thrown_at(&map, source, sources))
                {
                    place = Some(first);
                }
                Self::of_thrown(value)
            }
            other => hint::of_builtin(other, position, &text),
        };
        // Rhai knows no place for some: where the innermost call was made comes nearest.
        let place = place.or_else(|| chain.iter().find_map(|frame| frame.called_at.clone()));
        // Where a script was when the user stopped it is nobody's mistake.
        if said.kind != Kind::Stopped {
            said.excerpt = place.as_ref().and_then(|place| sources.line(&place.file, place.line));
            said.place = place;
            said.chain = chain;
        }
        said
    }

    fn of_thrown(value: &Dynamic) -> Self {
        if let Some(map) = value.read_lock::<Map>() {
            let failure = Failure::from_map(&map);
            if !failure.message.is_empty() {
                return Self::of_failure(&failure);
            }
        }
        let text = if value.is_unit() { "the script threw nothing".to_owned() } else { value.to_string() };
        Self::new(Kind::Script, text)
    }
}

/// The whole error as plain text, several lines; the last line has no line break.
impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.kind.word(), self.message)?;
        if let Some(place) = &self.place {
            write!(f, "\n  --> {place}")?;
            if let Some(line) = &self.excerpt {
                excerpt(f, place, line)?;
            }
        }
        let hidden = self.chain.len().saturating_sub(FRAMES_MAX);
        for (at, frame) in self.chain.iter().enumerate() {
            let (first, last) = (FRAMES_MAX / 2, FRAMES_MAX / 2 + hidden);
            if (first..last).contains(&at) {
                if at == first {
                    write!(f, "\n   … {hidden} more calls")?;
                }
                continue;
            }
            write!(f, "\n   in {}", frame.what)?;
            if let Some(place) = &frame.called_at {
                write!(f, ", called at {place}")?;
            }
        }
        match &self.hint {
            Some(hint) => write!(f, "\n   hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ScriptError {}

/// Writes the line of a place with a caret below the word that is meant.
pub(super) fn excerpt(f: &mut fmt::Formatter<'_>, place: &Place, line: &str) -> fmt::Result {
    // Tabs would push the caret away from what it points at; other controls are not for terminals.
    let plain: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let shown: String = plain.chars().take(EXCERPT_CHARS_MAX).collect();
    write!(f, "\n{:>4} | {}", place.line, shown.trim_end())?;
    let Some(column) = place.column.filter(|column| *column <= EXCERPT_CHARS_MAX) else { return Ok(()) };
    let word = shown.chars().skip(column - 1).take_while(|c| c.is_alphanumeric() || *c == '_').count();
    write!(f, "\n     | {}{}", " ".repeat(column - 1), "^".repeat(word.max(1)))
}

/// Where a thrown error map says that it first happened.
fn thrown_at(map: &Map, source: &str, sources: &Sources) -> Option<Place> {
    let number = |key: &str| u16::try_from(map.get(key)?.as_int().ok()?).ok().filter(|number| *number > 0);
    let file = map.get("source").map(Dynamic::to_string).filter(|file| !file.is_empty());
    let position = Position::new(number("line")?, number("position")?);
    sources.place(file.as_deref().unwrap_or(source), position)
}

/// Rhai names closures `anon$` and a number that differs from run to run.
fn rhai_made(function: &str) -> bool {
    function.starts_with("anon$")
}
