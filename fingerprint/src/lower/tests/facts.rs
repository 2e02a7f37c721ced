//! Tests what is recorded of items beside their text.
