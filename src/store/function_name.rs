//! Names a function as far as a running program can tell it from others.

/// Which function: several can have one path, such as those of a library and its program, or of two impls.
///
/// ```
/// use checkpointing::FunctionName;
///
/// let one = FunctionName::new("demo::G::size").with("demo::G<u8>::size", "src/main.rs");
/// let other = FunctionName::new("demo::G::size").with("demo::G<u16>::size", "src/main.rs");
/// assert_ne!(one, other);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct FunctionName {
    /// Its path, without generic arguments.
    pub path: String,
    /// Its full name, with generic arguments, as `std::any::type_name` has it. Empty where that is the path, or
    /// is not known.
    pub instance: String,
    /// The file that it stands in, relative to the package that was built. Empty where it is not known.
    pub file: String,
}

impl FunctionName {
    /// One of which nothing but the path is known.
    #[must_use]
    pub fn new(path: impl Into<String>) -> FunctionName {
        FunctionName { path: path.into(), instance: String::new(), file: String::new() }
    }

    /// The same with what tells it from others of its path.
    #[must_use]
    pub fn with(self, instance: impl Into<String>, file: impl Into<String>) -> FunctionName {
        FunctionName { instance: instance.into(), file: file.into(), ..self }
    }

    /// As bytes that two names share only when they are equal. A path alone stands for itself.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let FunctionName { path, instance, file } = self;
        if instance.is_empty() && file.is_empty() {
            return path.clone().into_bytes();
        }
        [path.as_bytes(), instance.as_bytes(), file.as_bytes()].join(&0)
    }
}
