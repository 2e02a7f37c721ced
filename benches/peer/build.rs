//! Fingerprints the functions that the peer caches.

fn main() {
    checkpointing_fingerprint::emit();
}
