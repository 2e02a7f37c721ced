//! Tests folders that cannot be used, or not for long: the result is right, and it is said.
#![cfg(unix)]

mod child;

use checkpointing::{Config, TableRef, call, configure};
use child::{Said, calc, command, entries, limited, run, said};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

const ROWS: &str = rows!("folders": "child::calc" "-" "-", "large" "-" "-", "removing" "-" "-");

fn large(a: u8) -> Vec<u64> {
    println!("RUN: large");
    vec![u64::from(a); 100_000]
}

/// Removes a folder of the cache while the lock is held, before the result is stored.
fn removing(a: u64, folder: PathBuf) -> Vec<u64> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
        _ => calc(a),
    }
}

#[test]
#[ignore = "what the other tests start"]
fn child() {
    let table: TableRef = child::table(ROWS);
    match std::env::var("SCENARIO").unwrap_or_default().as_str() {
        "large" => {
            assert!(call(table, large, (7,)) == vec![7; 100_000]);
            println!("RESULT: right");
        }
        "deleted" => {
            configure(Config::new().memory(0).cost_warning(false)).unwrap();
            let folder = PathBuf::from(std::env::var_os("CHECKPOINTING_DIR").unwrap());
            let parts = ["", "v2", "v2/locks", "v2/tmp", "v2/users", "v2/functions"];
            for (round, part) in (0_u64..).zip(parts) {
                for again in 0..3 {
                    let key = round * 10 + again;
                    assert_eq!(call(table, removing, (key, folder.join(part))), [key; 3]);
                    assert_eq!(call(table, calc, (key,)), [key; 3]);
                }
            }
            println!("RESULT: right");
        }
        "deleting" => {
            configure(Config::new().memory(0).cost_warning(false)).unwrap();
            for key in (0..40).cycle().take(2000) {
                assert_eq!(call(table, calc, (key,)), [key; 3]);
            }
            println!("RESULT: right");
        }
        usual => child::calls(usual, table),
    }
}

#[test]
fn a_folder_that_is_removed_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let said = run("deleted", &folder.path().join("cache"));
    assert_eq!((said.result.as_str(), said.stderr.as_str()), ("right", ""));
    // By another process, at any moment.
    let cache = folder.path().join("cache");
    let mut children: Vec<_> = (0..2).map(|_| command("deleting", &cache).spawn().unwrap()).collect();
    while children.iter_mut().any(|child| child.try_wait().unwrap().is_none()) {
        // Something may be stored in it while it is removed.
        let _ = fs::remove_dir_all(&cache);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    for child in children {
        let said = child::end(child);
        assert_eq!(said.result, "right", "{}", said.stderr);
        assert!(said.stderr.matches("warning").count() <= 2, "{}", said.stderr);
    }
}

#[test]
fn a_path_of_any_bytes_is_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join(OsStr::from_bytes(b"\xff\xfe no text \n"));
    assert_eq!(run("calc", &cache).runs, 1);
    let said = run("calc", &cache);
    assert_eq!((said.runs, said.result.as_str(), said.stderr.as_str()), (0, "[7, 7, 7]", ""));
    assert_eq!(entries(&cache).len(), 1);
}

#[test]
fn a_path_that_is_too_long_costs_the_cache_and_not_the_result() {
    let names = [
        ("x".repeat(300), "File name too long"),
        ("long/".repeat(1000), "File name too long"),
        (String::from("/dev/null"), "Not a directory"),
        (String::from("/proc/x"), "No such file or directory"),
    ];
    for (name, reason) in names {
        let said = run("twice", Path::new(&name));
        assert_eq!((said.runs, said.result.as_str()), (2, "([7, 7, 7], [8, 8, 8])"), "{}", said.stderr);
        warned(&said, reason);
    }
}

/// It warned once or twice, each time for this reason.
fn warned(said: &Said, reason: &str) {
    let warnings: Vec<&str> = said.stderr.lines().filter(|line| line.starts_with("warning: ")).collect();
    assert!((1..=2).contains(&warnings.len()), "{}", said.stderr);
    assert!(warnings.iter().all(|warning| warning.contains(reason)), "{reason}: {}", said.stderr);
}

fn is_root() -> bool {
    tempfile::tempfile().unwrap().metadata().unwrap().uid() == 0
}

