//! The balance.

use rhai::{EvalAltResult, NativeCallContext};
use serde_json::json;

use crate::client::Credits;
use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::Run;
use crate::host::step::{self, Call};
use crate::host::wait;
use crate::journal::Class;

const BALANCE: TypeDoc = TypeDoc {
    name: "Credits",
    about: "The balance",
    properties: &[
        ("available", "free to spend"),
        ("frozen", "held by work that runs"),
        ("total", "both together"),
    ],
};

const CREDITS: Doc = Doc {
    name: "credits",
    calls: &["credits()"],
    about: "Returns the balance. Only turns cost credits; uploads and exports are free.",
    class: Some(Class::Read),
    example: "let c = credits();\nif c.available < 50 { print(\"better top up\"); }",
};

/// Returns the balance.
///
/// # Errors
/// What the backend refuses.
pub fn credits(run: &Run) -> Result<Credits, Failure> {
    step::call(run, Call { name: "credits", class: Class::Read, args: json!(null) }, || {
        let client = run.client()?;
        wait::block_on(run, move || async move { client.credits().await.map_err(Failure::from) })
    })
}

pub(super) fn register(registry: &mut Registry) {
    registry.value::<Credits>(&BALANCE, |credits| {
        format!(
            "{} credits available, {} frozen, {} in all",
            credits.available, credits.frozen, credits.total
        )
    });
    registry.getter("available", |credits: &Credits| credits.available.into());
    registry.getter("frozen", |credits: &Credits| credits.frozen.into());
    registry.getter("total", |credits: &Credits| credits.total.into());
    let balance =
        |ctx: NativeCallContext<'_>| -> Result<Credits, Box<EvalAltResult>> { answer(&ctx, credits) };
    registry.function(&CREDITS, &["Credits"], balance);
}
