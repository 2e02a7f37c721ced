//! Fingerprints the marked functions of this package.

fn main() {
    checkpointing_fingerprint::emit();
}
