//! What the process was started with: its arguments and its environment. Nobody else reads either.

use std::ffi::{OsStr, OsString};

/// The command line, the name of the program first.
pub fn arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}

/// A variable of the environment; what is not Unicode in it becomes U+FFFD. `None` where it is not set.
pub fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// True where there is such a file, by which a container is known.
pub fn has_file(path: &str) -> bool {
    std::path::Path::new(path).exists()
}

/// The names of all variables for which `is_chosen` is true, by name and value.
pub fn names_of(is_chosen: impl Fn(&OsStr, &OsStr) -> bool) -> Vec<OsString> {
    std::env::vars_os()
        .filter(|(name, value)| is_chosen(name, value))
        .map(|(name, _)| name)
        .collect()
}
