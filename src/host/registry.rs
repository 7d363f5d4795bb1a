//! The functions and types of scripts, each with its manual page: the one source for the
//! engine, the documentation, the README's table and completion.

use rhai::{Dynamic, FuncRegistration, Module, RhaiNativeFunc};

use crate::journal::Class;

/// The manual page of a function.
#[derive(Debug)]
pub struct Doc {
    /// Its name.
    pub name: &'static str,
    /// Each way to call it, as written: `s.chat(text)`, `s.chat(text, #{timeout, follow_gui})`.
    pub calls: &'static [&'static str],
    /// What it does, third person; then units, defaults and what it throws.
    pub about: &'static str,
    /// What may be done about a call that was unfinished; none for plain access to a value.
    pub class: Option<Class>,
    /// A script that runs by itself.
    pub example: &'static str,
}

/// The manual page of a type.
#[derive(Debug)]
pub struct TypeDoc {
    /// Its name in scripts.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Its properties, with what each holds.
    pub properties: &'static [(&'static str, &'static str)],
}

/// Functions and types on their way into the engine.
#[derive(Default)]
pub struct Registry {
    module: Module,
    functions: Vec<&'static Doc>,
    types: Vec<&'static TypeDoc>,
    methods: Vec<(String, &'static str)>,
}

/// All that scripts may call.
pub struct Surface {
    /// For engines.
    pub module: Module,
    /// The manual page of every function, in the order of registration.
    pub functions: Vec<&'static Doc>,
    /// The manual page of every type, in the order of registration.
    pub types: Vec<&'static TypeDoc>,
    /// First parameters such as `session: Session`, with the name of the function.
    pub methods: Vec<(String, &'static str)>,
}

impl Registry {
    /// Closes the registry.
    pub fn finish(mut self) -> Surface {
        self.module.build_index();
        let Self { module, functions, types, methods } = self;
        Surface { module, functions, types, methods }
    }

    /// Adds a function, or one more signature of it. `params` are `name: type` for each
    /// parameter and then the type that is returned.
    pub(super) fn function<A: 'static, const N: usize, const X: bool, R, const F: bool, FUNC>(
        &mut self,
        doc: &'static Doc,
        params: &[&str],
        function: FUNC,
    ) where
        R: Clone + Send + Sync + 'static,
        FUNC: RhaiNativeFunc<A, N, X, R, F> + Send + Sync + 'static,
    {
        self.add(doc, params, true, function);
    }

    /// Adds a function that changes its first argument: a constant refuses it.
    pub(super) fn edit<A: 'static, const N: usize, const X: bool, R, const F: bool, FUNC>(
        &mut self,
        doc: &'static Doc,
        params: &[&str],
        function: FUNC,
    ) where
        R: Clone + Send + Sync + 'static,
        FUNC: RhaiNativeFunc<A, N, X, R, F> + Send + Sync + 'static,
    {
        self.add(doc, params, false, function);
    }

    fn add<A: 'static, const N: usize, const X: bool, R, const F: bool, FUNC>(
        &mut self,
        doc: &'static Doc,
        params: &[&str],
        pure: bool,
        function: FUNC,
    ) where
        R: Clone + Send + Sync + 'static,
        FUNC: RhaiNativeFunc<A, N, X, R, F> + Send + Sync + 'static,
    {
        self.document(doc);
        if let [first, _, ..] = params {
            self.methods.push(((*first).to_owned(), doc.name));
        }
        let comment: Vec<String> = doc.about.lines().map(|line| format!("/// {line}")).collect();
        FuncRegistration::new(doc.name)
            .in_global_namespace()
            .with_purity(pure)
            .with_params_info(params)
            .with_comments([comment.join("\n")])
            .set_into_module(&mut self.module, function);
    }

    /// Adds a function that scripts do not write themselves.
    pub(super) fn internal<A: 'static, const N: usize, const X: bool, R, const F: bool, FUNC>(
        &mut self,
        name: &str,
        function: FUNC,
    ) where
        R: Clone + Send + Sync + 'static,
        FUNC: RhaiNativeFunc<A, N, X, R, F> + Send + Sync + 'static,
    {
        FuncRegistration::new(name).in_global_namespace().set_into_module(&mut self.module, function);
    }

    /// Adds the manual page of a function that is made elsewhere.
    pub(super) fn document(&mut self, doc: &'static Doc) {
        if !self.functions.iter().any(|known| known.name == doc.name && known.calls == doc.calls) {
            self.functions.push(doc);
        }
    }

    /// Adds a type and how it prints.
    pub(super) fn value<T: Clone + Send + Sync + 'static>(
        &mut self,
        doc: &'static TypeDoc,
        print: impl Fn(&T) -> String + Clone + Send + Sync + 'static,
    ) {
        self.types.push(doc);
        self.module.set_custom_type::<T>(doc.name);
        for name in ["to_string", "to_debug"] {
            let print = print.clone();
            let info = [format!("value: {}", doc.name), "String".to_owned()];
            FuncRegistration::new(name)
                .in_global_namespace()
                .with_params_info(info)
                .set_into_module(&mut self.module, move |value: &mut T| print(value));
        }
    }

    /// Adds a property that is read.
    pub(super) fn getter<T: Clone + Send + Sync + 'static>(
        &mut self,
        name: &str,
        get: impl Fn(&T) -> Dynamic + Send + Sync + 'static,
    ) {
        FuncRegistration::new_getter(name).set_into_module(&mut self.module, move |value: &mut T| get(value));
    }

    /// Returns the module itself, for setters, indexers and iterators.
    pub(super) fn module(&mut self) -> &mut Module {
        &mut self.module
    }
}
