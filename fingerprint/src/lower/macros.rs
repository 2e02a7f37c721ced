//! Writes macro calls. Those of the standard library are parsed, so that local names in them are
//! numbered like anywhere else; any other macro's tokens stay as they are.
//!
//! Everything is parsed before anything is written: what does not parse is an unknown macro.

use super::cfg::{Predicate, Truth};
use super::context::Cx;
use super::format::{self, Format};
use super::included;
use super::scope::Word;
use crate::ir::{Expr as Ir, ExprIdx, FileArg, FileMacro, Literal, Namespace, Ref, Shown, Step};
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Lit, Macro, MacroDelimiter, Pat, Path, Token};

/// How the arguments of a macro of the standard library are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// This many expressions, then a format string and what it formats.
    Format(usize),
    /// As `Format`; before edition 2021 a single argument behind the first ones is shown as it is.
    Panic(usize),
    /// Expressions.
    List,
    Vec,
    Matches,
    Line,
    Column,
    File,
    ModulePath,
    Stringify,
    Env,
    OptionEnv,
    Include(FileMacro),
    Cfg,
    ThreadLocal,
}

/// Macros that are not in the prelude, and the modules that have them: read where the whole path is written.
const IN_MODULES: [(&str, &str); 4] =
    [("ptr", "addr_of"), ("ptr", "addr_of_mut"), ("pin", "pin"), ("task", "ready")];

fn shape(name: &str) -> Option<Shape> {
    Some(match name {
        _ if IN_MODULES.iter().any(|(_, own)| *own == name) => Shape::List,
        "print" | "println" | "eprint" | "eprintln" | "format" | "format_args" => Shape::Format(0),
        "write" | "writeln" => Shape::Format(1),
        "panic" | "unreachable" | "todo" | "unimplemented" => Shape::Panic(0),
        "assert" | "debug_assert" => Shape::Panic(1),
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => Shape::Format(2),
        "concat" | "dbg" | "try" | "compile_error" => Shape::List,
        "vec" => Shape::Vec,
        "matches" => Shape::Matches,
        "line" => Shape::Line,
        "column" => Shape::Column,
        "file" => Shape::File,
        "module_path" => Shape::ModulePath,
        "stringify" => Shape::Stringify,
        "env" => Shape::Env,
        "option_env" => Shape::OptionEnv,
        "include" => Shape::Include(FileMacro::Rust),
        "include_str" => Shape::Include(FileMacro::Str),
        "include_bytes" => Shape::Include(FileMacro::Bytes),
        "cfg" => Shape::Cfg,
        "thread_local" => Shape::ThreadLocal,
        _ => return None,
    })
}

/// Whether a macro of the standard library that needs no import has this name.
pub fn is_std_macro(name: &str) -> bool {
    shape(name).is_some() && IN_MODULES.iter().all(|(_, other)| *other != name)
}

/// The name of a macro of the standard library, and whether the path says where it is from.
pub(super) fn std_name(path: &Path) -> Option<(String, bool)> {
    let words: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let words: Vec<&str> = words.iter().map(|word| word.strip_prefix("r#").unwrap_or(word)).collect();
    let is_std = |krate: &str| matches!(krate, "std" | "core" | "alloc");
    match words[..] {
        [name] if path.leading_colon.is_none() && is_std_macro(name) => Some((name.to_owned(), false)),
        [krate, name] if is_std(krate) && is_std_macro(name) => Some((name.to_owned(), true)),
        [krate, module, name] if is_std(krate) && IN_MODULES.contains(&(module, name)) => {
            Some((name.to_owned(), true))
        }
        _ => None,
    }
}

/// `thread_local!` defines items wherever it stands.
pub(super) fn defines_items(mac: &Macro) -> bool {
    std_name(&mac.path).is_some_and(|(name, _)| name == "thread_local")
}

