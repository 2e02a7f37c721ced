//! Reads our own marks on a function, and writes the options that shape its key.

use super::attributes::Attr;
use super::context::Cx;
use super::paths::Use;
use super::scope::Word;
use crate::ir::{Mark, MarkKind, MarkOption, MarkValue, Namespace};
use checkpointing_mark::{Form, Value, parse_doc, parse_options};
use syn::{AttrStyle, Attribute, Meta, MetaList, Path};

/// A mark as it was found, before the function is written.
pub(super) struct Found {
    /// The attribute's path; `None` for a doc mark.
    pub path: Option<Path>,
    pub options: Result<Vec<checkpointing_mark::MarkOption>, String>,
}

/// The doc mark that an attribute is.
pub(super) fn doc_mark(meta: &Meta) -> Option<Found> {
    if !meta.path().is_ident("doc") {
        return None;
    }
    let attribute = Attribute {
        pound_token: syn::token::Pound::default(),
        style: AttrStyle::Outer,
        bracket_token: syn::token::Bracket::default(),
        meta: meta.clone(),
    };
    let options = parse_doc(&attribute)?.map_err(|error| error.to_string());
    Some(Found { path: None, options })
}

/// The mark that `#[checkpoint(..)]` is.
pub(super) fn attribute_mark(attr: &Attr<'_>) -> Found {
    let options = match attr.meta.as_ref() {
        Meta::Path(_) => Ok(Vec::new()),
        Meta::List(MetaList { path: _, delimiter: _, tokens }) => {
            parse_options(tokens.clone(), Form::Attribute).map_err(|error| error.to_string())
        }
        Meta::NameValue(_) => Err("expected options in parentheses".to_owned()),
    };
    Found { path: Some(attr.meta.path().clone()), options }
}

impl Cx<'_, '_> {
    /// Writes the options of a mark that count, with the parameters in scope.
    pub(super) fn mark(&mut self, found: Found, kind: MarkKind) -> Mark {
        let mut mark = Mark { kind, options: Vec::new(), error: None };
        let options = match found.options {
            Ok(options) => options,
            Err(error) => {
                mark.error = Some(error);
                return mark;
            }
        };
        for checkpointing_mark::MarkOption { name, value } in options {
            let word = name.to_string();
            let value = match value {
                Value::Literal(text) => MarkValue::Literal(text),
                // It changes what the build says, and no result.
                Value::Names(names) if word == "allow" => {
                    MarkValue::Names(names.iter().map(ToString::to_string).collect())
                }
                Value::Names(names) => {
                    self.option(&word);
                    for name in &names {
                        self.argument(name, &mut mark);
                    }
                    MarkValue::Names(names.iter().map(ToString::to_string).collect())
                }
                Value::Paths(pairs) => {
                    self.option(&word);
                    for (name, path) in &pairs {
                        self.argument(name, &mut mark);
                        self.w.word("=");
                        self.path(None, path, Use::of(Namespace::Value));
                    }
                    MarkValue::Expression
                }
                // Where results are kept decides nothing about them.
                Value::Expr(_) if word == "store" => MarkValue::Expression,
                Value::Type(of) => {
                    self.option(&word);
                    self.ty(&of);
                    MarkValue::Expression
                }
                Value::Expr(expr) => {
                    self.option(&word);
                    self.expr(&expr);
                    MarkValue::Expression
                }
            };
            mark.options.push(MarkOption { name: word, value });
        }
        mark
    }

    fn option(&mut self, word: &str) {
        self.w.word("| mark");
        self.w.word(word);
    }

    fn argument(&mut self, ident: &syn::Ident, mark: &mut Mark) {
        let name = self.name(ident);
        if self.local(Word::plain(name)).is_none() {
            self.write_name(name);
            mark.error = Some(format!("`{ident}` is not an argument of the function"));
        }
        self.w.word(",");
    }
}
