//! Tests `cargo checkpoint accept` with a program that is built, edited and built again.
#![cfg(unix)]

mod weather;

use weather::Weather;

const MODEL: &str = "src/model.rs";

/// The functions that ran when the program was built and run.
fn runs(weather: &Weather) -> String {
    let printed = weather.run("cargo run -q");
    let runs: Vec<&str> = printed.lines().filter_map(|line| line.strip_suffix(" is running")).collect();
    assert!(printed.contains("degrees"), "{printed}");
    runs.join(" ")
}

/// What a command of ours prints, and its exit code in the last line.
fn checkpoint(weather: &Weather, arguments: &str) -> String {
    weather.run(&format!("cargo checkpoint {arguments}; echo exit $?"))
}

fn edit_damping(weather: &Weather, old: &str, new: &str) {
    weather.edit(MODEL, &format!("DAMPING: f64 = {old};"), &format!("DAMPING: f64 = {new};"));
}

#[test]
fn accepted_results_serve_until_that_is_taken_back_and_only_what_was_said() {
    let weather = Weather::new("accept");
    assert_eq!(runs(&weather), "load forecast");
    assert_eq!(runs(&weather), "");
    edit_damping(&weather, "0.5", "0.25");
    let outdated = checkpoint(&weather, "outdated");
    assert!(outdated.contains("forecast changed") && outdated.ends_with("exit 1\n"), "{outdated}");

    let dry = checkpoint(&weather, "accept forecast --dry-run");
    assert!(dry.contains("1 result of code") && dry.contains("would serve"), "{dry}");
    assert!(checkpoint(&weather, "accept --list").starts_with("Nothing is accepted."));
    let accepted = checkpoint(&weather, "accept forecast");
    assert!(accepted.contains("now also serves code") && accepted.ends_with("exit 0\n"), "{accepted}");
    assert!(accepted.contains("changed const weather::model::DAMPING (src/model.rs:6)"), "{accepted}");
    assert_eq!(runs(&weather), "");

    let outdated = checkpoint(&weather, "outdated");
    assert!(outdated.contains("up to date, 1 by acceptance") && outdated.ends_with("exit 0\n"), "{outdated}");
    assert!(checkpoint(&weather, "list").contains("up to date by acceptance"));
    assert!(checkpoint(&weather, "why forecast").contains("its results are accepted"));
    let listed = checkpoint(&weather, "accept --list --format json");
    let row: serde_json::Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&row["function"], &row["present"], &row["entries"]),
        (&"weather::model::forecast".into(), &true.into(), &1.into())
    );

    // What is accepted is reachable.
    assert!(checkpoint(&weather, "cache prune --unreachable").starts_with("removed 0 entries"));
    assert_eq!(runs(&weather), "");
    // The third code is served by the first only where that is said.
    edit_damping(&weather, "0.25", "0.75");
    assert!(checkpoint(&weather, "list").contains("changed since"));
    assert_eq!(runs(&weather), "forecast");
    edit_damping(&weather, "0.75", "0.25");
    assert_eq!(runs(&weather), "");

    let undone = checkpoint(&weather, "accept --undo forecast");
    assert!(undone.contains("no longer serve") && undone.ends_with("exit 0\n"), "{undone}");
    let again = checkpoint(&weather, "accept --undo forecast");
    assert!(again.contains("nothing is accepted") && again.ends_with("exit 2\n"), "{again}");
    assert_eq!(runs(&weather), "forecast");
}

#[test]
fn an_acceptance_leads_no_further_than_it_says() {
    let weather = Weather::new("accept-chain");
    assert_eq!(runs(&weather), "load forecast");
    let first = code(&weather);
    edit_damping(&weather, "0.5", "0.25");
    checkpoint(&weather, "accept forecast");
    let second = code(&weather);
    // Of the second code there is a result with other arguments, of the first one with these.
    weather.edit("src/main.rs", "forecast(&days, 3)", "forecast(&days, 4)");
    assert_eq!(runs(&weather), "forecast");
    edit_damping(&weather, "0.25", "0.75");
    let accepted = checkpoint(&weather, "accept forecast");
    assert!(accepted.contains(&format!("1 result of code {second} now")), "{accepted}");
    assert_eq!(runs(&weather), "");
    weather.edit("src/main.rs", "forecast(&days, 4)", "forecast(&days, 3)");
    assert_eq!(runs(&weather), "forecast");
    // Unless that is said, too.
    weather.run("cargo checkpoint cache clear forecast");
    edit_damping(&weather, "0.75", "0.5");
    assert_eq!((runs(&weather), code(&weather)), ("forecast".to_owned(), first.clone()));
    edit_damping(&weather, "0.5", "0.75");
    let accepted = checkpoint(&weather, &format!("accept forecast --from {first}"));
    assert!(accepted.contains(&format!("1 result of code {first} now")), "{accepted}");
    assert_eq!(runs(&weather), "");
}

/// The beginning of the fingerprint of `forecast`.
fn code(weather: &Weather) -> String {
    let listed = checkpoint(weather, "list --format json");
    let rows = listed.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let row = rows.into_iter().find(|row| row["function"] == "weather::model::forecast").unwrap();
    row["fingerprint"].as_str().unwrap()[..12].to_owned()
}

#[test]
fn a_result_of_another_shape_is_refused() {
    let weather = Weather::new("accept-shape");
    assert_eq!(runs(&weather), "load forecast");
    for (old, new) in [
        ("pub degrees: f64,", "#[serde(rename = \"t\")]\n    pub degrees: f64,"),
        ("pub degrees: f64,", "pub degrees: f64,\n    #[serde(default)]\n    pub days: u32,"),
    ] {
        weather.edit(MODEL, old, new);
        if new.contains("days") {
            weather.edit(MODEL, "from(ahead) }", "from(ahead), days: ahead }");
        }
        let refused = checkpoint(&weather, "accept forecast");
        assert!(refused.contains("not accepted: the type of its result"), "{refused}");
        assert!(refused.contains("changed type weather::model::Forecast"), "{refused}");
        assert!(refused.ends_with("exit 1\n"), "{refused}");
        assert_eq!(runs(&weather), "forecast");
    }
    let said = checkpoint(&weather, "accept load forecast");
    assert!(said.contains("weather::stations::load: not accepted: its stored results are those of its code"));
}
