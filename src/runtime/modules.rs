//! Finds what a script imports: beside the importing file, then in the script's folders, and
//! nowhere else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Scope, Shared};

use crate::host::{Failure, Kind, Run, nearest_file};
use crate::runtime::catch::{self, Shift};
use crate::runtime::engine::{self, Tokens};
use crate::runtime::error::Place;
use crate::runtime::script::Script;

/// The texts of everything compiled so far, by name: errors show places and lines of them.
#[derive(Clone, Default)]
pub(super) struct Sources(Arc<Mutex<BTreeMap<String, Arc<Source>>>>);

struct Source {
    text: String,
    shifts: Vec<Shift>,
}

impl Sources {
    pub(super) fn add(&self, name: &str, text: &str, shifts: Vec<Shift>) {
        let source = Source { text: text.to_owned(), shifts };
        lock(&self.0).insert(name.to_owned(), Arc::new(source));
    }

    /// Returns the same texts, to which others are added without changing these.
    pub(super) fn copy(&self) -> Self {
        Self(Arc::new(Mutex::new(lock(&self.0).clone())))
    }

    /// Returns the place in the user's text that a position of Rhai means; none without a line.
    pub(super) fn place(&self, name: &str, position: Position) -> Option<Place> {
        let line = position.line()?;
        // A position without a column is the beginning of its line.
        let column = position.position().unwrap_or(1);
        let texts = lock(&self.0);
        let column = texts.get(name).map_or(column, |source| catch::unshifted(&source.shifts, line, column));
        Some(Place { file: name.to_owned(), line, column: Some(column) })
    }

    /// Returns a line of a text, counted from 1.
    pub(super) fn line(&self, name: &str, line: usize) -> Option<String> {
        let texts = lock(&self.0);
        texts.get(name)?.text.lines().nth(line.checked_sub(1)?).map(str::to_owned)
    }

    /// Returns a whole text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        lock(&self.0).get(name).map(|source| source.text.clone())
    }
}

/// Modules that were loaded, by their real path; shared by the lines of a console.
pub(super) type Loaded = Arc<Mutex<BTreeMap<PathBuf, Shared<Module>>>>;

/// Resolves `import` for one run.
pub(super) struct Resolver {
    /// The script's folder, then the working folder; modules lie below one of them.
    roots: Vec<PathBuf>,
    sources: Sources,
    tokens: Tokens,
    loaded: Loaded,
    /// Modules that are being loaded, outermost first.
    loading: Mutex<Vec<PathBuf>>,
}

impl Resolver {
    pub(super) fn new(run: &Run, sources: Sources, tokens: Tokens, loaded: Loaded) -> Self {
        // An untrusted script brings its own modules and gets no others.
        let folders = if run.files().untrusted { 1 } else { usize::MAX };
        let roots =
            run.files().inputs.iter().take(folders).filter_map(|folder| fs::canonicalize(folder).ok());
        Self { roots: roots.collect(), sources, tokens, loaded, loading: Mutex::default() }
    }

    fn load(
        &self,
        engine: &Engine,
        real: &Path,
        pos: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let name = shown(real).display().to_string();
        let script = Script::load(&shown(real)).map_err(|error| Failure::new(Kind::Script, error.message))?;
        let in_module = |error| EvalAltResult::ErrorInModule(name.clone(), error, pos);
        let ast =
            engine::compile(engine, &self.tokens, &self.sources, &name, &script.text).map_err(in_module)?;
        let module = Module::eval_ast_as_new(Scope::new(), &ast, engine).map_err(in_module)?;
        Ok(module.into())
    }
}

impl ModuleResolver for Resolver {
    fn resolve(
        &self,
        engine: &Engine,
        source: Option<&str>,
        path: &str,
        pos: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let real = find(&self.roots, source, path)?;
        if let Some(module) = lock(&self.loaded).get(&real) {
            return Ok(module.clone());
        }
        let chain: Vec<PathBuf> = lock(&self.loading).clone();
        if let Some(at) = chain.iter().position(|loading| *loading == real) {
            return Err(circle(chain[at..].iter().chain([&real])).into());
        }
        lock(&self.loading).push(real.clone());
        let module = self.load(engine, &real, pos);
        lock(&self.loading).pop();
        let module = module?;
        lock(&self.loaded).insert(real, module.clone());
        Ok(module)
    }
}

/// Returns the real path of a module, which lies below a root: beside the file that imports it,
/// else in the roots.
///
/// # Errors
/// There is none, or it lies outside of the roots.
pub(super) fn find(roots: &[PathBuf], importer: Option<&str>, path: &str) -> Result<PathBuf, Failure> {
    let file = if path.ends_with(".rhai") { path.to_owned() } else { format!("{path}.rhai") };
    let beside = importer.and_then(|name| Path::new(name).parent()).map(Path::to_path_buf);
    let folders: Vec<PathBuf> = beside.into_iter().chain(roots.iter().cloned()).collect();
    let mut outside = false;
    for folder in &folders {
        let Ok(real) = fs::canonicalize(folder.join(&file)) else { continue };
        if roots.iter().any(|root| real.starts_with(root)) {
            return Ok(real);
        }
        outside = true;
    }
    if outside {
        let said = format!("the module `{path}` lies outside the folder of the script");
        return Err(Failure::new(Kind::Sandbox, said).hint("move it beside the script"));
    }
    let looked: Vec<String> = folders.iter().map(|folder| format!("`{}`", shown(folder).display())).collect();
    let meant = folders.iter().find_map(|folder| {
        let meant = nearest_file(folder, &file)?;
        let real = fs::canonicalize(folder.join(&meant)).ok()?;
        let inside = roots.iter().any(|root| real.starts_with(root));
        meant.strip_suffix(".rhai").filter(|_| inside).map(str::to_owned)
    });
    let meant = meant.map(|meant| format!("; did you mean `{meant}`?"));
    Err(Failure::new(Kind::Script, format!("there is no module `{path}`{}", meant.unwrap_or_default()))
        .hint(format!("looked for `{file}` in {}", looked.join(", then in "))))
}

/// Returns the real path of the module that the script at `importer` calls `path`, as a run would
/// find it.
pub fn module_file(importer: &Path, path: &str) -> Option<PathBuf> {
    let folders = importer.parent().map(Path::to_path_buf).into_iter().chain([PathBuf::from(".")]);
    let roots: Vec<PathBuf> = folders.filter_map(|folder| fs::canonicalize(folder).ok()).collect();
    find(&roots, importer.to_str(), path).ok()
}

/// Returns what to say about modules that import each other.
pub(super) fn circle<'a>(files: impl Iterator<Item = &'a PathBuf>) -> Failure {
    let names: Vec<String> = files.map(|path| shown(path).display().to_string()).collect();
    let said = format!("modules import each other in a circle: {}", names.join(" → "));
    Failure::new(Kind::Script, said).hint("move what they share into a third module")
}

/// The path as a person would write it: relative where it lies below the working folder.
pub(super) fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok().and_then(|here| fs::canonicalize(here).ok());
    let relative = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    relative.filter(|path| !path.as_os_str().is_empty()).unwrap_or_else(|| path.to_path_buf())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
