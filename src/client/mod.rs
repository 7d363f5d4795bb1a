//! The only speaker of HTTP as a client of a backend.
