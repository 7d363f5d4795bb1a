//! The closure of a batch: what it takes, and the variables around it as each row sees them.

use rhai::{Dynamic, EvalAltResult, FnPtr, NativeCallContext};

use crate::host::failure::{Failure, Kind};

/// A function that is called for each row.
pub(super) struct Each {
    function: FnPtr,
    /// Variables of the script around it that a closure names; they are its first parameters.
    captured: Vec<String>,
    /// Whether it takes nothing, the row, or the row and its index.
    takes: usize,
}

impl Each {
    /// Looks at a function.
    ///
    /// # Errors
    /// `Input` when it takes more than a row has to give, or cannot be called from here.
    pub(super) fn new(context: &NativeCallContext<'_>, function: FnPtr) -> Result<Self, Failure> {
        let bound = function.curry().len();
        let modules = context.iter_namespaces();
        let known = modules.flat_map(|module| module.iter_script_fn_info());
        let named = known.filter(|(_, _, name, ..)| *name == function.fn_name());
        let forms: Vec<Vec<String>> = named
            .map(|(.., definition)| definition.params.iter().map(ToString::to_string).collect())
            .collect();
        let fitting = [1, 0, 2].into_iter().find_map(|takes| {
            let form = forms.iter().find(|params| params.len() == bound + takes)?;
            Some((takes, form[..bound].to_vec()))
        });
        match fitting {
            Some((takes, captured)) => Ok(Self { function, captured, takes }),
            None if !forms.is_empty() => {
                let most = forms.iter().map(|params| params.len().saturating_sub(bound)).max();
                let words = format!("the closure takes {} parameters", most.unwrap_or_default());
                Err(Failure::input(words)
                    .hint("it gets the row, or the row and its index: `|row, index| ..`"))
            }
            None if function.is_anonymous() => {
                Err(Failure::input("the closure was made in a module and cannot be called here")
                    .hint("write `|row| ..` in the script itself and call the module's functions in it"))
            }
            // One of our own functions, or none: the call will tell.
            None => Ok(Self { function, captured: Vec::new(), takes: 1 }),
        }
    }

    /// Calls it for a row. What it captured is a constant copy of its own: rows cannot wait for
    /// each other's locks, and no change of theirs is lost in silence.
    pub(super) fn call(
        &self,
        context: &NativeCallContext<'_>,
        row: Dynamic,
        index: usize,
    ) -> Result<Dynamic, Box<EvalAltResult>> {
        let mut function = self.function.clone();
        for value in function.iter_curry_mut() {
            *value = value.flatten_clone().into_read_only().into_shared();
        }
        match self.takes {
            0 => function.call_raw(context, None, []),
            1 => function.call_raw(context, None, [row]),
            _ => function.call_raw(context, None, [row, Dynamic::from(index as i64)]),
        }
    }

    /// Says what is wrong when the closure changes a variable around it; returns whether it did.
    pub(super) fn explain(&self, error: &mut EvalAltResult) -> bool {
        let EvalAltResult::ErrorInFunctionCall(name, _, inner, _) = error else { return false };
        if name != self.function.fn_name() || self.captured.is_empty() {
            return false;
        }
        let words = match &**inner {
            EvalAltResult::ErrorAssignmentToConstant(variable, _) if self.captured.contains(variable) => {
                format!("`{variable}` stands outside of the closure, and a row cannot change it")
            }
            EvalAltResult::ErrorNonPureMethodCallOnConstant(method, _) => {
                format!("`{method}` would change a variable outside of the closure, which a row cannot")
            }
            _ => return false,
        };
        let failure = Failure::new(Kind::Script, words)
            .hint("collect results from what the closure returns: they are in `.ok` of the batch");
        **inner = EvalAltResult::ErrorRuntime(failure.to_map().into(), inner.position());
        true
    }
}
