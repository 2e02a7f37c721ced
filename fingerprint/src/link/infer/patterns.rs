//! Gives the locals of a pattern their types, and fields theirs.

use super::known;
use super::ty::{Subst, Type};
use super::walk::Walk;
use crate::ir::{Fields, ItemKind, Name, Pat, PatIdx, Ref, RefIdx, TyIdx};
use crate::link::lookup::Target;
use crate::link::{ItemId, Sym};

impl<'a> Walk<'_, 'a> {
    pub(super) fn bind(&mut self, pat: PatIdx, ty: &Type) {
        let item = self.item;
        match &item.body.pats[pat.0 as usize] {
            Pat::Bind { local, sub, .. } => {
                self.set_local(*local, ty);
                if let Some(sub) = sub {
                    self.bind(*sub, ty);
                }
            }
            Pat::Typed { pat, ty: written } => {
                let written = self.written(*written);
                self.vars.coerce(ty, &written);
                self.bind(*pat, &written);
            }
            Pat::Ref(inner) => self.bind(*inner, ty),
            Pat::Or(alternatives) => {
                for &pat in alternatives {
                    self.bind(pat, ty);
                }
            }
            Pat::Tuple { elems, rest } => {
                let types = match self.head(ty) {
                    Type::Tuple(types) => types.to_vec(),
                    open @ Type::Var(_) if rest.is_none() => {
                        let types: Vec<Type> = elems.iter().map(|_| self.vars.fresh()).collect();
                        self.vars.unify(&open, &Type::Tuple(types.clone().into()));
                        types
                    }
                    _ => Vec::new(),
                };
                self.bind_sequence(elems, *rest, &types);
            }
            Pat::Slice { elems, .. } => {
                let element = match self.behind_pointers(ty, |ty| matches!(ty, Type::Slice(_))) {
                    Some(Type::Slice(item)) => Type::clone(&item),
                    _ => Type::Unknown,
                };
                for &elem in elems {
                    // `rest @ ..` is a slice of them.
                    match &item.body.pats[elem.0 as usize] {
                        Pat::Bind { sub: Some(sub), .. }
                            if matches!(item.body.pats[sub.0 as usize], Pat::Other) =>
                        {
                            self.bind(elem, &Type::Unknown);
                        }
                        _ => self.bind(elem, &element),
                    }
                }
            }
            Pat::TupleStruct { path, elems, rest } => {
                let types = self.tuple_fields(*path, elems.len(), rest.is_some(), ty);
                self.bind_sequence(elems, *rest, &types);
            }
            Pat::Struct { path, fields } => {
                let value = self.struct_value(*path, ty);
                for &(name, pat) in fields {
                    let field = self.named_field(*path, name, &value);
                    self.bind(pat, &field);
                }
            }
            Pat::Wild | Pat::Other => {}
        }
    }

    fn bind_sequence(&mut self, elems: &[PatIdx], rest: Option<u32>, types: &[Type]) {
        for (index, &elem) in elems.iter().enumerate() {
            let from_start = rest.is_none_or(|rest| index < rest as usize);
            // What stands behind `..` is counted from the end.
            let behind = elems.len() - index;
            let ty = if from_start {
                types.get(index)
            } else {
                types.len().checked_sub(behind).and_then(|i| types.get(i))
            };
            self.bind(elem, ty.unwrap_or(&Type::Unknown));
        }
    }

    /// The type, or what it points to, that is so.
    pub(super) fn behind_pointers(&mut self, ty: &Type, wanted: fn(&Type) -> bool) -> Option<Type> {
        let mut ty = self.head(ty);
        for _ in 0..8 {
            if wanted(&ty) {
                return Some(ty);
            }
            let inner = known::pointee(&ty)?.clone();
            ty = self.head(&inner);
        }
        None
    }

    /// The struct or variant that a pattern or literal names.
    pub(super) fn target(&self, path: RefIdx) -> Option<(ItemId, Option<Sym>)> {
        let Ref::Path(path) = &self.item.skeleton.refs[path.0 as usize] else { return None };
        match self.program.path_targets(self.id, path).as_slice() {
            [Target::Item(id)] if self.program.is_type(*id) => return Some((*id, None)),
            [Target::Variant(id, name)] => return Some((*id, Some(*name))),
            [] => {}
            // An alias, perhaps with a variant behind it.
            [Target::Item(_)] => {}
            _ => return None,
        }
        let (whole, rest) = self.type_and_rest(path)?;
        match (&whole, rest) {
            (Type::Local(id, _), None) => Some((*id, None)),
            (Type::Local(id, _), Some(name)) if self.program.has_variant(*id, name) => {
                Some((*id, Some(name)))
            }
            _ => None,
        }
    }

    pub(super) fn fields_of(&self, id: ItemId, variant: Option<Sym>) -> Option<&'a Fields> {
        match (&self.program.item(id).kind, variant) {
            (ItemKind::Struct { fields, .. } | ItemKind::Union { fields, .. }, None) => Some(fields),
            (ItemKind::Enum { variants, .. }, Some(name)) => {
                let mut found = variants.iter().filter(|variant| self.program.sym(id, variant.name) == name);
                // Of two, a cfg decides.
                match (found.next(), found.next()) {
                    (Some(only), None) => Some(&only.fields),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The value of a pattern as what the pattern's path names.
    fn struct_value(&mut self, path: RefIdx, ty: &Type) -> Type {
        let Some((id, _)) = self.target(path) else { return Type::Unknown };
        let mut ty = self.head(ty);
        for _ in 0..8 {
            match (&ty, known::pointee(&ty)) {
                (Type::Local(of, _), _) if *of == id => return ty,
                (_, Some(inner)) => ty = self.head(&inner.clone()),
                _ => break,
            }
        }
        // The pattern says what it is, less its arguments.
        self.vars.forget(&ty);
        Type::Local(id, std::rc::Rc::new([]))
    }

    fn tuple_fields(&mut self, path: RefIdx, count: usize, has_rest: bool, ty: &Type) -> Vec<Type> {
        if let Some((id, variant)) = self.target(path) {
            let value = self.struct_value(path, ty);
            let Some(Fields::Tuple(types)) = self.fields_of(id, variant) else { return Vec::new() };
            if !has_rest && types.len() != count {
                return Vec::new();
            }
            return types.iter().map(|&field| self.field_type(id, field, &value)).collect();
        }
        // `Some(x)`, `Ok(x)`, `Err(e)` of the prelude.
        let word = self.last_word(path).to_owned();
        let mut value = self.head(ty);
        if let (Type::Var(_), true) = (&value, self.is_std_path(path)) {
            let new = match word.as_str() {
                "Some" => Type::std("Option", [self.vars.fresh()]),
                "Ok" | "Err" => Type::std("Result", [self.vars.fresh(), self.vars.fresh()]),
                _ => Type::Unknown,
            };
            self.vars.unify(&value, &new);
            value = new;
        }
        let value = match self.behind_pointers(&value, |ty| matches!(ty, Type::Std("Option" | "Result", _))) {
            Some(Type::Std(name, args)) => (name, args),
            _ => return Vec::new(),
        };
        match (value.0, word.as_str()) {
            ("Option", "Some") | ("Result", "Ok") => value.1.iter().take(1).cloned().collect(),
            ("Result", "Err") => value.1.iter().skip(1).take(1).cloned().collect(),
            _ => Vec::new(),
        }
    }

    fn last_word(&self, path: RefIdx) -> &str {
        match &self.item.skeleton.refs[path.0 as usize] {
            Ref::Path(path) => path.segments.last().map_or("", |name| self.text(*name)),
            _ => "",
        }
    }

    fn named_field(&mut self, path: RefIdx, name: Name, value: &Type) -> Type {
        let Some((id, variant)) = self.target(path) else { return Type::Unknown };
        let field = self.fields_of(id, variant).and_then(|fields| self.field_of(id, fields, self.sym(name)));
        field.map_or(Type::Unknown, |field| self.field_type(id, field, value))
    }

    /// The one field of that name or number.
    pub(super) fn field_of(&self, id: ItemId, fields: &Fields, wanted: Sym) -> Option<TyIdx> {
        match fields {
            Fields::Named(fields) => {
                let mut found = fields.iter().filter(|(field, _)| self.program.sym(id, *field) == wanted);
                // Of two, a cfg decides.
                match (found.next(), found.next()) {
                    (Some((_, ty)), None) => Some(*ty),
                    _ => None,
                }
            }
            Fields::Tuple(types) => {
                self.program.text(wanted).parse::<usize>().ok().and_then(|index| types.get(index).copied())
            }
            Fields::Unit => None,
        }
    }

    /// A field's type in a value whose type is known, or in one of unknown arguments.
    pub(super) fn field_type(&mut self, id: ItemId, field: TyIdx, value: &Type) -> Type {
        let written = self.program.type_of(id, field);
        let args = match value {
            Type::Local(of, args) if *of == id => &**args,
            _ => &[],
        };
        let field = Subst::new(args, Some(value.clone())).apply(&written);
        self.normalized(&field)
    }

    /// `value.name`, through smart pointers and `Deref`.
    pub(super) fn field(&mut self, value: &Type, name: Name) -> Type {
        let wanted = self.sym(name);
        let mut ty = self.head(value);
        for _ in 0..8 {
            let next = match &ty {
                Type::Tuple(types) => {
                    let index = self.program.text(wanted).parse::<usize>().ok();
                    return index.and_then(|index| types.get(index).cloned()).unwrap_or_default();
                }
                Type::Std("Wrapping" | "Saturating" | "Reverse", args)
                    if self.program.text(wanted) == "0" =>
                {
                    return args.first().cloned().unwrap_or_default();
                }
                Type::Std("Range" | "RangeFrom" | "RangeTo", args)
                    if matches!(self.program.text(wanted), "start" | "end") =>
                {
                    return args.first().cloned().unwrap_or_default();
                }
                Type::Std(..) => known::pointee(&ty).cloned(),
                Type::Local(id, _) => {
                    if let Some(fields) = self.fields_of(*id, None)
                        && let Some(field) = self.field_of(*id, fields, wanted)
                    {
                        // A private field is passed over for one of what the type dereferences to.
                        if !self.program.is_inside(self.id, *id)
                            && self.program.deref_targets(*id).is_none_or(|targets| !targets.is_empty())
                        {
                            return Type::Unknown;
                        }
                        return self.field_type(*id, field, &ty);
                    }
                    // A field that a cfg decides, or one of what it dereferences to.
                    let own = self.fields_of(*id, None).is_some_and(|fields| match fields {
                        Fields::Named(fields) => {
                            fields.iter().any(|(field, _)| self.program.sym(*id, *field) == wanted)
                        }
                        _ => false,
                    });
                    if own { None } else { self.program.dereferenced(&ty).target() }
                }
                _ => None,
            };
            match next {
                Some(next) => ty = self.head(&next),
                None => break,
            }
        }
        self.vars.forget(&ty);
        Type::Unknown
    }
}
