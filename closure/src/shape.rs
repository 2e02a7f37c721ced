//! Says whether two results look the same.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The shape of a function's stored result: a hash of its type and of all types in it, their fields and
/// attributes. Shown as 32 hex digits.
///
/// ```
/// use checkpointing_closure::Shape;
///
/// let shape = Shape::new([0xab; 16]);
/// assert_eq!(shape.to_string().parse(), Ok(shape));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shape([u8; 16]);

impl Shape {
    /// The shape of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Shape {
        Shape(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shape({self})")
    }
}

/// A text that is no [`Shape`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a shape is 32 hex digits")]
pub struct NoShape;

impl FromStr for Shape {
    type Err = NoShape;

    fn from_str(text: &str) -> Result<Shape, NoShape> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NoShape);
        }
        u128::from_str_radix(text, 16).map(|number| Shape(number.to_be_bytes())).map_err(|_| NoShape)
    }
}
