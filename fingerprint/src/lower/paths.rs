//! Writes paths: a hole for what later stages look up, and the generic arguments behind it.

use super::context::Cx;
use super::scope::Word;
use super::writer::Sigil;
use crate::ir::{Anchor, Name, Namespace, PathRef, Ref, RefIdx, Ty, TyIdx};
use syn::{
    AngleBracketedGenericArguments, AssocConst, AssocType, Constraint, GenericArgument,
    ParenthesizedGenericArguments, Path, PathArguments, QSelf, Type,
};

/// A path that was written: its reference, and what its last segment and the one before were given.
pub(super) struct Written {
    pub path: RefIdx,
    pub args: Vec<TyIdx>,
    pub owner_args: Vec<TyIdx>,
    pub assoc: Vec<(Name, TyIdx)>,
}

/// How a path is used.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub namespace: Namespace,
    pub is_dyn: bool,
    pub uncertain: bool,
}

impl Use {
    pub(super) fn of(namespace: Namespace) -> Self {
        Self { namespace, is_dyn: false, uncertain: false }
    }
}
impl Cx<'_, '_> {
    /// Writes a path with its generic arguments.
    pub(super) fn path(&mut self, qself: Option<&QSelf>, path: &Path, usage: Use) -> Written {
        let mut qualified = None;
        if let Some(QSelf { lt_token: _, ty, position, as_token: _, gt_token: _ }) = qself {
            self.w.word("<");
            let ty = self.ty(ty);
            self.w.word(">");
            qualified = Some((ty, *position as u32));
        }
        let reference = self.path_hole(qualified, path, usage);
        let last = path.segments.len().saturating_sub(1);
        let (mut args, mut assoc, mut owner_args) = (Vec::new(), Vec::new(), Vec::new());
        for (index, segment) in path.segments.iter().enumerate() {
            let given = match &segment.arguments {
                PathArguments::None => continue,
                PathArguments::AngleBracketed(arguments) => {
                    if index < last {
                        self.w.word(&format!("@{}", last - index));
                    }
                    self.angle_bracketed(arguments)
                }
                PathArguments::Parenthesized(arguments) => {
                    if index < last {
                        self.w.word(&format!("@{}", last - index));
                    }
                    self.parenthesized(arguments)
                }
            };
            if index == last {
                (args, assoc) = given;
            } else if index + 1 == last {
                owner_args = given.0;
            }
        }
        Written { path: reference, args, owner_args, assoc }
    }

    /// Writes the hole of a path, and its words where they count.
    fn path_hole(&mut self, qualified: Option<(TyIdx, u32)>, path: &Path, usage: Use) -> RefIdx {
        let Path { leading_colon, segments } = path;
        let mut names: Vec<Name> = segments.iter().map(|segment| self.name(&segment.ident)).collect();
        let mut anchor = Anchor::Plain;
        let mut consumed = 0;
        let mut in_text = false;
        if let Some((ty, trait_len)) = qualified {
            anchor = Anchor::Qualified { ty, trait_len };
            if leading_colon.is_some() {
                self.w.word("::");
            }
        } else if leading_colon.is_some() {
            anchor = Anchor::Global;
        } else if let Some(first) = names.first().copied() {
            match self.file.names.get(first) {
                "crate" => (anchor, consumed) = (Anchor::Crate, 1),
                "Self" => (anchor, consumed) = (Anchor::SelfType, 1),
                "self" | "super" => {
                    let words = names.iter().map(|name| self.file.names.get(*name));
                    consumed = words.take_while(|word| matches!(*word, "self" | "super")).count();
                    let supers =
                        names.iter().take(consumed).filter(|name| self.file.names.get(**name) == "super");
                    anchor = Anchor::Super(supers.count() as u32);
                }
                _ => {
                    if let Some(number) = self.scope.generic_number(first) {
                        (anchor, consumed) = (Anchor::Generic(number), 1);
                        self.w.number(Sigil::Generic, number, Word::plain(first));
                    }
                }
            }
        }
        names.drain(..consumed);
        // What follows a type is a name that stays; a hole alone might say too little.
        if matches!(anchor, Anchor::Generic(_) | Anchor::SelfType) {
            in_text = true;
            if matches!(anchor, Anchor::SelfType) {
                self.w.word("Self");
            }
            for name in &names {
                self.w.word("::");
                self.write_name(*name);
            }
        } else if let Some(single) = names.first().copied()
            && names.len() == 1
            && self.scope.capitals.contains(&single)
        {
            in_text = true;
            self.write_name(single);
        }
        let Use { namespace, is_dyn, uncertain } = usage;
        self.w.reference(Ref::Path(PathRef {
            anchor,
            segments: names,
            namespace,
            scope: self.block,
            in_text,
            uncertain,
            is_dyn,
        }))
    }