/// What a call was parsed to.
enum Parsed {
    Format { args: Vec<Expr>, before: usize, format: Option<Format> },
    List(Punctuated<Expr, Token![,]>),
    Repeat(Box<(Expr, Expr)>),
    Matches(Box<(Expr, Pat)>),
    Number(usize),
    Shown(Shown),
    Tokens,
    Env { name: String, optional: bool },
    Include { macro_: FileMacro, arg: FileArg, expr: Box<Expr> },
    Cfg(Predicate),
    Items,
}

impl Cx<'_, '_> {
    pub(super) fn is_trusted(&self, path: &Path) -> bool {
        std_name(path).is_some_and(|(name, _)| !self.file.settings.distrusted_macros.contains(&name))
    }

    /// Writes a macro call in an expression or a statement.
    pub(super) fn macro_call(&mut self, mac: &Macro) -> ExprIdx {
        if let Some(segment) = mac.path.segments.last() {
            self.w.at(segment.ident.span());
        }
        if let Some((name, qualified)) = std_name(&mac.path)
            && !self.file.settings.distrusted_macros.contains(&name)
            && let Some(parsed) = self.parse_std(&name, mac)
        {
            if !qualified {
                self.file.trusted.insert(name.clone());
            }
            return self.write_std(&name, mac, parsed);
        }
        if let Some(expr) = self.expanded_expr(mac) {
            return expr;
        }
        self.unknown_macro(mac);
        self.push(Ir::Unknown(Vec::new()))
    }

    /// Writes a macro call as its tokens.
    pub(super) fn unknown_macro(&mut self, mac: &Macro) {
        let Macro { path, bang_token: _, delimiter, tokens } = mac;
        let reference = self.path_reference(path, Namespace::Macro, false, false);
        self.note_call(mac, reference);
        let (open, close) = match delimiter {
            MacroDelimiter::Paren(_) => ("! (", ")"),
            MacroDelimiter::Brace(_) => ("! {", "}"),
            MacroDelimiter::Bracket(_) => ("! [", "]"),
        };
        self.w.word(open);
        self.unknown_tokens(tokens.clone());
        self.w.word(close);
    }

