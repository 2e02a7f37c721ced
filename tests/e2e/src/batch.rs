//! Takes many cases through build, run, run, edit, build, run, with one cargo for all of them.

use crate::cargo::{self, Built, Outcome};
use crate::case::{Case, Expect};
use crate::judge::{self, Record, Run};
use crate::place::Place;
use crate::table;
use crate::workspace::Workspace;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

/// What is wrong with each case; nothing when it is as expected.
pub type Verdicts = BTreeMap<&'static str, Result<(), String>>;

/// Runs the cases in a workspace of their own at `folder`.
///
/// # Errors
/// When the workspace cannot be written or cargo cannot be started.
pub fn run(cases: &[Case], folder: &Path, target: &Path) -> io::Result<Verdicts> {
    let places = Place::all(cases);
    let members: BTreeSet<&str> = places.values().map(|place| place.package.as_str()).collect();
    let workspace = Workspace::create(folder, target, &members.into_iter().collect::<Vec<_>>())?;
    let nothing = BTreeMap::new();
    for case in cases {
        let place = &places[case.name];
        workspace.write(&place.package, &nothing, &place.common().unwrap_or_default())?;
        workspace.write(&place.package, &nothing, &place.files(&case.files))?;
        fs::create_dir_all(workspace.folder(place.working_folder()))?;
    }
    let mut records: BTreeMap<&str, Record> = BTreeMap::new();

    let outcome = build(&workspace, cases, 0)?;
    for case in cases {
        let place = &places[case.name];
        let record = records.entry(case.name).or_default();
        let built = package(&outcome, place);
        record.built = built.programs.contains_key(case.name);
        record.said[0] = outcome.said_about(&place.package, case.name);
        record.fingerprints[0] = table::fingerprints(built.out_dir.as_deref(), &place.prefix());
        let modes: &[Option<&str>] =
            if matches!(case.expect, Expect::Says(_)) { &[None, None, Some("off")] } else { &[None, None] };
        for mode in modes {
            record.runs.push(program(&workspace, case, place, &built, 0, *mode)?);
        }
    }

    let edited = |case: &&Case| matches!(case.expect, Expect::Rerun | Expect::Skip | Expect::Limit);
    for case in cases.iter().filter(edited) {
        let place = &places[case.name];
        match case.edited() {
            Ok(files) => {
                workspace.write(&place.package, &place.files(&case.files), &place.files(&files))?;
            }
            Err(problem) => records.entry(case.name).or_default().bad_edit = Some(problem),
        }
    }
    let outcome = build(&workspace, cases, 1)?;
    for case in cases.iter().filter(edited) {
        let place = &places[case.name];
        let record = records.entry(case.name).or_default();
        let built = package(&outcome, place);
        record.said[1] = outcome.said_about(&place.package, case.name);
        record.fingerprints[1] = table::fingerprints(built.out_dir.as_deref(), &place.prefix());
        for mode in [None, Some("off")] {
            record.runs.push(program(&workspace, case, place, &built, 1, mode)?);
        }
    }
    Ok(cases.iter().map(|case| (case.name, judge::judge(case, &records[case.name]))).collect())
}

/// Builds all; a package that fails does not keep the others from being built.
fn build(workspace: &Workspace, cases: &[Case], side: usize) -> io::Result<Outcome> {
    let all = cases.iter().flat_map(|case| variables(case, side));
    let variables: Vec<(&str, &str)> = all.filter(|(name, _)| !name.starts_with("CHECKPOINTING")).collect();
    workspace.cargo(&["build", "--keep-going"], &variables)
}

fn variables(case: &Case, side: usize) -> impl Iterator<Item = (&'static str, &'static str)> {
    case.variables.iter().filter_map(move |(name, before, after)| Some((*name, [*before, *after][side]?)))
}

fn package(outcome: &Outcome, place: &Place) -> Built {
    outcome.packages.get(&place.package).cloned().unwrap_or_default()
}

fn program(
    workspace: &Workspace,
    case: &Case,
    place: &Place,
    built: &Built,
    side: usize,
    mode: Option<&str>,
) -> io::Result<Option<Run>> {
    let Some(program) = built.programs.get(case.name) else { return Ok(None) };
    let mut command = cargo::command(program);
    command.current_dir(workspace.folder(place.working_folder()));
    command.args(&case.args[side]).envs(variables(case, side));
    if let Some(mode) = mode {
        command.env("CHECKPOINTING", mode);
    }
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (ran, printed): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| *line == "ran");
    Ok(Some(Run {
        ran: ran.len(),
        printed: printed.join("\n"),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        success: output.status.success(),
    }))
}
