//! What a script may do, one file a noun.
