//! Batches: one script over the rows of a table, each row a run of its own.
//!
//! [`fit`] makes rows and params fit before anything is sent; [`local`] works on the rows with
//! the threads of this process; [`row`] is one row from its lease to its end; [`moved`] keeps
//! rows from each other's outputs; `queue` hands rows to the workers of a cluster.

pub mod fit;
pub mod local;
pub mod moved;
#[cfg(feature = "cluster")]
pub mod queue;
pub mod row;
pub mod shard;
