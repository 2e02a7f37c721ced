//! Times the pass on this workspace's largest package, cold and warm, against the bare parser on the same
//! files, and the graph of packages whose manifests are given. Run by hand:
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
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").join("cli");
    let out = std::env::temp_dir().join(format!("pass-bench-{}", std::process::id()));
    let cold = best(|| {
        let _ = std::fs::remove_dir_all(&out);
        std::fs::create_dir_all(&out).expect("a folder to write to");
        build_script(&package, &out)
    });
    let warm = best(|| build_script(&package, &out));
    let metadata = best(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["metadata", "--offline", "--locked", "--format-version=1"]).current_dir(&package);
        time(|| _ = cargo.stdout(Stdio::null()).status())
    });
    println!("{}", package.display());
    println!("  the pass, cold       {cold:>10.1?}");
    println!("  the pass, warm       {warm:>10.1?}");
    println!("  cargo metadata alone {metadata:>10.1?}");
    let _ = std::fs::remove_dir_all(&out);

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
