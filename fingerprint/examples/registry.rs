//! Analyses every package that cargo has downloaded, each in a process of its own with a limit of time and
//! memory, and tells which ones panic, hang, grow too large, or have a node that was taken whole with no note
//! that says why.
//!
//! ```sh
//! cargo run --release -p checkpointing-fingerprint --example registry -- [--seconds 60] [--megabytes 2000] [NAME ..]
//! ```
//! NAME selects packages whose folder begins with it. Time is that of the processor where the system tells it:
//! other work on the machine does not count. The exit code is 1 when one of them failed.

use checkpointing_fingerprint::{Graph, GraphNode, GraphOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io};

/// How one package went.
struct Outcome {
    problem: Option<String>,
    /// Functions, nodes, notes; or what was said in the end.
    said: String,
    took: Duration,
    megabytes: u64,
}

struct Limits {
    time: Duration,
    megabytes: u64,
}

fn main() -> ExitCode {
    let mut limits = Limits { time: Duration::from_secs(60), megabytes: 2000 };
    let mut names = Vec::new();
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse().ok());
        match argument.as_str() {
            "--one" => return one(&PathBuf::from(arguments.next().unwrap_or_default())),
            "--seconds" => limits.time = number().map_or(limits.time, Duration::from_secs),
            "--megabytes" => limits.megabytes = number().unwrap_or(limits.megabytes),
            _ => names.push(argument),
        }
    }
    let packages = packages(&names);
    let mut failed = 0;
    for package in &packages {
        let name = package.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match analyse(package, &limits) {
            Ok(Outcome { problem, said, took, megabytes }) => {
                let verdict = problem.as_deref().unwrap_or("ok");
                println!("{verdict:<12} {:>8.3} s {megabytes:>6} MB  {name}: {said}", took.as_secs_f64());
                failed += usize::from(problem.is_some());
            }
            Err(error) => {
                println!("{name}: {error}");
                failed += 1;
            }
        }
    }
    println!("{} packages, {failed} failed", packages.len());
    ExitCode::from(u8::from(failed > 0))
}

/// The downloaded packages, sorted.
fn packages(names: &[String]) -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let sources = home.unwrap_or_default().join("registry/src");
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    };
    let wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        path.join("Cargo.toml").is_file()
            && (names.is_empty() || names.iter().any(|wanted| name.starts_with(wanted.as_str())))
    };
    let mut found: Vec<PathBuf> =
        entries(&sources).iter().flat_map(|folder| entries(folder)).filter(wanted).collect();
    found.sort();
    found
}

fn analyse(package: &Path, limits: &Limits) -> io::Result<Outcome> {
    let start = Instant::now();
    let mut child = Command::new(env::current_exe()?)
        .arg("--one")
        .arg(package.join("Cargo.toml"))
        .env_remove("RUST_BACKTRACE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (mut megabytes, mut took) = (0, Duration::ZERO);
    let mut problem = None;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        megabytes = peak(&child).max(megabytes);
        took = processor_time(&child).unwrap_or_else(|| start.elapsed()).max(took);
        if took > limits.time || start.elapsed() > limits.time * PATIENCE {
            problem = Some(String::from("TIME"));
        } else if megabytes > limits.megabytes {
            problem = Some(String::from("MEMORY"));
        }
        if problem.is_some() {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let output = child.wait_with_output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().replace('\n', " | ");
    if !status.success() && problem.is_none() {
        let word = if status.code() == Some(1) { "ERROR" } else { "PANIC" };
        problem = Some(word.to_owned());
    }
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    Ok(Outcome { problem, said, took, megabytes })
}

/// How much longer than its time a package may take on a machine that has other work.
const PATIENCE: u32 = 10;

/// What a process has used of the processor, where the system says it.
fn processor_time(child: &Child) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
    // The second field is a name, which may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<u64>().ok();
    // A tick is a hundredth of a second wherever Linux runs.
    Some(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
}

/// The most memory that a process had, where the system says it.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1024
}

/// Analyses one package with every function as a root.
fn one(manifest: &Path) -> ExitCode {
    let options = GraphOptions { manifest: manifest.to_owned(), all: true, ..GraphOptions::default() };
    match Graph::load(&options) {
        Ok(graph) => {
            let reached: usize = graph.functions.iter().map(|function| function.closure.len()).sum();
            println!(
                "{} functions, {} nodes, {reached} reached, {} notes",
                graph.functions.len(),
                graph.nodes.len(),
                graph.notes.len()
            );
            let unsaid: Vec<String> = unsaid(&graph).collect();
            if unsaid.is_empty() {
                return ExitCode::SUCCESS;
            }
            println!("; no note for {}", unsaid.join(", "));
            ExitCode::from(1)
        }
        Err(error) => {
            println!("{error}");
            ExitCode::from(1)
        }
    }
}

/// Nodes that could not be analysed, and of which no note says so.
fn unsaid(graph: &Graph) -> impl Iterator<Item = String> {
    let opaque = graph.nodes.iter().filter(|node| node.kind == "opaque");
    let is_said = |node: &&GraphNode| {
        graph.notes.iter().any(|note| {
            let lines = node.line.unwrap_or_default()..=node.end_line.unwrap_or(u32::MAX);
            node.file.as_ref() == Some(&note.file) && lines.contains(&note.line)
        })
    };
    let unsaid = opaque.filter(move |node| !is_said(node));
    unsaid.map(|node| {
        let file = node.file.as_deref().unwrap_or_default();
        format!("{} ({file}:{})", node.path, node.line.unwrap_or_default())
    })
}
