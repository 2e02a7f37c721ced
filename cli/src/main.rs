//! `cargo checkpoint`: shows what checkpointed functions depend on.
fn main() {}
