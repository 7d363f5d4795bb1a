//! The agent's words: requests and the edits that they ask for, edits and the drafts that they
//! leave, answers; what the client does itself.

mod asked;
mod drafts;
mod gui;
mod heldback;
mod notation;
mod parts;
mod projects;
mod requests;
mod routes;
mod shots;