    fn parse_std(&mut self, name: &str, mac: &Macro) -> Option<Parsed> {
        let tokens = mac.tokens.clone();
        let list = |tokens| Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens).ok();
        let place = || mac.path.segments.last().map(|last| last.ident.span().start());
        Some(match shape(name)? {
            Shape::Format(before) => format_call(list(tokens)?.into_iter().collect(), before, true)?,
            Shape::Panic(before) => {
                let args: Vec<Expr> = list(tokens)?.into_iter().collect();
                let formats = self.file.settings.edition >= super::Edition::E2021 || args.len() > before + 1;
                format_call(args, before, formats)?
            }
            Shape::List => Parsed::List(list(tokens)?),
            Shape::Vec => {
                let repeat = |input: ParseStream<'_>| {
                    let value = input.parse::<Expr>()?;
                    input.parse::<Token![;]>()?;
                    Ok((value, input.parse::<Expr>()?))
                };
                match repeat.parse2(tokens.clone()) {
                    Ok(repeat) => Parsed::Repeat(Box::new(repeat)),
                    Err(_) => Parsed::List(list(tokens)?),
                }
            }
            Shape::Matches => {
                let parser = |input: ParseStream<'_>| {
                    let value = input.parse::<Expr>()?;
                    input.parse::<Token![,]>()?;
                    let pat = Pat::parse_multi_with_leading_vert(input)?;
                    let pat = if input.peek(Token![if]) {
                        Pat::Guard(syn::PatGuard {
                            attrs: Vec::new(),
                            pat: Box::new(pat),
                            if_token: input.parse()?,
                            guard: Box::new(input.parse()?),
                        })
                    } else {
                        pat
                    };
                    input.parse::<Option<Token![,]>>()?;
                    Ok((value, pat))
                };
                Parsed::Matches(Box::new(parser.parse2(tokens).ok()?))
            }
            Shape::Line => Parsed::Number(place()?.line),
            Shape::Column => Parsed::Number(place()?.column + 1),
            Shape::File => Parsed::Shown(Shown::File),
            Shape::ModulePath => Parsed::Shown(Shown::ModulePath),
            Shape::Stringify => Parsed::Tokens,
            Shape::Env | Shape::OptionEnv => {
                let args = list(tokens)?;
                let name = string(args.first()?)?;
                Parsed::Env { name, optional: shape(name_of(mac)?.as_str()) == Some(Shape::OptionEnv) }
            }
            Shape::Include(macro_) => {
                let args = list(tokens)?;
                if args.len() != 1 {
                    return None;
                }
                let expr = args.into_iter().next()?;
                Parsed::Include { macro_, arg: included::file_arg(&expr), expr: Box::new(expr) }
            }
            Shape::Cfg => Parsed::Cfg(Predicate::read(&tokens)),
            Shape::ThreadLocal => Parsed::Items,
        })
    }

    fn write_std(&mut self, name: &str, mac: &Macro, parsed: Parsed) -> ExprIdx {
        // The value of `cfg!` alone counts.
        if let Parsed::Cfg(predicate) = &parsed {
            let env = &self.file.settings.cfg;
            let both = [Truth::True, Truth::False].map(|test| predicate.evaluate(env, test));
            match both {
                [Truth::True, Truth::True] => self.w.word("true"),
                [Truth::False, Truth::False] => self.w.word("false"),
                _ => self.cfg_reference(&predicate.canonical()),
            }
            return self.push(Ir::Lit(Literal::Bool));
        }
        if matches!(parsed, Parsed::Items) {
            return self.push(Ir::Tuple(Vec::new()));
        }
        self.path_reference(&mac.path, Namespace::Macro, true, true);
        self.w.word("! (");
        let args = match parsed {
            Parsed::Format { args, before, format } => {
                let args = self.write_format(&args, before, format);
                if let ("write" | "writeln", Some(&receiver)) = (name, args.first()) {
                    // They call the method of this name, whoever has it.
                    let (name, scope) = (self.file.names.text("write_fmt"), self.block);
                    self.w.reference(Ref::Method { name, scope, receiver: Some(receiver) });
                }
                args
            }
            // In either form the one argument is the array.
            Parsed::List(list) if name == "vec" => {
                let elems = self.list(&list);
                vec![self.push(Ir::Array(elems))]
            }
            Parsed::List(list) => self.list(&list),
            Parsed::Repeat(repeat) => {
                let value = self.expr(&repeat.0);
                self.w.word(";");
                let len = self.expr(&repeat.1);
                vec![self.push(Ir::Repeat { value, len })]
            }
            Parsed::Matches(matches) => {
                let (value, pat) = *matches;
                let value = self.expr(&value);
                self.w.word(",");
                let mark = self.scope.locals.len();
                let (pat, guard) = match pat {
                    Pat::Guard(syn::PatGuard { attrs: _, pat, if_token: _, guard }) => (*pat, Some(guard)),
                    pat => (pat, None),
                };
                let pat = self.binding(&pat, true);
                let mut args = vec![self.push(Ir::Let { pat, value })];
                if let Some(guard) = guard {
                    self.w.word("if");
                    args.push(self.expr(&guard));
                }
                self.scope.locals.truncate(mark);
                args
            }
            Parsed::Number(number) => {
                self.w.word(&number.to_string());
                Vec::new()
            }
            Parsed::Shown(shown) => {
                self.w.reference(Ref::Shown(shown));
                Vec::new()
            }
            Parsed::Tokens => {
                self.plain_tokens(mac.tokens.clone());
                Vec::new()
            }
            Parsed::Env { name, optional } => {
                self.w.quoted("", &name, "");
                self.w.reference(Ref::Env { name, optional });
                Vec::new()
            }
            Parsed::Include { macro_, arg, expr } => {
                // What is included can use the local names.
                self.named |= macro_ == FileMacro::Rust;
                self.expr(&expr);
                self.w.reference(Ref::File { macro_, arg });
                Vec::new()
            }
            Parsed::Cfg(_) | Parsed::Items => Vec::new(),
        };
        self.w.word(")");
        let name = self.file.names.text(name);
        self.push(Ir::Std { name, args })
    }

    fn write_format(&mut self, args: &[Expr], before: usize, format: Option<Format>) -> Vec<ExprIdx> {
        let mut out = Vec::with_capacity(args.len());
        let mut format = format;
        for (index, arg) in args.iter().enumerate() {
            match (arg, index.cmp(&before)) {
                (arg, std::cmp::Ordering::Less) => out.push(self.expr(arg)),
                (arg, std::cmp::Ordering::Equal) if format.is_some() => {
                    let Some(Format { text, captures }) = format.take() else { continue };
                    self.w.quoted("", &text, "");
                    let step = self.file.sites.step(arg.span());
                    for capture in captures {
                        out.push(self.capture(&capture, step));
                    }
                }
                (Expr::Assign(syn::ExprAssign { attrs: _, left, eq_token: _, right }), _)
                    if argument_name(left).is_some() =>
                {
                    let name = argument_name(left).unwrap_or_default();
                    self.w.word(&name);
                    self.w.word("=");
                    out.push(self.expr(right));
                }
                (arg, _) => out.push(self.expr(arg)),
            }
            self.w.word(",");
        }
        out
    }

    /// A name that a format string captures.
    fn capture(&mut self, name: &str, step: Step) -> ExprIdx {
        let name = self.file.names.text(name);
        if let Some(local) = self.local(Word { name, step }) {
            return local;
        }
        if let Some(number) = self.scope.generic_number(name) {
            self.w.number(super::writer::Sigil::Generic, number, Word::plain(name));
            return self.push(Ir::Unknown(Vec::new()));
        }
        let in_text = self.scope.capitals.contains(&name);
        if in_text {
            self.write_name(name);
        }
        let reference = self.names_reference(false, vec![name], Namespace::Value, in_text, false);
        let path = self.w.reference(reference);
        self.push(Ir::Path { path, args: Vec::new(), owner_args: Vec::new() })
    }
}

