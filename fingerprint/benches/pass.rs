//! Times the pass on this package's own sources, cold, warm and after an edit, against the bare parser, and
//! the graph of packages whose manifests are given. Run by hand:
//! `cargo bench -p checkpointing-fingerprint --bench pass -- [Cargo.toml ..]`.

use checkpointing_fingerprint::{Graph, GraphOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Set in the process that plays the build script.
const CHILD: &str = "PASS_BENCH_CHILD";
const ROUNDS: usize = 5;

fn main() {
    if std::env::var_os(CHILD).is_some() {
        checkpointing_fingerprint::emit();
        return;
    }
    let place = std::env::temp_dir().join(format!("pass-bench-{}", std::process::id()));
    let (package, out) = (place.join("package"), place.join("out"));
    lay_out(&package);
    let fresh = || {
        let _ = std::fs::remove_dir_all(&out);
        std::fs::create_dir_all(&out).expect("a folder to write to");
    };
    let cold = best(|| {
        fresh();
        build_script(&package, &out)
    });
    let warm = best(|| build_script(&package, &out));
    let mut round = 0;
    let edited = best(|| {
        round += 1;
        edit(&package.join("src/marks.rs"), round);
        build_script(&package, &out)
    });
    let parse_alone = best(|| parse(&package.join("src")));
    let metadata = best(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["metadata", "--offline", "--locked", "--format-version=1"]).current_dir(&package);
        time(|| _ = cargo.stdout(Stdio::null()).status())
    });
    println!("fingerprint/src, one marked function that reaches most of it");
    println!("  the pass, cold              {cold:>10.1?}");
    println!("  the pass, one file edited   {edited:>10.1?}");
    println!("  the pass, warm              {warm:>10.1?}");
    println!("  cargo metadata alone        {metadata:>10.1?}");
    println!("  the bare parser, one thread {parse_alone:>10.1?}");
    let _ = std::fs::remove_dir_all(&place);

    for manifest in std::env::args().skip(1).filter(|argument| argument.ends_with("Cargo.toml")) {
        let manifest = PathBuf::from(manifest);
        let load = |all| {
            let options = GraphOptions { manifest: manifest.clone(), all, ..GraphOptions::default() };
            best(|| time(|| _ = Graph::load(&options).expect("a graph")))
        };
        let parse = best(|| parse(&manifest.with_file_name("src")));
        println!("{}", manifest.display());
        println!("  the bare parser on src/       {parse:>10.1?} (one thread)");
        println!("  read, lower and link          {:>10.1?}", load(false));
        println!("  the same and every function   {:>10.1?}", load(true));
    }
}

/// The toolkit never counts itself: its sources stand in a package of another name.
fn lay_out(package: &Path) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in walkdir::WalkDir::new(&source).into_iter().filter_map(Result::ok) {
        let to = package.join("src").join(file.path().strip_prefix(&source).expect("a path below"));
        if file.file_type().is_dir() {
            std::fs::create_dir_all(to).expect("a folder");
        } else {
            std::fs::copy(file.path(), to).expect("a copy");
        }
    }
    let head = "name = \"measured\"\nversion = \"0.1.0\"\n";
    let write = |name: &str, text: String| std::fs::write(package.join(name), text).expect("a file");
    write("Cargo.toml", format!("[package]\n{head}edition = \"2024\"\n"));
    write("Cargo.lock", format!("version = 4\n\n[[package]]\n{head}"));
    let marked =
        "/// checkpoint\npub fn marked(o: &GraphOptions) -> u32 { Graph::load(o).map_or(0, |g| g.schema) }\n";
    append(&package.join("src/lib.rs"), marked);
}

/// Edits the body of one function.
fn edit(path: &Path, round: u32) {
    let before = std::fs::read_to_string(path).expect("a file");
    let (head, body) = before.split_once("-> Vec<Marked> {").expect("a function");
    std::fs::write(path, format!("{head}-> Vec<Marked> {{ let _ = {round};{body}")).expect("a file");
}

fn append(path: &Path, text: &str) {
    let before = std::fs::read_to_string(path).expect("a file");
    std::fs::write(path, before + text).expect("a file");
}

/// The whole process, as cargo would wait for it.
fn build_script(package: &Path, out: &Path) -> Duration {
    let target = "x86_64-unknown-linux-gnu";
    let mut child = Command::new(std::env::current_exe().expect("this program"));
    child.env(CHILD, "1").env("CARGO_MANIFEST_DIR", package).env("OUT_DIR", out);
    child.env("TARGET", target).env("HOST", target).env("CARGO_CFG_UNIX", "");
    time(|| assert!(child.stdout(Stdio::null()).status().expect("a process").success()))
}

/// `syn` alone, over the same files.
fn parse(folder: &Path) -> Duration {
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let texts: Vec<String> = files
        .filter(|file| file.path().extension().is_some_and(|end| end == "rs"))
        .filter_map(|file| std::fs::read_to_string(file.path()).ok())
        .collect();
    time(|| {
        for text in &texts {
            drop(std::hint::black_box(syn::parse_file(text)));
            proc_macro2::extra::invalidate_current_thread_spans();
        }
    })
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn best(mut run: impl FnMut() -> Duration) -> Duration {
    (0..ROUNDS).map(|_| run()).min().unwrap_or_default()
}