    /// Writes a path without generic arguments: of a macro, a derive, an attribute.
    pub(super) fn path_reference(
        &mut self,
        path: &Path,
        namespace: Namespace,
        in_text: bool,
        uncertain: bool,
    ) -> RefIdx {
        if in_text {
            let words = self.path_words(path);
            self.w.word(&words);
        }
        let reference = self.bare_path(path, namespace, in_text, uncertain);
        self.w.reference(reference)
    }

    pub(super) fn bare_path(
        &mut self,
        path: &Path,
        namespace: Namespace,
        in_text: bool,
        uncertain: bool,
    ) -> Ref {
        let Path { leading_colon, segments } = path;
        let names: Vec<Name> = segments.iter().map(|segment| self.name(&segment.ident)).collect();
        self.names_reference(leading_colon.is_some(), names, namespace, in_text, uncertain)
    }

    /// The reference of a path whose names are known.
    pub(super) fn names_reference(
        &mut self,
        global: bool,
        mut names: Vec<Name>,
        namespace: Namespace,
        in_text: bool,
        uncertain: bool,
    ) -> Ref {
        let word = names.first().map_or("", |name| self.file.names.get(*name));
        let (anchor, consumed) = match word {
            _ if global => (Anchor::Global, 0),
            "crate" => (Anchor::Crate, 1),
            "Self" => (Anchor::SelfType, 1),
            "self" | "super" => {
                let is = |name: &Name, words: &[&str]| words.contains(&self.file.names.get(*name));
                let consumed = names.iter().take_while(|name| is(name, &["self", "super"])).count();
                let supers = names.iter().take(consumed).filter(|name| is(name, &["super"])).count();
                (Anchor::Super(supers as u32), consumed)
            }
            _ => (Anchor::Plain, 0),
        };
        names.drain(..consumed);
        Ref::Path(PathRef {
            anchor,
            segments: names,
            namespace,
            scope: self.block,
            in_text,
            uncertain,
            is_dyn: false,
        })
    }

    pub(super) fn angle_bracketed(
        &mut self,
        arguments: &AngleBracketedGenericArguments,
    ) -> (Vec<TyIdx>, Vec<(Name, TyIdx)>) {
        let AngleBracketedGenericArguments { colon2_token: _, lt_token: _, args, gt_token: _ } = arguments;
        let (mut types, mut assoc) = (Vec::new(), Vec::new());
        self.w.word("<");
        for argument in args {
            match argument {
                GenericArgument::Lifetime(lifetime) => self.lifetime(lifetime),
                GenericArgument::Type(ty) => {
                    types.push(self.ty(ty));
                    self.perhaps_const(ty);
                }
                GenericArgument::Const(expr) => {
                    self.w.word("const");
                    self.expr(expr);
                    // Arguments are told apart by their place.
                    types.push(self.push_ty(Ty::Unknown));
                }
                GenericArgument::AssocType(AssocType { ident, generics, eq_token: _, ty }) => {
                    let name = self.ident(ident);
                    self.own_arguments(generics.as_ref());
                    self.w.word("=");
                    let ty = self.ty(ty);
                    assoc.push((name, ty));
                }
                GenericArgument::AssocConst(AssocConst { ident, generics, eq_token: _, value }) => {
                    self.ident(ident);
                    self.own_arguments(generics.as_ref());
                    self.w.word("= const");
                    self.expr(value);
                }
                GenericArgument::Constraint(Constraint { ident, generics, colon_token: _, bounds }) => {
                    self.ident(ident);
                    self.own_arguments(generics.as_ref());
                    self.w.word(":");
                    self.bounds(bounds, false);
                }
                _ => self.whole = true,
            }
            self.w.word(",");
        }
        self.w.word(">");
        (types, assoc)
    }

    fn own_arguments(&mut self, generics: Option<&AngleBracketedGenericArguments>) {
        if let Some(generics) = generics {
            self.angle_bracketed(generics);
        }
    }

    /// `Foo<N>`: N can be a const as well as a type.
    fn perhaps_const(&mut self, ty: &Type) {
        if let Type::Path(syn::TypePath { attrs: _, qself: None, path }) = ty
            && let Some(ident) = path.get_ident()
        {
            let name = self.name(ident);
            if self.scope.generic_number(name).is_none() {
                self.uncertain_value(name);
            }
        }
    }

    /// A name that may be that of a const, without words in the text.
    pub(super) fn uncertain_value(&mut self, name: Name) {
        let reference = self.names_reference(false, vec![name], Namespace::Value, false, true);
        self.w.reference(reference);
    }

    fn parenthesized(
        &mut self,
        arguments: &ParenthesizedGenericArguments,
    ) -> (Vec<TyIdx>, Vec<(Name, TyIdx)>) {
        let ParenthesizedGenericArguments { paren_token: _, inputs, output } = arguments;
        self.w.word("(");
        let inputs = self.named_args(inputs);
        self.w.word(")");
        let output = self.ret(output);
        let tuple = self.push_ty(Ty::Tuple(inputs));
        let output = output.unwrap_or_else(|| self.push_ty(Ty::Tuple(Vec::new())));
        let name = self.file.names.text("Output");
        (vec![tuple], vec![(name, output)])
    }
}