pub(super) fn name_of(mac: &Macro) -> Option<String> {
    std_name(&mac.path).map(|(name, _)| name)
}

/// A call that formats; `None` where it cannot be one.
fn format_call(args: Vec<Expr>, before: usize, formats: bool) -> Option<Parsed> {
    if args.len() < before {
        return None;
    }
    let format = match args.get(before) {
        Some(first) if formats => match string(first) {
            Some(text) => {
                let given: Vec<String> = args
                    .iter()
                    .skip(before + 1)
                    .filter_map(|arg| match arg {
                        Expr::Assign(syn::ExprAssign { attrs: _, left, eq_token: _, right: _ }) => {
                            argument_name(left)
                        }
                        _ => None,
                    })
                    .collect();
                Some(format::parse_with(&text, &|name| given.iter().any(|given| given == name))?)
            }
            None => None,
        },
        _ => None,
    };
    Some(Parsed::Format { args, before, format })
}

/// The name in `name = value`.
fn argument_name(left: &Expr) -> Option<String> {
    match left {
        Expr::Path(syn::ExprPath { attrs: _, qself: None, path }) => {
            let name = path.get_ident()?.to_string();
            Some(name.strip_prefix("r#").map_or_else(|| name.clone(), str::to_owned))
        }
        _ => None,
    }
}

fn string(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit { attrs: _, lit: Lit::Str(text) }) => Some(text.value()),
        Expr::Macro(syn::ExprMacro { attrs: _, mac })
            if name_of(mac).is_some_and(|name| name == "concat") =>
        {
            let parts = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone()).ok()?;
            parts.iter().map(string).collect::<Option<Vec<String>>>().map(|parts| parts.concat())
        }
        _ => None,
    }
}
