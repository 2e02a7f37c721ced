//! Puts the pass into a build script: text in, text out. It must be the last that `main` does.

use proc_macro2::{LineColumn, TokenStream};
use syn::spanned::Spanned;

/// For a package without one.
pub(crate) const NEW: &str = "fn main() {\n    checkpointing_fingerprint::emit();\n}\n";
const CALL: &str = "checkpointing_fingerprint::emit();";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// It is there already.
    Nothing,
    Text(String),
    /// Where it belongs is not certain.
    Refused(&'static str),
}

/// Adds the call at the end of `main`.
pub(crate) fn edit(text: &str) -> Edit {
    let Ok(file) = syn::parse_file(text) else { return Edit::Refused("the build script cannot be parsed") };
    // As tokens: what is in a comment is not there.
    let names = text.parse::<TokenStream>().map(|tokens| tokens.to_string()).unwrap_or_default();
    if names.contains("checkpointing_fingerprint") {
        return Edit::Nothing;
    }
    let mains = file.items.iter().filter_map(|item| match item {
        syn::Item::Fn(function) if function.sig.ident == "main" => Some(function),
        _ => None,
    });
    let mains: Vec<&syn::ItemFn> = mains.collect();
    let [main] = mains.as_slice() else {
        return Edit::Refused("the build script has no `main`, or several");
    };
    let tail = match main.block.stmts.last() {
        Some(syn::Stmt::Expr(tail, None)) => Some(tail),
        _ => None,
    };
    let end = main.block.brace_token.span.close().start();
    match (tail, &main.sig.output) {
        (None, syn::ReturnType::Default) => insert(text, end, "    ", "\n"),
        (Some(tail), syn::ReturnType::Default) => {
            let ended = offset(text, tail.span().end());
            let needs = !matches!(
                tail,
                syn::Expr::If(_)
                    | syn::Expr::Match(_)
                    | syn::Expr::ForLoop(_)
                    | syn::Expr::While(_)
                    | syn::Expr::Loop(_)
                    | syn::Expr::Block(_)
                    | syn::Expr::Unsafe(_)
            );
            let (before, after) = text.split_at(ended);
            let semicolon = if needs { ";" } else { "" };
            Edit::Text(format!("{before}{semicolon}\n    {CALL}{after}"))
        }
        (Some(tail), syn::ReturnType::Type(..)) if is_ok(tail) => {
            insert(text, tail.span().start(), "", "\n    ")
        }
        _ => Edit::Refused("the build script's `main` ends in a value that something may be done for"),
    }
}

/// Puts the call before a place, between these.
fn insert(text: &str, place: LineColumn, before: &str, after: &str) -> Edit {
    let (left, right) = text.split_at(offset(text, place));
    // `fn main() {}` on one line.
    let line = if before.is_empty() || left.ends_with('\n') { "" } else { "\n" };
    Edit::Text(format!("{left}{line}{before}{CALL}{after}{right}"))
}

fn is_ok(tail: &syn::Expr) -> bool {
    let syn::Expr::Call(call) = tail else { return false };
    let is_unit = matches!(call.args.first(), Some(syn::Expr::Tuple(tuple)) if tuple.elems.is_empty());
    is_unit
        && matches!(&*call.func, syn::Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Ok"))
}

/// The byte of a place; columns count characters.
fn offset(text: &str, place: LineColumn) -> usize {
    let line: usize = text.split_inclusive('\n').take(place.line - 1).map(str::len).sum();
    let column: usize = text[line..].chars().take(place.column).map(char::len_utf8).sum();
    line + column
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str) -> String {
        match edit(text) {
            Edit::Text(text) => {
                assert_eq!(edit(&text), Edit::Nothing, "a second time changes nothing");
                text
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_call_comes_last() {
        let body = "fn main() {\n    println!(\"ä\");\n}\n";
        assert_eq!(
            edited(body),
            "fn main() {\n    println!(\"ä\");\n    checkpointing_fingerprint::emit();\n}\n"
        );
        assert_eq!(edited("fn main() {}\n"), "fn main() {\n    checkpointing_fingerprint::emit();\n}\n");
        assert_eq!(
            edited("fn main() {\n    run()\n}\n"),
            "fn main() {\n    run();\n    checkpointing_fingerprint::emit();\n}\n"
        );
        let comment = "// checkpointing_fingerprint::emit();\nfn main() {\n}\n";
        assert_eq!(edited(comment), comment.replace("{\n", "{\n    checkpointing_fingerprint::emit();\n"));
        let choice = "fn main() {\n    if a() {\n        b();\n    }\n}\n";
        assert_eq!(
            edited(choice),
            choice.replace("    }\n}", "    }\n    checkpointing_fingerprint::emit();\n}")
        );
    }

    #[test]
    fn it_stands_before_the_result() {
        let text = "fn main() -> Result<(), E> {\n    build()?;\n    Ok(())\n}\n";
        assert_eq!(edited(text), text.replace("    Ok", "    checkpointing_fingerprint::emit();\n    Ok"));
    }

    #[test]
    fn where_it_is_not_certain_it_is_left_to_people() {
        for text in [
            "fn main() -> E {\n    run()\n}\n",
            "fn main() -> ! {\n    loop {}\n}\n",
            "run!();\n",
            "fn main() {",
        ] {
            assert!(matches!(edit(text), Edit::Refused(_)), "{text}");
        }
    }
}
