//! Builds every case, edits it, builds again, and compares what reran with what must.
//!
//! `cargo test -p e2e --test edits -- NAME` builds and runs only the cases whose name contains NAME.

mod bodies;
mod builds;
mod calls;
mod certain;
mod editions;
mod expansions;
mod forms;
mod implicit;
mod inputs;
mod joined;
mod layout;
mod limits;
mod macros;
mod methods;
mod names;
mod packages;
mod problems;
mod resolution;
mod subtle;
mod traps;
mod types;
mod values;

use e2e::batch::{self, Verdicts};
use e2e::{Case, workspace};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// What other tests cover, and which: lines of `behaviour.md`, and traps.
const ELSEWHERE: [(&str, &str, &str); 6] = [
    ("19", "tests/places.rs", "a_moved_project_uses_its_results"),
    ("35", "tests/places.rs", "another_toolchain_reruns"),
    ("T9", "tests/places.rs", "features_that_another_member_turns_on_count"),
    ("T10", "tests/places.rs", "another_profile_of_debug_assertions_reruns_where_they_are_read"),
    ("T11", "tests/places.rs", "a_result_of_code_that_is_newer_than_its_fingerprint_is_not_stored"),
    ("T19", "../accepted.rs", "a_result_of_another_shape_serves_nobody"),
];

fn cases() -> Vec<Case> {
    [
        names::cases(),
        layout::cases(),
        calls::cases(),
        bodies::cases(),
        methods::cases(),
        certain::cases(),
        implicit::cases(),
        values::cases(),
        macros::cases(),
        expansions::cases(),
        subtle::cases(),
        traps::cases(),
        types::cases(),
        inputs::cases(),
        joined::cases(),
        resolution::cases(),
        packages::cases(),
        editions::cases(),
        builds::cases(),
        forms::cases(),
        problems::cases(),
        limits::cases(),
    ]
    .concat()
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases = cases();
    let selected: Vec<Case> =
        cases.iter().filter(|case| is_selected(&arguments, case.name)).cloned().collect();
    let verdicts = if arguments.list || selected.is_empty() { Ok(Verdicts::new()) } else { run(&selected) };
    let verdicts = match verdicts {
        Ok(verdicts) => Arc::new(verdicts),
        Err(error) => {
            eprintln!("the cases cannot be built: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut trials: Vec<Trial> = cases.iter().map(|case| trial(case.name, &verdicts)).collect();
    trials.push(Trial::test("every_line_of_the_behaviour_list_and_every_trap_has_a_case", move || {
        check_list(&cases)
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The same choice that `libtest_mimic` makes, so that no more is built than runs.
fn is_selected(arguments: &Arguments, name: &str) -> bool {
    let matches = |filter: &String| if arguments.exact { name == filter } else { name.contains(filter) };
    arguments.filter.as_ref().is_none_or(matches) && !arguments.skip.iter().any(matches)
}

fn run(cases: &[Case]) -> std::io::Result<Verdicts> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let _lock = workspace::lock(folder)?;
    batch::run(cases, &folder.join("edits"), &folder.join("target"))
}

fn trial(name: &'static str, verdicts: &Arc<Verdicts>) -> Trial {
    let verdicts = Arc::clone(verdicts);
    Trial::test(name, move || match verdicts.get(name) {
        Some(Ok(())) => Ok(()),
        Some(Err(problem)) => Err(Failed::from(problem)),
        None => Err(Failed::from("the case was not built")),
    })
}

fn check_list(cases: &[Case]) -> Result<(), Failed> {
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    if names.len() != cases.len() {
        return Err("two cases have one name".into());
    }
    for (what, file, test) in ELSEWHERE {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))?;
        if !text.contains(&format!("fn {test}()")) {
            return Err(format!("{what}: no test {test} in {file}").into());
        }
    }
    let words = cases.iter().flat_map(|case| case.covers.split(' '));
    let covered: BTreeSet<&str> = words.chain(ELSEWHERE.map(|(what, ..)| what)).collect();
    let wanted = (1..=36).map(|line| line.to_string()).chain((1..=19).map(|trap| format!("T{trap}")));
    let missing: Vec<String> = wanted.filter(|what| !covered.contains(what.as_str())).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no case covers {missing:?}").into()) }
}
