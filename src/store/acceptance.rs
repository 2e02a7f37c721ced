//! Describes a user's word that results of one code also serve another.

use crate::fingerprint::Fingerprint;
use checkpointing_closure::Shape;
use std::time::SystemTime;

/// Results of one code that also serve another code of the same function, because the user said so:
/// `cargo checkpoint accept`. It says nothing of a third code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Acceptance {
    /// Path of the function.
    pub function: String,
    /// The code that is served.
    pub fingerprint: Fingerprint,
    /// The code that computed the results.
    pub results: Fingerprint,
    /// The shape of the results, which is the same for both.
    pub shape: Shape,
    /// When it was said.
    pub since: SystemTime,
}

impl Acceptance {
    /// An acceptance of this moment.
    ///
    /// ```
    /// use checkpointing::{Acceptance, Fingerprint, Shape};
    ///
    /// let (code, results) = (Fingerprint::new([2; 32]), Fingerprint::new([1; 32]));
    /// let acceptance = Acceptance::new("demo::calc", code, results, Shape::new([3; 16]));
    /// assert_eq!(acceptance.function, "demo::calc");
    /// ```
    #[must_use]
    pub fn new(
        function: impl Into<String>,
        fingerprint: Fingerprint,
        results: Fingerprint,
        shape: Shape,
    ) -> Acceptance {
        // Whole seconds, as they are kept.
        let since = SystemTime::UNIX_EPOCH
            + std::time::Duration::from_secs(
                SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs(),
            );
        Acceptance { function: function.into(), fingerprint, results, shape, since }
    }
}
