//! Fingerprints of functions and of everything that they can reach, for build scripts.

mod ir;
mod lower;
