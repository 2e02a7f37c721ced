//! Writes literals by their value: `1_000` is `1000`, a raw string is the string that it means.

use super::context::Cx;
use crate::ir::Literal;
use syn::Lit;

impl Cx<'_, '_> {
    pub(super) fn literal(&mut self, lit: &Lit) -> Literal {
        match lit {
            Lit::Str(text) => {
                self.w.quoted("", &text.value(), text.suffix());
                Literal::Str
            }
            Lit::ByteStr(bytes) => {
                let value = bytes.value().escape_ascii().to_string();
                self.w.quoted("b", &value, bytes.suffix());
                Literal::ByteStr
            }
            Lit::CStr(text) => {
                let value = text.value().as_bytes().escape_ascii().to_string();
                self.w.quoted("c", &value, text.suffix());
                Literal::CStr
            }
            Lit::Byte(byte) => {
                let text = format!("{}u8'{}", byte.value(), byte.suffix());
                self.w.word(&text);
                Literal::Byte
            }
            Lit::Char(c) => {
                let text = format!("{}u32'{}", u32::from(c.value()), c.suffix());
                self.w.word(&text);
                Literal::Char
            }
            Lit::Int(int) => {
                let text = format!("{}{}", int.base10_digits(), int.suffix());
                self.w.word(&text);
                Literal::Int(self.suffix(int.suffix()))
            }
            Lit::Float(float) => {
                let text = format!("{}{}", float.base10_digits(), float.suffix());
                self.w.word(&text);
                Literal::Float(self.suffix(float.suffix()))
            }
            Lit::Bool(syn::LitBool { value, span: _ }) => {
                self.w.word(if *value { "true" } else { "false" });
                Literal::Bool
            }
            Lit::Verbatim(literal) => {
                self.w.foreign(&literal.to_string());
                Literal::Int(None)
            }
            _ => {
                self.whole = true;
                Literal::Str
            }
        }
    }

    fn suffix(&mut self, suffix: &str) -> Option<crate::ir::Name> {
        (!suffix.is_empty()).then(|| self.file.names.text(suffix))
    }
}
