//! Faults on purpose: chosen requests fail in chosen ways, so that scripts and clients can be
//! tried against a backend that misbehaves as the documents and the wild say that it can.
//!
//! A studio without a file of faults passes every request on untouched. Nothing outside this
//! folder knows of faults.
//!
//! | file | owns |
//! |---|---|
//! | `file` | the file of faults: what may stand in it, and what is wrong with it |
//! | `kind` | the kinds of requests |
//! | `way` | the ways to fail, and one fault with its count |
//! | `answer` | answers that are late, cut, refused or other than they should be |
//! | `events` | streams of a turn that are other than they should be |
//! | `poll` | how far a render is said to be |

mod answer;
mod events;
mod file;
mod kind;
mod poll;
mod way;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::app::App;
use super::routes;
use kind::Kind;
use way::{Fault, Way};

pub use file::ChaosError;

/// The faults of a studio. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Chaos {
    faults: Arc<[Fault]>,
}

/// The mark of an answer that a fault made, for the log: the line of the fault in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Struck(pub(crate) usize);

impl Chaos {
    /// Returns no faults at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads a file of faults.
    ///
    /// # Errors
    /// The text is no TOML, or a fault of it makes no sense; with its line.
    pub fn read(text: &str) -> Result<Self, ChaosError> {
        Ok(Self { faults: file::read(text)?.into() })
    }

    /// Returns how many faults there are.
    pub fn len(&self) -> usize {
        self.faults.len()
    }

    /// Returns whether nothing fails on purpose.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// Counts a request, for every fault of its kind. Returns the first fault whose turn it is.
    fn strike(&self, kind: Kind) -> Option<&Fault> {
        let due: Vec<_> = self.faults.iter().filter(|fault| fault.counts(kind)).collect();
        due.first().copied()
    }
}

/// Passes a request on, unless a fault is due.
pub(crate) async fn layer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let kind = routes::route_of(request.uri().path()).and_then(Kind::of);
    let Some(fault) = kind.and_then(|kind| app.chaos.strike(kind)) else { return next.run(request).await };
    let mut response = carry_out(&app, &fault.way, request, next).await;
    response.extensions_mut().insert(Struck(fault.line));
    response
}

async fn carry_out(app: &App, way: &Way, request: Request, next: Next) -> Response {
    match way {
        Way::HangUp => answer::nothing(),
        Way::Refuse(refusal) => answer::refused(refusal),
        Way::Stall { time, bytes } => answer::late(app, next.run(request).await, *time, *bytes).await,
        Way::Cut { bytes } => answer::cut(next.run(request).await, *bytes),
        Way::Short { bytes } => answer::short(next.run(request).await, *bytes),
        Way::Garble => answer::garbled(next.run(request).await).await,
        Way::Events(change) => events::changed(app, next.run(request).await, change),
        Way::Fail { reason } => poll::failed(app, next.run(request).await, reason).await,
        Way::Poll(change) => poll::changed(next.run(request).await, *change).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_kind_counts_every_request_and_the_first_due_strikes() {
        let text = "[[fault]]\non = \"state\"\nnth = 2\ndo = \"hang_up\"\n\n\
                    [[fault]]\non = \"any\"\nevery = 2\ndo = \"garble\"\n";
        let chaos = Chaos::read(text).unwrap();
        let mut lines = Vec::new();
        for kind in [Kind::State, Kind::State, Kind::Turn, Kind::State, Kind::State] {
            lines.push(chaos.strike(kind).map(|fault| fault.line));
        }
        assert_eq!(lines, [None, Some(1), None, Some(6), None]);
        assert!(Chaos::none().strike(Kind::State).is_none());
    }
}
