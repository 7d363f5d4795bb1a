//! The prompt of a line editor: what is said while somebody types goes above it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Prints lines above a prompt, and draws it again.
pub(in crate::cli) type Above = Box<dyn FnMut(String) + Send>;

/// Whether somebody types, and how lines come above what is typed.
#[derive(Default)]
pub(super) struct Prompt {
    above: Mutex<Option<Above>>,
    /// Not under the lock: a printer waits for the editor, which must be able to close.
    open: AtomicBool,
}

impl Prompt {
    pub(super) fn set_above(&self, above: Above) {
        *self.above.lock().unwrap_or_else(PoisonError::into_inner) = Some(above);
    }

    pub(super) fn set_open(&self, open: bool) {
        self.open.store(open, Ordering::SeqCst);
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::SeqCst)
    }

    /// Prints a line above the prompt; returns whether it did.
    pub(super) fn print(&self, line: &str) -> bool {
        if !self.is_open() {
            return false;
        }
        let mut above = self.above.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(above) = &mut *above else { return false };
        above(format!("{line}\n"));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn lines_go_above_only_while_somebody_types() {
        let prompt = Prompt::default();
        prompt.set_open(true);
        assert!(!prompt.print("nobody can"), "there is no editor");
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&said);
        prompt.set_above(Box::new(move |line| heard.lock().unwrap().push(line)));
        assert!(prompt.print("made a.mp4"));
        prompt.set_open(false);
        assert!(!prompt.print("made b.mp4"));
        assert_eq!(*said.lock().unwrap(), ["made a.mp4\n"]);
    }
}
