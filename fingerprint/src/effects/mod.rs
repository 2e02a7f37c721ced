//! Lists what one item names that makes its result depend on more than code: the first place of each kind. It
//! looks at paths as name resolution understands them, so a function of the user's own that is called `now`
//! is none.

mod finder;
mod kind;
mod known;
mod statics;

pub(crate) use finder::{Effect, of};
pub(crate) use kind::Kind;
pub(crate) use known::Paths;
