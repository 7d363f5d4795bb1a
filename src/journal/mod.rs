//! The log of every call of a run.
