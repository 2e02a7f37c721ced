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
                let mut types = Vec::new();
                let mut certain = true;
                for field in unnamed {
                    if let Some((_, ty, presence)) = self.field(field) {
                        certain &= presence == Presence::Here;
                        types.push(ty);
                    }
                }
                if !certain {
                    // Which field has which number is not known.
                    types = types.iter().map(|_| self.push_ty(ir::Ty::Unknown)).collect();
                }
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
            .filter_map(|(name, ty, _)| name.map(|name| (name, ty)))
            .collect();
        self.w.word("}");
        list
    }

    fn field(&mut self, field: &Field) -> Option<(Option<Name>, TyIdx, Presence)> {
        let Field { attrs, vis: _, modifiers: _, ident, colon_token: _, ty, default } = field;
        let presence = self.node(attrs);
        if presence == Presence::Gone {
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
        Some((name, ty, presence))
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
