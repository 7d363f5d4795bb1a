//! Many machines: a batch on PostgreSQL, made by workers that are killed, and stopped until
//! others have taken their rows. Nothing may be paid twice, nothing lost.
//!
//! The suite takes 60 rows; with `REEL_SOAK` (`scripts/dev/soak`) it is 1,000 with 50 kills.

mod postgres;
mod ways;
mod workers;

pub(crate) use postgres::Server;
