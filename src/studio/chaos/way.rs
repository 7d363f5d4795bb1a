//! The ways to fail, and one fault: which requests it counts, and when its turn has come.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::kind::Kind;

/// One fault of a file.
#[derive(Debug)]
pub(super) struct Fault {
    /// Where it stands in its file, from 1.
    pub(super) line: usize,
    /// The kind of requests that it counts; every kind when none.
    pub(super) on: Option<Kind>,
    pub(super) when: When,
    pub(super) way: Way,
    pub(super) seen: AtomicU64,
}

impl Fault {
    /// Counts a request of that kind. Returns whether it is one that fails.
    pub(super) fn counts(&self, kind: Kind) -> bool {
        self.on.is_none_or(|on| on == kind) && self.when.holds(self.seen.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

/// Which of the requests of a kind fail, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Always,
    Nth(u64),
    Every(u64),
    First(u64),
}

impl When {
    fn holds(self, count: u64) -> bool {
        match self {
            Self::Always => true,
            Self::Nth(nth) => count == nth,
            Self::Every(every) => count.is_multiple_of(every),
            Self::First(first) => count <= first,
        }
    }
}

/// How a request fails.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Way {
    /// The connection closes; nothing was done.
    HangUp,
    /// It is refused; nothing was done.
    Refuse(Refuse),
    /// It is done, and its answer comes late: from the start, or after some bytes.
    Stall { time: Duration, bytes: u64 },
    /// It is done, and the connection breaks after so many bytes of the answer.
    Cut { bytes: u64 },
    /// It is done, and the answer is shorter than it should be and says that it is whole.
    Short { bytes: u64 },
    /// It is done, and answered with a page in place of JSON.
    Garble,
    /// A turn is done, and told of otherwise than it should be.
    Events(Events),
    /// A render is taken and fails.
    Fail { reason: String },
    /// A render is said to be elsewhere than it is.
    Poll(Poll),
}

/// A refusal that is made up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refuse {
    pub(super) code: i64,
    pub(super) words: String,
    pub(super) form: Form,
    /// Seconds that the client is asked to wait.
    pub(super) retry_after: Option<u64>,
}

/// In which shape a refusal comes; what accompanies the backend's codes was never published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The backend's codes on HTTP 200, others as HTTP statuses; always in the envelope.
    Envelope,
    /// The backend's codes on the HTTP statuses that mean the same.
    Mapped,
    /// As the framework behind the backend says it: `{"detail": ".."}`.
    Fastapi,
    /// A gateway's page.
    Page,
}

/// How a turn's events are other than they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Events {
    /// Without any words.
    Silent,
    /// Each one twice.
    Duplicate,
    /// With a frame that is no JSON among them.
    Malformed,
    /// With an error in place of the words at the end.
    Error { code: i64, words: String },
    /// With more words at the end.
    Say { words: String },
    /// In pieces of one byte.
    Split,
    /// After nothing but heartbeats, in every form that is known.
    Heartbeats { time: Duration },
    /// In the typed form.
    Typed,
    /// With words in pieces before the whole.
    Partial,
}

/// How a render's state is other than it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Poll {
    /// It still waits.
    Pending,
    /// It is done, and nobody says where the file is.
    NoUrl,
    /// In the other documented shape.
    Wrapped,
    /// The file has a size that it has not.
    WrongSize { bytes: u64 },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_from_one() {
        let due = |when: When| (1..=6).filter(|count| when.holds(*count)).collect::<Vec<_>>();
        assert_eq!(due(When::Nth(3)), [3]);
        assert_eq!(due(When::Every(2)), [2, 4, 6]);
        assert_eq!(due(When::First(2)), [1, 2]);
        assert_eq!(due(When::Always).len(), 6);
    }
}
