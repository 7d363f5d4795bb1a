//! One file a subcommand: its arguments and what it does.

pub(super) mod api;
pub(super) mod batch;
pub(super) mod cancel;
pub(super) mod chat;
pub(super) mod check;
pub(super) mod clean;
pub(super) mod complete;
pub(super) mod doctor;
pub(super) mod export;
pub(super) mod look;
pub(super) mod lsp;
pub(super) mod make;
pub(super) mod man;
pub(super) mod new;
pub(super) mod params;
pub(super) mod plan;
pub(super) mod report;
pub(super) mod resume;
pub(super) mod run;
pub(super) mod runs;
pub(super) mod session;
pub(super) mod settings;
pub(super) mod show;
pub(super) mod skills;
pub(super) mod studio;
pub(super) mod upload;
