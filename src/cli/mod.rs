//! Arguments, configuration and everything a person sees on a terminal.
