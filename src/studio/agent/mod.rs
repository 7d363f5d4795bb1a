//! Reads a request in plain words as a list of edits, and answers in words.
