//! Rhai and nothing else: engine, scripts, values, errors.
