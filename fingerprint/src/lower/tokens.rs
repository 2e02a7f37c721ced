//! Writes tokens that nobody here can parse: as they are, with a reference behind everything that
//! may be a path, a method or a macro.

use super::context::Cx;
use super::{format, verbatim};
use crate::ir::{Anchor, Name, Namespace, PathRef, Ref};
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, TokenStream, TokenTree};

/// Words that are no names. `crate`, `self`, `super` and `Self` are looked at on their own.
const KEYWORDS: [&str; 36] = [
    "_", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub",
    "ref", "return", "static", "struct", "trait", "true", "type", "unsafe", "where",
];

fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word) || matches!(word, "use" | "while" | "yield" | "enum" | "abstract" | "final")
}

impl Cx<'_, '_> {
    /// Tokens that see the item's local names.
    pub(super) fn unknown_tokens(&mut self, tokens: TokenStream) {
        self.named = true;
        self.unread |= !tokens.is_empty();
        self.tokens(tokens);
    }

    /// Tokens with references.
    pub(super) fn tokens(&mut self, tokens: TokenStream) {
        self.list_of_tokens(&tokens.into_iter().collect::<Vec<_>>(), true);
    }

    /// Tokens whose names mean nothing: of built-in attributes, and in `stringify!`.
    pub(super) fn plain_tokens(&mut self, tokens: TokenStream) {
        self.list_of_tokens(&tokens.into_iter().collect::<Vec<_>>(), false);
    }

