//! Decides whether a case went as expected, and words what did not.

use crate::case::{Case, Edit, Expect};
use std::fmt::Write as _;

/// One run of a case's program.
pub struct Run {
    /// How often a marked body was entered.
    pub ran: usize,
    /// What else was printed: the results.
    pub printed: String,
    /// Its stderr.
    pub stderr: String,
    /// Whether it ended well.
    pub success: bool,
}

/// All that was seen of a case: two runs before the edit, one after it, and one without the cache.
#[derive(Default)]
pub struct Record {
    /// Whether there was a program before the edit.
    pub built: bool,
    /// What the builds said, before and after.
    pub said: [String; 2],
    /// The rows of the table, before and after.
    pub fingerprints: [String; 2],
    /// The runs; none where the build failed.
    pub runs: Vec<Option<Run>>,
    /// What is wrong with the edit itself.
    pub bad_edit: Option<String>,
}

/// Compares what was seen with what was expected.
pub fn judge(case: &Case, record: &Record) -> Result<(), String> {
    let problem = match &case.expect {
        Expect::Stops(texts) => stops(texts, record),
        Expect::Says(texts) => says(texts, record),
        Expect::Rerun => edited(case, record, true, true),
        Expect::Skip => edited(case, record, false, true),
        Expect::Limit => edited(case, record, false, false),
    };
    problem.map_err(|problem| explain(case, record, &problem))
}

fn stops(texts: &[&str], record: &Record) -> Result<(), String> {
    if record.built {
        return Err(String::from("it must not build, and did"));
    }
    require(texts, &record.said[0])
}

fn says(texts: &[&str], record: &Record) -> Result<(), String> {
    let first = run(record, 0)?;
    ended_well(first, "first")?;
    if first.ran == 0 {
        return Err(String::from("the body must run, and did not"));
    }
    let off = run(record, 2)?;
    if first.printed != off.printed {
        return Err(String::from("WRONG: the result differs from one that was computed without the cache"));
    }
    require(texts, &format!("{}{}", record.said[0], first.stderr))
}

fn require(texts: &[&str], said: &str) -> Result<(), String> {
    match texts.iter().find(|text| !said.contains(**text)) {
        Some(text) => Err(format!("the messages must contain {text:?}:\n{said}")),
        None => Ok(()),
    }
}

fn edited(case: &Case, record: &Record, rerun: bool, right: bool) -> Result<(), String> {
    if let Some(problem) = &record.bad_edit {
        return Err(format!("the edit does not fit: {problem}"));
    }
    let mut runs: Vec<&Run> = Vec::new();
    for (index, name) in ["first", "second", "third", "fourth"].iter().enumerate() {
        let run = run(record, index)?;
        ended_well(run, name)?;
        if !run.stderr.is_empty() {
            return Err(format!("the {name} run warns:\n{}", run.stderr));
        }
        runs.push(run);
    }
    if runs[0].ran != case.first_runs {
        return Err(format!("the first run must compute {} times, and did {}", case.first_runs, runs[0].ran));
    }
    if runs[1].ran != 0 {
        return Err(String::from("the second run must use the stored result, and computed"));
    }
    if runs[0].printed != runs[1].printed {
        return Err(String::from("the second run printed another result"));
    }
    match (rerun, runs[2].ran) {
        (true, 0) => return Err(String::from("STALE: the edit must rerun, and the stored result was used")),
        (false, 1..) => return Err(String::from("the stored result must be used, and it ran again")),
        _ => {}
    }
    match (right, runs[2].printed == runs[3].printed) {
        (true, false) => {
            Err(String::from("WRONG: the result differs from one that was computed without the cache"))
        }
        (false, true) => Err(String::from("the result is right: this is no limit any more")),
        _ => Ok(()),
    }
}

fn run(record: &Record, index: usize) -> Result<&Run, String> {
    let messages = &record.said[usize::from(index >= 2)];
    match record.runs.get(index) {
        Some(Some(run)) => Ok(run),
        _ => Err(format!("the build failed:\n{messages}")),
    }
}

fn ended_well(run: &Run, name: &str) -> Result<(), String> {
    if run.success { Ok(()) } else { Err(format!("the {name} run failed:\n{}", run.stderr)) }
}

fn explain(case: &Case, record: &Record, problem: &str) -> String {
    let mut text = format!("case {}, behaviour {}: {problem}\n", case.name, case.covers);
    for edit in &case.edits {
        let (what, from, to) = match edit {
            Edit::Replace { file, from, to } => (file.as_str(), from.as_str(), to.as_str()),
            Edit::Rename { from, to } => ("everywhere", from.as_str(), to.as_str()),
            Edit::Write { file, text } => {
                let old = case.files.get(file).map_or("", String::as_str);
                (file.as_str(), old, text.as_str())
            }
            Edit::Remove { file } => (file.as_str(), "the file", ""),
        };
        let _ = writeln!(text, "--- {what}");
        from.lines().for_each(|line| text.extend(["- ", line, "\n"]));
        to.lines().for_each(|line| text.extend(["+ ", line, "\n"]));
    }
    for (args, when) in case.args.iter().zip(["before", "after"]).filter(|(args, _)| !args.is_empty()) {
        let _ = writeln!(text, "arguments {when}: {}", args.join(" "));
    }
    for (name, before, after) in &case.variables {
        let _ = writeln!(text, "variable {name}: {before:?} -> {after:?}");
    }
    for (run, when) in record.runs.iter().zip(["first run", "second run", "after the edit", "cache off"]) {
        let Some(run) = run else { continue };
        let _ = writeln!(text, "{when}: ran {} times, printed {:?}", run.ran, run.printed);
    }
    for (rows, when) in record.fingerprints.iter().zip(["before", "after"]) {
        let _ = write!(text, "fingerprints {when}:\n{rows}");
    }
    text
}
