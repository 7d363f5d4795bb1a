//! The agent's words: requests and the edits that they ask for, edits and the drafts that they
//! leave, answers.

mod drafts;
mod notation;
mod projects;
mod requests;