    fn list_of_tokens(&mut self, tokens: &[TokenTree], references: bool) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Group(group) => {
                    self.group(group, tokens, at, references);
                    at += 1;
                }
                TokenTree::Literal(literal) => {
                    self.literal_token(literal, references);
                    at += 1;
                }
                TokenTree::Ident(_) => at = self.path_tokens(tokens, at, references),
                TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                    let ident = ident_at(tokens, at + 1);
                    self.w.word(&format!("'{}", ident.map(ToString::to_string).unwrap_or_default()));
                    if !self.scope.labels.is_empty() {
                        self.w.step(ident.map_or(0, |ident| self.file.sites.step(ident.span())));
                    }
                    at += 2;
                }
                TokenTree::Punct(punct) if punct.as_char() == '$' => at = self.dollar(tokens, at, references),
                TokenTree::Punct(_) if starts_path(tokens, at) => {
                    at = self.path_tokens(tokens, at, references);
                }
                TokenTree::Punct(_) => {
                    let text = joint(tokens, at);
                    let length = verbatim::operator(&text);
                    self.w.word(text.get(..length).unwrap_or(&text));
                    at += length.max(1);
                }
            }
        }
    }

    fn group(&mut self, group: &Group, tokens: &[TokenTree], at: usize, references: bool) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            // What a metavariable stood for is one thing: `1 + 2` times 3 is no `1 + 2 * 3`.
            Delimiter::None => ("{|", "|}"),
        };
        self.w.word(open);
        // `#[doc = ".."]`: prose.
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        let doc = at > 0
            && punct_at(tokens, at - 1, '#')
            && ident_at(&inner, 0).is_some_and(|ident| ident == "doc")
            && punct_at(&inner, 1, '=');
        self.list_of_tokens(&inner, references && !doc);
        self.w.word(close);
    }

    fn literal_token(&mut self, literal: &Literal, references: bool) {
        let text = literal.to_string();
        self.w.foreign(&text);
        if text.contains('{') && !self.scope.locals.is_empty() {
            self.w.step(self.file.sites.step(literal.span()));
        }
        if !references || !text.contains('"') {
            return;
        }
        if let syn::Lit::Str(string) = syn::Lit::new(literal.clone()) {
            let value = string.value();
            let captures = if value.contains('{') { format::parse(&value) } else { None };
            self.text_reference(value);
            for capture in captures.map(|format| format.captures).unwrap_or_default() {
                let name = self.file.names.text(&capture);
                let reference = self.names_reference(false, vec![name], Namespace::Value, true, true);
                self.w.reference(reference);
            }
        }
    }

    /// `$x`, `$x:expr`, `$crate::a::b`, `$(..)`; returns where to go on.
    fn dollar(&mut self, tokens: &[TokenTree], at: usize, references: bool) -> usize {
        self.w.word("$");
        let Some(ident) = ident_at(tokens, at + 1) else { return at + 1 };
        self.w.word(&ident.to_string());
        if ident == "crate" {
            let (names, next) = self.segments(tokens, at + 2);
            for name in &names {
                self.w.word("::");
                self.write_name(*name);
            }
            if references && !names.is_empty() {
                let namespace = macro_or_any(tokens, next);
                let scope = self.block;
                self.w.reference(Ref::Path(PathRef {
                    anchor: Anchor::Crate,
                    segments: names,
                    namespace,
                    scope,
                    in_text: true,
                    uncertain: true,
                    is_dyn: false,
                }));
            }
            return next;
        }
        if punct_at(tokens, at + 2, ':')
            && !punct_at(tokens, at + 3, ':')
            && let Some(kind) = ident_at(tokens, at + 3)
        {
            self.w.word(":");
            self.w.word(&kind.to_string());
            return at + 4;
        }
        at + 2
    }

    /// The segments behind `::` each, from `at` on.
    fn segments(&mut self, tokens: &[TokenTree], mut at: usize) -> (Vec<Name>, usize) {
        let mut names = Vec::new();
        while punct_at(tokens, at, ':') && punct_at(tokens, at + 1, ':') {
            let Some(ident) = ident_at(tokens, at + 2) else { break };
            if is_keyword(&ident.to_string()) {
                break;
            }
            names.push(self.name(ident));
            at += 3;
        }
        (names, at)
    }

    /// A path, a method or a keyword; returns where to go on.
    fn path_tokens(&mut self, tokens: &[TokenTree], at: usize, references: bool) -> usize {
        let global = matches!(tokens.get(at), Some(TokenTree::Punct(_)));
        let first = if global { at + 2 } else { at };
        let Some(ident) = ident_at(tokens, first) else { return at + 1 };
        if global {
            self.w.word("::");
        }
        let word = ident.to_string();
        let raw = word.starts_with("r#");
        if !global && is_keyword(&word) {
            self.w.word(&word);
            return first + 1;
        }
        let head = self.name(ident);
        let behind_dot = !global && at > 0 && punct_at(tokens, at - 1, '.') && !range_before(tokens, at);
        if behind_dot {
            self.write_name(head);
            let called = matches!(tokens.get(first + 1), Some(TokenTree::Group(group))
                if group.delimiter() == Delimiter::Parenthesis);
            let turbofish = punct_at(tokens, first + 1, ':') && punct_at(tokens, first + 2, ':');
            if references && (called || turbofish) {
                let scope = self.block;
                self.w.reference(Ref::Method { name: head, scope, receiver: None });
            }
            return first + 1;
        }
        let (rest, next) = self.segments(tokens, first + 1);
        self.write_name(head);
        if self.scope.binds(head) {
            self.w.step(self.file.sites.step(ident.span()));
        }
        for name in &rest {
            self.w.word("::");
            self.write_name(*name);
        }
        let mut names = vec![head];
        names.extend(rest);
        if global && references {
            self.continued_path(tokens, at, &names, next);
        }
        let plain_word = !raw && matches!(word.as_str(), "self" | "super" | "crate") && names.len() == 1;
        if references && !plain_word {
            let namespace = macro_or_any(tokens, next);
            let reference = self.names_reference(global, names, namespace, true, true);
            self.w.reference(reference);
        }
        next
    }

    /// `::name` may also end what stands before it: `Type::<..>`, `<..>` or a metavariable.
    fn continued_path(&mut self, tokens: &[TokenTree], at: usize, names: &[Name], next: usize) {
        let (Some(before), Some(last)) = (at.checked_sub(1), names.last().copied()) else { return };
        let is_argument =
            before > 0 && punct_at(tokens, before - 1, '$') && ident_at(tokens, before).is_some();
        let is_generic = punct_at(tokens, before, '>');
        if !is_argument && !is_generic && !is_repetition(tokens, before) {
            return;
        }
        let owner = if is_generic { self.path_with_arguments(tokens, before) } else { None };
        let reference = match owner {
            Some((global, mut owner)) => {
                owner.extend(names);
                self.names_reference(global, owner, macro_or_any(tokens, next), true, true)
            }
            // An associated item by its name alone.
            None => Ref::Method { name: last, scope: self.block, receiver: None },
        };
        self.w.reference(reference);
    }

    /// The path before the generic arguments that end at `end`; whether it starts with `::`.
    fn path_with_arguments(&mut self, tokens: &[TokenTree], end: usize) -> Option<(bool, Vec<Name>)> {
        let mut depth = 0;
        let mut at = end;
        loop {
            let arrow = at > 0 && punct_at(tokens, at - 1, '-');
            if punct_at(tokens, at, '>') && !arrow {
                depth += 1;
            } else if punct_at(tokens, at, '<') {
                depth -= 1;
            }
            if depth == 0 {
                break;
            }
            at = at.checked_sub(1)?;
        }
        let mut names = Vec::new();
        while at > 2 && punct_at(tokens, at - 1, ':') && punct_at(tokens, at - 2, ':') {
            let ident = ident_at(tokens, at - 3)?;
            let dollar = at > 3 && punct_at(tokens, at - 4, '$');
            if dollar && ident != "crate" {
                return None;
            }
            names.push(self.name(ident));
            at -= 3;
        }
        names.reverse();
        let global = at > 1 && punct_at(tokens, at - 1, ':') && punct_at(tokens, at - 2, ':');
        (!names.is_empty()).then_some((global, names))
    }

    /// Forgets what is known of locals that these tokens name.
    pub(super) fn obscure_tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.obscure_tokens(group.stream()),
                TokenTree::Ident(ident) => {
                    let name = self.name(&ident);
                    self.scope.obscure_all(name);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// All identifiers in tokens, once each, sorted by name.
    pub(super) fn idents(&mut self, tokens: TokenStream) -> Vec<Name> {
        let mut names = Vec::new();
        self.collect_idents(tokens, &mut names);
        names.sort_by(|a, b| self.file.names.get(*a).cmp(self.file.names.get(*b)));
        names.dedup();
        names
    }

    fn collect_idents(&mut self, tokens: TokenStream, names: &mut Vec<Name>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.collect_idents(group.stream(), names),
                TokenTree::Ident(ident) if !is_keyword(&ident.to_string()) => names.push(self.name(&ident)),
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

/// The end of `$(..)*`, with a separator of two characters at most.
fn is_repetition(tokens: &[TokenTree], at: usize) -> bool {
    let opens = |group: usize| {
        matches!(tokens.get(group), Some(TokenTree::Group(_)))
            && group > 0
            && punct_at(tokens, group - 1, '$')
    };
    ['*', '+', '?'].iter().any(|&c| punct_at(tokens, at, c))
        && (1..=3).any(|back| at >= back && opens(at - back))
}

fn ident_at(tokens: &[TokenTree], at: usize) -> Option<&Ident> {
    match tokens.get(at) {
        Some(TokenTree::Ident(ident)) => Some(ident),
        _ => None,
    }
}

fn punct_at(tokens: &[TokenTree], at: usize, c: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == c)
}

/// `::a` that continues no path.
fn starts_path(tokens: &[TokenTree], at: usize) -> bool {
    punct_at(tokens, at, ':')
        && punct_at(tokens, at + 1, ':')
        && ident_at(tokens, at + 2).is_some_and(|ident| !is_keyword(&ident.to_string()))
}

/// `..x`: what follows is a path and no field.
fn range_before(tokens: &[TokenTree], at: usize) -> bool {
    at > 1 && punct_at(tokens, at - 2, '.')
}

fn macro_or_any(tokens: &[TokenTree], next: usize) -> Namespace {
    let bang = punct_at(tokens, next, '!');
    let called = matches!(tokens.get(next + 1), Some(TokenTree::Group(_) | TokenTree::Ident(_)));
    if bang && called { Namespace::Macro } else { Namespace::Any }
}

/// The characters of the operators that stand together from `at` on.
fn joint(tokens: &[TokenTree], at: usize) -> String {
    let mut text = String::new();
    for token in tokens.get(at..).unwrap_or_default() {
        let TokenTree::Punct(punct) = token else { break };
        let c: char = Punct::as_char(punct);
        if c == '\'' || c == '$' {
            break;
        }
        text.push(c);
        if punct.spacing() == Spacing::Alone || text.len() >= 3 {
            break;
        }
    }
    text
}
