//! Measures a hit on a small result, from memory and from disk, the latter against opening, reading and closing the same file.

use checkpointing::__macro::{Mode, Options, Site, ViaPlain, bind2, kept};
use checkpointing::{Config, Memory, Table, TableRef, call, configure};
use divan::{Bencher, black_box};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static TABLE: Table = Table {
    package: "hit",
    functions: "hit::calc\t5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a\t-\tbenches/hit.rs\t1\t1\tdoc\t-\t-\t-\t-\n",
    sources: "",
    crates: "hit",
    packages: "",
    variables: &[],
    cfgs: &[],
    test: false,
    marker: std::any::TypeId::of::<()>,
};

fn calc(a: i64, b: i64) -> i64 {
    a + b
}

fn table() -> TableRef {
    TableRef::new(&TABLE, "1700000000000000000 /hit")
}

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("checkpointing-hit-{}", std::process::id()))
}

fn main() {
    configure(Config::new().directory(folder()).memory(0)).unwrap();
    call(table(), calc, (1, 2));
    divan::main();
    std::fs::remove_dir_all(folder()).unwrap();
}

fn entry(folder: &Path) -> Option<PathBuf> {
    std::fs::read_dir(folder).ok()?.find_map(|file| {
        let path = file.ok()?.path();
        if path.is_dir() { entry(&path) } else { (path.file_name()?.len() == 64).then_some(path) }
    })
}

#[divan::bench]
fn hit(bencher: Bencher) {
    bencher.bench(|| call(table(), calc, (black_box(1), black_box(2))));
}

#[divan::bench(threads = [1, 2])]
fn hit_in_memory(bencher: Bencher) {
    static MEMORY: LazyLock<Memory> = LazyLock::new(|| Memory::new(1 << 20));
    bencher.bench(|| {
        let (given, probe) = bind2(calc, black_box(1), black_box(2));
        Site::new(table(), std::any::type_name_of_val(&calc), Mode::Cached)
            .options(Options { store: Some(&*MEMORY), ..Options::NONE })
            .call(kept(ViaPlain::outcome(&probe)), calc, given)
    });
}

#[divan::bench]
fn open_read_close(bencher: Bencher) {
    let path = entry(&folder()).unwrap();
    bencher.bench(|| std::fs::read(black_box(&path)).unwrap());
}
