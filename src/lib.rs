//! A persistent function cache that knows when code changed.
