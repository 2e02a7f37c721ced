//! Writes the fields of structs, unions and variants.

use super::attributes::Presence;
use super::context::Cx;
use crate::ir::{self, Name, TyIdx};
use syn::{Field, Fields, FieldsNamed, FieldsUnnamed, Variant};

impl Cx<'_, '_> {
    pub(super) fn fields(&mut self, fields: &Fields) -> ir::Fields {
        match fields {
            Fields::Named(fields) => ir::Fields::Named(self.named_fields(fields)),
            Fields::Unnamed(FieldsUnnamed { paren_token: _, unnamed }) => {
                self.w.word("(");
                let types = unnamed.iter().filter_map(|field| self.field(field)).map(|(_, ty)| ty).collect();
                self.w.word(")");
                ir::Fields::Tuple(types)
            }
            Fields::Unit => ir::Fields::Unit,
        }
    }

    pub(super) fn named_fields(&mut self, fields: &FieldsNamed) -> Vec<(Name, TyIdx)> {
        let FieldsNamed { brace_token: _, named } = fields;
        self.w.word("{");
        let list = named
            .iter()
            .filter_map(|field| self.field(field))
            .filter_map(|(name, ty)| name.map(|name| (name, ty)))
            .collect();
        self.w.word("}");
        list
    }

    fn field(&mut self, field: &Field) -> Option<(Option<Name>, TyIdx)> {
        let Field { attrs, vis: _, modifiers: _, ident, colon_token: _, ty, default } = field;
        if self.node(attrs) == Presence::Gone {
            return None;
        }
        let name = ident.as_ref().map(|ident| {
            let name = self.ident(ident);
            self.w.word(":");
            name
        });
        let ty = self.ty(ty);
        if let Some((_, default)) = default {
            self.w.word("=");
            self.expr(default);
        }
        self.w.word(",");
        Some((name, ty))
    }

    pub(super) fn variant(&mut self, variant: &Variant) -> Option<ir::Variant> {
        let Variant { attrs, ident, fields, discriminant } = variant;
        if self.node(attrs) == Presence::Gone {
            return None;
        }
        let name = self.ident(ident);
        let fields = self.fields(fields);
        if let Some((_, discriminant)) = discriminant {
            self.w.word("=");
            self.expr(discriminant);
        }
        self.w.word(",");
        Some(ir::Variant { name, fields })
    }
}
