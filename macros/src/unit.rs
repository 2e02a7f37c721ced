//! Reads the compiler's own arguments: what tells this build from others, and what the runtime is called.
//!
//! A proc macro runs in the compiler's process. Where the arguments cannot be read (an editor, an
//! argument file) there are answers that are right in the usual case.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The crate's name and cargo's `-C metadata`, which changes with the features and versions of all
/// dependencies; empty when it is not known.
pub fn of_compiler() -> String {
    let arguments: Vec<String> = std::env::args().collect();
    let name = std::env::var("CARGO_CRATE_NAME").unwrap_or_default();
    metadata(&arguments).map_or_else(String::new, |metadata| format!("{name} {metadata}"))
}

fn metadata(arguments: &[String]) -> Option<&str> {
    arguments.iter().enumerate().find_map(|(index, argument)| {
        let option = match argument.strip_prefix("-C") {
            Some("") => arguments.get(index + 1)?,
            Some(option) => option,
            None => return None,
        };
        option.strip_prefix("metadata=")
    })
}

/// The path of the runtime's crate, also where Cargo.toml gave it another name.
pub fn runtime() -> TokenStream {
    let arguments: Vec<String> = std::env::args().collect();
    let name = Ident::new(renamed(&arguments).unwrap_or("checkpointing"), Span::call_site());
    quote!(::#name)
}

fn renamed(arguments: &[String]) -> Option<&str> {
    arguments.windows(2).find_map(|pair| {
        let (name, path) = pair[1].split_once('=')?;
        let file = path.rsplit(['/', '\\']).next()?;
        let name = name.rsplit(':').next()?;
        (pair[0] == "--extern" && file.starts_with("libcheckpointing-")).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn metadata_and_names_are_found_among_the_arguments() {
        let seen = arguments(
            "rustc --crate-name q -C opt-level=3 -C metadata=12ab --extern ck=/t/libcheckpointing-34.rmeta --extern m=/t/libcheckpointing_macros-5.so",
        );
        assert_eq!(metadata(&seen), Some("12ab"));
        assert_eq!(renamed(&seen), Some("ck"));
        assert_eq!(metadata(&arguments("rustc -Cmetadata=7")), Some("7"));
        assert_eq!(renamed(&arguments("rustc --extern noprelude:ck=libcheckpointing-1.rlib")), Some("ck"));
        assert_eq!(metadata(&arguments("rustc -C")), None);
        assert_eq!(renamed(&arguments("rustc --extern")), None);
    }
}
