//! The engine: Rhai with our functions, every limit stated, and `s.export(..)` made legal.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rhai::module_resolvers::DummyModuleResolver;
use rhai::packages::{Package, StandardPackage};
use rhai::{AST, Dynamic, Engine, EvalAltResult, OptimizationLevel, ParseError, Position, Shared, Token};

use crate::host::{self, Doc, Run, TypeDoc};
use crate::runtime::catch::{self, Heads};
use crate::runtime::modules::{Loaded, Resolver, Sources};
use crate::runtime::script::Script;

// Stated because debug and release builds of Rhai differ in their defaults.
/// Calls in calls. A script's thread has the stack for it: 2 MiB in the worst script measured.
const CALL_LEVELS_MAX: usize = 64;
/// Nesting of expressions at the top level; inside functions it is half of that.
const EXPR_DEPTH_MAX: usize = 64;
/// 16 MiB: the longest text that `read_text` returns.
const STRING_BYTES_MAX: usize = 16 << 20;
/// Elements of an array.
const ARRAY_SIZE_MAX: usize = 1_000_000;
/// Entries of all object maps of one value: the cells of a table that `rows` returns.
const MAP_SIZE_MAX: usize = 1_000_000;
/// Variables in scope at once.
const VARIABLES_MAX: usize = 4096;
/// Functions of one script.
const FUNCTIONS_MAX: usize = 1000;
/// Modules that one run may import.
const MODULES_MAX: usize = 256;
/// Operations between two looks at the stop token: some microseconds.
const OPERATIONS_PER_LOOK: u64 = 256;

/// What every engine shares; made once in a process.
pub(super) struct Language {
    standard: StandardPackage,
    module: Shared<rhai::Module>,
    pub(super) functions: Vec<&'static Doc>,
    pub(super) types: Vec<&'static TypeDoc>,
    /// First parameters such as `session: Session`, with the function that takes them.
    pub(super) methods: Vec<(String, &'static str)>,
}

/// Returns the functions and types of scripts.
pub(super) fn language() -> &'static Language {
    static LANGUAGE: OnceLock<Language> = OnceLock::new();
    LANGUAGE.get_or_init(|| {
        let host::Surface { module, functions, types, methods } = host::registry().finish();
        Language { standard: StandardPackage::new(), module: module.into(), functions, types, methods }
    })
}

/// An engine for one run, or for looking at scripts without running them.
pub(super) struct ScriptEngine {
    engine: Engine,
    tokens: Tokens,
    pub(super) sources: Sources,
}

/// What the parser has read of the text that is being compiled.
#[derive(Clone, Default)]
pub(super) struct Tokens(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    after_dot: bool,
    /// Looked for in files only: `eval` compiles too, and takes nothing away.
    heads: Option<Heads>,
}

impl ScriptEngine {
    /// Returns an engine that only compiles; it can reach no file and no backend.
    pub(super) fn compiler() -> Self {
        let mut new = Self::bare();
        new.engine.set_module_resolver(DummyModuleResolver::new());
        new
    }

    /// Returns an engine that only looks at the form of a text, and minds no names.
    pub(super) fn parser() -> Self {
        let mut new = Self::compiler();
        new.engine.set_strict_variables(false);
        new
    }

    /// Returns the engine of a run.
    pub(super) fn of_run(run: &Run, sources: Sources) -> Self {
        Self::with(run, sources, Loaded::default())
    }

    /// Returns the engine of one line of a console. Names of earlier lines are not in its
    /// text, so they are looked for when it runs.
    pub(super) fn of_line(run: &Run, sources: Sources, loaded: Loaded) -> Self {
        let mut new = Self::with(run, sources, loaded);
        new.engine.set_strict_variables(false);
        new
    }

    fn with(run: &Run, sources: Sources, loaded: Loaded) -> Self {
        let mut new = Self { sources, ..Self::bare() };
        let engine = &mut new.engine;
        engine.set_default_tag(Dynamic::from(run.clone()));
        let watched = run.clone();
        engine.on_progress(move |operations| {
            let look = operations % OPERATIONS_PER_LOOK == 0;
            look.then(|| watched.ended()).flatten().map(Dynamic::from)
        });
        // A line that cannot be kept ends the run, which the next look at `ended` sees.
        let printing = run.clone();
        engine.on_print(move |text| drop(host::values::print(&printing, text)));
        let (debugging, sources) = (run.clone(), new.sources.clone());
        engine.on_debug(move |text, source, position| {
            let at = sources.place(source.unwrap_or_default(), position);
            let at = at.map(|place| place.to_string()).unwrap_or_default();
            drop(host::values::debug(&debugging, text, at));
        });
        let resolver = Resolver::new(run, new.sources.clone(), new.tokens.clone(), loaded);
        engine.set_module_resolver(resolver);
        new
    }

