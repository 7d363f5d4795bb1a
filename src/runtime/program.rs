//! A compiled script: made once, evaluated by any number of runs at the same time.

use rhai::{AST, Dynamic, EvalAltResult, Scope};
use serde_json::Value;

use crate::host::{self, Run};
use crate::runtime::engine::ScriptEngine;
use crate::runtime::error::ScriptError;
use crate::runtime::modules::Sources;
use crate::runtime::params::{self, Param};
use crate::runtime::{Exit, Script};

/// A script that compiles, and whose params can be listed. The rows of a batch share one: what a
/// compiler needs of a stack and a heap is then not held by each of them.
pub struct Program {
    name: String,
    ast: AST,
    sources: Sources,
    params: Vec<Param>,
}

impl Program {
    /// Compiles a script. Modules that it imports are compiled when a run comes to them.
    ///
    /// # Errors
    /// It does not compile, or asks for a param where none can be listed.
    pub fn of(script: &Script) -> Result<Self, Box<ScriptError>> {
        let engine = ScriptEngine::compiler();
        let ast = engine
            .compile(script)
            .map_err(|error| ScriptError::of_rhai(*error, &script.name, &engine.sources))?;
        let params = params::listed(&ast, script)?;
        Ok(Self { name: script.name.clone(), ast, sources: engine.sources, params })
    }

    /// Evaluates it on the thread of the caller.
    pub(super) fn evaluate(&self, run: &Run) -> Result<Value, (Exit, Box<ScriptError>)> {
        params::check(&self.params, run.params()).map_err(|error| (Exit::Usage, error))?;
        let engine = self.engine(run);
        // What lies on the heap is not on the stacks of a thousand rows that wait.
        let mut scope = Box::new(Scope::new());
        let result = engine.rhai().eval_ast_with_scope::<Dynamic>(&mut scope, &self.ast);
        self.ended(run, &engine, result)
    }

    #[inline(never)]
    fn engine(&self, run: &Run) -> Box<ScriptEngine> {
        // Modules differ from run to run: what one compiles is no other's source.
        Box::new(ScriptEngine::of_run(run, self.sources.copy()))
    }

    /// What an evaluation came to.
    #[inline(never)]
    fn ended(
        &self,
        run: &Run,
        engine: &ScriptEngine,
        result: Result<Dynamic, Box<EvalAltResult>>,
    ) -> Result<Value, (Exit, Box<ScriptError>)> {
        let said = |error: Box<EvalAltResult>| ScriptError::of_rhai(*error, &self.name, &engine.sources);
        let ended = match result {
            Ok(value) => Ok(host::from_script(&value).unwrap_or(Value::Null)),
            Err(error) => Err(said(error)),
        };
        match (ended, run.ended()) {
            (Err(error), Some(_)) if !error.kind.catchable() => Err((Exit::of(error.kind), error.into())),
            // The reason was swallowed on its way, by a comparator of `sort` for one.
            (_, Some(reason)) => Err((Exit::of(reason.kind), ScriptError::of_failure(&reason).into())),
            (Err(error), None) => Err((Exit::of(error.kind), error.into())),
            (Ok(value), None) => Ok(value),
        }
    }
}
