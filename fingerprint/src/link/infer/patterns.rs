//! Gives the locals of a pattern their types.

use super::Type;
use super::convert::Arguments;
use super::walk::Walk;
use crate::ir::{Fields, ItemKind, Name, Pat, PatIdx, RefIdx};
use crate::link::ItemId;
use crate::link::lookup::Target;

impl Walk<'_, '_> {
    pub(super) fn bind(&mut self, pat: PatIdx, ty: &Type) {
        let item = self.item;
        match &item.body.pats[pat.0 as usize] {
            Pat::Bind { local, sub, .. } => {
                self.set_local(*local, ty);
                if let Some(sub) = sub {
                    self.bind(*sub, ty);
                }
            }
            Pat::Typed { pat, ty } => {
                let ty = self.program.type_of(self.id, *ty);
                self.bind(*pat, &ty);
            }
            Pat::Ref(inner) => self.bind(*inner, ty),
            Pat::Or(alternatives) => alternatives.iter().for_each(|&pat| self.bind(pat, ty)),
            Pat::Tuple { elems, rest } => {
                let types: &[Type] = if let Type::Tuple(types) = ty { types } else { &[] };
                self.bind_sequence(elems, *rest, types);
            }
            Pat::Slice { elems, .. } => {
                let element = super::std_types::indexed(ty, &Type::std("usize", []));
                for &elem in elems {
                    // `rest @ ..` is a slice of them.
                    let is_rest = matches!(&item.body.pats[elem.0 as usize], Pat::Bind { sub: Some(_), .. });
                    self.bind(elem, if is_rest { &Type::Unknown } else { &element });
                }
            }
            Pat::TupleStruct { path, elems, rest } => {
                let types = self.tuple_fields(*path, ty);
                self.bind_sequence(elems, *rest, &types);
            }
            Pat::Struct { path, fields } => {
                for &(name, pat) in fields {
                    let field = self.named_field(*path, name, ty);
                    self.bind(pat, &field);
                }
            }
            Pat::Wild | Pat::Other => {}
        }
    }

    fn bind_sequence(&mut self, elems: &[PatIdx], rest: Option<u32>, types: &[Type]) {
        for (index, &elem) in elems.iter().enumerate() {
            let from_start = rest.is_none_or(|rest| index < rest as usize);
            // The `..` itself may be among the elements or not: count from the end behind it.
            let behind = elems.len() - index;
            let ty = if from_start {
                types.get(index)
            } else {
                types.len().checked_sub(behind).and_then(|i| types.get(i))
            };
            self.bind(elem, ty.unwrap_or(&Type::Unknown));
        }
    }

    /// The struct or variant that a pattern or literal names.
    fn target(&self, path: RefIdx) -> Option<(ItemId, Option<crate::link::Sym>)> {
        let crate::ir::Ref::Path(path) = &self.item.skeleton.refs[path.0 as usize] else { return None };
        match self.program.path_targets(self.id, path).as_slice() {
            [Target::Item(id)] if self.program.is_type(*id) => Some((*id, None)),
            [Target::Variant(id, name)] => Some((*id, Some(*name))),
            _ => None,
        }
    }

    fn fields_of(&self, id: ItemId, variant: Option<crate::link::Sym>) -> Option<&Fields> {
        match (&self.program.item(id).kind, variant) {
            (ItemKind::Struct { fields, .. } | ItemKind::Union { fields, .. }, None) => Some(fields),
            (ItemKind::Enum { variants, .. }, Some(name)) => {
                let found = variants.iter().find(|variant| self.program.sym(id, variant.name) == name);
                found.map(|variant| &variant.fields)
            }
            _ => None,
        }
    }

    fn tuple_fields(&self, path: RefIdx, ty: &Type) -> Vec<Type> {
        if let Some((id, variant)) = self.target(path) {
            let Some(Fields::Tuple(types)) = self.fields_of(id, variant) else { return Vec::new() };
            return types.iter().map(|&field| self.field_type(id, field, ty)).collect();
        }
        // `Some(x)`, `Ok(x)`, `Err(e)` of the prelude.
        let Type::Std(name, args) = ty else { return Vec::new() };
        match (&**name, self.last_word(path)) {
            ("Option", "Some") | ("Result", "Ok") => args.iter().take(1).cloned().collect(),
            ("Result", "Err") => args.iter().skip(1).take(1).cloned().collect(),
            _ => Vec::new(),
        }
    }

    fn last_word(&self, path: RefIdx) -> &str {
        match &self.item.skeleton.refs[path.0 as usize] {
            crate::ir::Ref::Path(path) => {
                path.segments.last().map_or("", |name| self.program.text(self.program.sym(self.id, *name)))
            }
            _ => "",
        }
    }

    fn named_field(&self, path: RefIdx, name: Name, ty: &Type) -> Type {
        let Some((id, variant)) = self.target(path) else { return Type::Unknown };
        let wanted = self.program.sym(self.id, name);
        match self.fields_of(id, variant) {
            Some(Fields::Named(fields)) => {
                let found = fields.iter().find(|(field, _)| self.program.sym(id, *field) == wanted);
                found.map_or(Type::Unknown, |(_, field)| self.field_type(id, *field, ty))
            }
            _ => Type::Unknown,
        }
    }

    /// A field's type in a value whose type is known, or in one of unknown arguments.
    pub(super) fn field_type(&self, id: ItemId, field: crate::ir::TyIdx, value: &Type) -> Type {
        let written = self.program.type_of(id, field);
        match value {
            Type::Local(of, args) if *of == id => Arguments::from_slice(args).apply(&written),
            _ => Arguments::default().apply(&written),
        }
    }

    /// `value.name`, through smart pointers.
    pub(super) fn field(&self, value: &Type, name: Name) -> Type {
        let wanted = self.program.sym(self.id, name);
        let text = self.program.text(wanted);
        match value {
            Type::Tuple(types) => {
                text.parse::<usize>().ok().and_then(|index| types.get(index).cloned()).unwrap_or_default()
            }
            Type::Std(pointer, args) => super::std_types::pointee(pointer, args)
                .map_or(Type::Unknown, |inner| self.field(inner, name)),
            Type::Local(id, _) => {
                let (ItemKind::Struct { fields, .. } | ItemKind::Union { fields, .. }) =
                    &self.program.item(*id).kind
                else {
                    return Type::Unknown;
                };
                let found = match fields {
                    Fields::Named(fields) => fields
                        .iter()
                        .find(|(field, _)| self.program.sym(*id, *field) == wanted)
                        .map(|(_, ty)| *ty),
                    Fields::Tuple(types) => {
                        text.parse::<usize>().ok().and_then(|index| types.get(index).copied())
                    }
                    Fields::Unit => None,
                };
                found.map_or(Type::Unknown, |field| self.field_type(*id, field, value))
            }
            _ => Type::Unknown,
        }
    }
}
