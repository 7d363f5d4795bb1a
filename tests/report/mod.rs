//! `reel report`: pages and data of runs and batches, looked at as their readers do.

mod batch;
mod browser;
mod forms;
mod page;
mod serve;
