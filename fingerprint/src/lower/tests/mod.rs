//! Tests the lowering of files.