    fn bare() -> Self {
        let language = language();
        let mut engine = Engine::new_raw();
        language.standard.register_into_engine(&mut engine);
        engine.register_global_module(language.module.clone());
        engine
            .set_max_call_levels(CALL_LEVELS_MAX)
            .set_max_expr_depths(EXPR_DEPTH_MAX, EXPR_DEPTH_MAX / 2)
            .set_max_operations(0) // `on_progress` ends what must end
            .set_max_string_size(STRING_BYTES_MAX)
            .set_max_array_size(ARRAY_SIZE_MAX)
            .set_max_map_size(MAP_SIZE_MAX)
            .set_max_variables(VARIABLES_MAX)
            .set_max_functions(FUNCTIONS_MAX)
            .set_max_modules(MODULES_MAX)
            .set_max_strings_interned(0) // its lock costs more than it saves
            .set_strict_variables(true)
            // The optimizer puts literal constants in place of their names, and Rhai then panics
            // at `const M = #{}; M.a = 1`. It gained us nothing that could be measured.
            .set_optimization_level(OptimizationLevel::None);
        let tokens = Tokens::default();
        let reading = tokens.clone();
        #[allow(deprecated, reason = "Rhai marks this hook volatile; its version is pinned")]
        engine.on_parse_token(move |token, position, _| reading.read(token, position));
        Self { engine, tokens, sources: Sources::default() }
    }

    /// Compiles a script.
    pub(super) fn compile(&self, script: &Script) -> Result<AST, Box<EvalAltResult>> {
        compile(&self.engine, &self.tokens, &self.sources, &script.name, &script.text)
    }

    /// Compiles a text that belongs to no file, for whether it can be.
    pub(super) fn parse(&self, text: &str) -> Result<AST, ParseError> {
        self.tokens.begin();
        self.engine.compile(text)
    }

    /// Parses a script as it stands, for looking at it: places are those of the text.
    pub(super) fn look(&self, script: &Script) -> Result<AST, Box<EvalAltResult>> {
        self.sources.add(&script.name, &script.text, Vec::new());
        self.tokens.begin();
        let parsed = self.engine.compile(&script.text);
        self.tokens.end();
        Ok(parsed?)
    }

    /// Returns Rhai's engine.
    pub(super) fn rhai(&self) -> &Engine {
        &self.engine
    }
}

/// Compiles the text of a file: the way of scripts and of modules.
pub(super) fn compile(
    engine: &Engine,
    tokens: &Tokens,
    sources: &Sources,
    name: &str,
    text: &str,
) -> Result<AST, Box<EvalAltResult>> {
    sources.add(name, text, Vec::new());
    tokens.begin();
    let mut ast = engine.compile(text)?;
    let heads = tokens.end();
    if !heads.is_empty() {
        let (converted, shifts) = catch::with_conversions(text, &heads);
        sources.add(name, text, shifts);
        ast = engine.compile(converted)?;
    }
    ast.set_source(name);
    Ok(ast)
}

impl Tokens {
    /// Forgets the text before: a failed one may have ended in a dot.
    fn begin(&self) {
        *self.seen() = Seen { after_dot: false, heads: Some(Heads::default()) };
    }

    /// Returns the catch blocks of the text that was begun.
    fn end(&self) -> Vec<catch::Head> {
        self.seen().heads.take().map(Heads::found).unwrap_or_default()
    }

    /// Notes a token. `export` is a keyword and `call` is reserved; after a dot both are names:
    /// `s.export(..)` and the `e.call` of a caught error.
    fn read(&self, token: Token, position: Position) -> Token {
        let mut seen = self.seen();
        if let Some(heads) = &mut seen.heads {
            heads.feed(&token, position);
        }
        let is_dot = matches!(token, Token::Period | Token::Elvis);
        let was_dot = std::mem::replace(&mut seen.after_dot, is_dot);
        match token {
            Token::Export if was_dot => Token::Identifier(Box::new("export".into())),
            Token::Reserved(word) if was_dot && *word == "call" => Token::Identifier(word),
            token => token,
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
