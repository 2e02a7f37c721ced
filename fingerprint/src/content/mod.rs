//! Says what one node is, apart from what it refers to: the hash of its content, and what people call it.

mod describe;
mod framed;
mod node;

pub(crate) use crate::ir::Hash;
pub(crate) use describe::{Description, describe};
pub(crate) use framed::Framed;
pub(crate) use node::{hash, kind_word, path};
