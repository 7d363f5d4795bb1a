//! Words: what a user's sentence asks for, what an agent's GUI talk means.

pub mod gui;
pub mod route;