/// Runs a scenario as somebody who may not do everything; `None` where that is not possible.
fn as_nobody(scenario: &str, folder: &Path) -> Option<Said> {
    let mut command = command(scenario, folder);
    if is_root() {
        command.uid(65534).gid(65534);
    }
    let said = command.output().map(|output| said(&output)).ok();
    if said.is_none() {
        eprintln!("SKIPPED: another user cannot run this test");
    }
    said
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn permissions_that_are_wrong_cost_the_cache_and_not_the_result() {
    let outer = tempfile::tempdir().unwrap();
    if is_root() {
        chown(outer.path(), Some(65534), Some(65534)).unwrap();
    }
    let folder = outer.path();
    // Where nothing can be made, the reason is that, and not that it is absent.
    let bare = tempfile::tempdir().unwrap();
    set_mode(bare.path(), 0o555);
    let Some(refused) = as_nobody("twice", bare.path()) else { return };
    assert_eq!((refused.runs, refused.result.as_str()), (2, "([7, 7, 7], [8, 8, 8])"), "{}", refused.stderr);
    warned(&refused, "Permission denied");
    let first = as_nobody("twice", folder).unwrap();
    assert_eq!((first.runs, first.stderr.as_str()), (2, ""));
    let entry = entries(folder).remove(0);
    let fan = entry.parent().unwrap().to_owned();
    let tmp = folder.join("v2/tmp");
    let locks = folder.join("v2/locks");
    // What may not be read or written, how many are computed again, and whether it heals then.
    let cases = [
        (&entry, 0o000, 1, true),
        (&entry, 0o444, 0, true),
        (&fan, 0o000, 1, false),
        (&fan, 0o555, 0, true),
        (&tmp, 0o000, 0, true),
        (&locks, 0o000, 0, true),
    ];
    for (path, mode, runs, heals) in cases {
        let before = path.metadata().unwrap().permissions().mode();
        set_mode(path, mode);
        let said = as_nobody("twice", folder).unwrap();
        let name = path.display();
        assert_eq!(said.result, "([7, 7, 7], [8, 8, 8])", "{name}: {}", said.stderr);
        assert_eq!(said.runs, runs, "{name}: {}", said.stderr);
        match runs {
            0 => assert_eq!(said.stderr, "", "{name}"),
            _ => warned(&said, "Permission denied"),
        }
        assert_eq!(as_nobody("twice", folder).unwrap().runs, if heals { 0 } else { runs }, "{name}");
        set_mode(path, before);
    }
    // Nothing new can be stored.
    fs::remove_file(&entry).unwrap();
    for (path, mode) in [(&fan, 0o555), (&tmp, 0o555), (&locks, 0o555), (&folder.to_owned(), 0o000)] {
        let before = path.metadata().unwrap().permissions().mode();
        set_mode(path, mode);
        let said = as_nobody("twice", folder).unwrap();
        assert_eq!(said.result, "([7, 7, 7], [8, 8, 8])", "{}", said.stderr);
        warned(&said, "Permission denied");
        set_mode(path, before);
        // What could be stored without a lock is no loss.
        let _ = fs::remove_file(&entry);
    }
    assert_eq!(as_nobody("twice", folder).unwrap().runs, 1);
    assert_eq!(as_nobody("twice", folder).unwrap().runs, 0);
}

#[test]
fn a_disk_that_becomes_full_within_an_entry_keeps_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run("calc", folder.path()).runs, 1);
    // A file may have 64 or 128 KiB; more is an error in the midst of writing, not a signal.
    let limits = "trap '' XFSZ; ulimit -f 128";
    let full = said(&limited("large", folder.path(), limits).output().unwrap());
    assert_eq!((full.runs, full.result.as_str()), (1, "right"), "{}", full.stderr);
    assert_eq!(full.stderr.matches("warning").count(), 1, "{}", full.stderr);
    assert_eq!(entries(folder.path()).len(), 1);
    assert_eq!(fs::read_dir(folder.path().join("v2/tmp")).unwrap().count(), 0, "the room is given back");
    // Killed in the midst of writing.
    let killed = limited("large", folder.path(), "ulimit -f 128").output().unwrap();
    assert!(!killed.status.success());
    assert_eq!(entries(folder.path()).len(), 1);
    assert_eq!((run("large", folder.path()).runs, run("large", folder.path()).runs), (1, 0));
}

/// A small file system of its own, where the system lets us make one.
#[cfg(target_os = "linux")]
struct Mount(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl Mount {
    fn new(options: &str) -> Option<Mount> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("SKIPPED: a tmpfs cannot be mounted here");
        }
        mounted.then_some(Mount(folder))
    }
}

#[cfg(target_os = "linux")]
impl Drop for Mount {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0.path()).output();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_costs_the_cache_and_not_the_result() {
    let Some(mount) = Mount::new("size=64k") else { return };
    let _ = fs::write(mount.0.path().join("filler"), vec![1; 1 << 20]);
    let said = run("calc", mount.0.path());
    assert_eq!((said.runs, said.result.as_str()), (1, "[7, 7, 7]"), "{}", said.stderr);
    assert!(said.stderr.contains("No space left"), "{}", said.stderr);
    assert_eq!(entries(mount.0.path()).len(), 0);
}

#[test]
#[cfg(target_os = "linux")]
fn a_read_only_folder_costs_the_cache_and_not_the_result() {
    let Some(mount) = Mount::new("size=1m") else { return };
    assert_eq!(run("calc", mount.0.path()).runs, 1);
    let remount = |mode: &str| {
        let options = format!("remount,{mode}");
        std::process::Command::new("mount").args(["-o", &options]).arg(mount.0.path()).status().unwrap();
    };
    remount("ro");
    let hit = run("calc", mount.0.path());
    assert_eq!((hit.runs, hit.stderr.as_str()), (0, ""), "what is there is used");
    let miss = run("twice", mount.0.path());
    assert_eq!((miss.runs, miss.result.as_str()), (1, "([7, 7, 7], [8, 8, 8])"));
    assert!(miss.stderr.contains("Read-only"), "{}", miss.stderr);
}
