//! Tests which marked functions the build warns of, why, and by which way they reach it.

use super::{Place, values};

/// The warnings for a `src/lib.rs`.
fn warnings(code: &str) -> Vec<String> {
    let place = Place::package(&[("src/lib.rs", code)]);
    values(&place, &place.emit(), "warning")
}

/// The kinds of the lints, with what is named.
fn kinds(code: &str) -> Vec<String> {
    let names = warnings(code);
    let kind = |text: &String| {
        let (before, rest) = text.rsplit_once("allow(").expect("a way to allow it");
        let what = before.split_once(": ").and_then(|(_, rest)| rest.split_once(": ")).expect("what it is").1;
        format!("{} {}", rest.split(')').next().expect("a kind"), what.split(" at ").next().expect("a path"))
    };
    names.iter().map(kind).collect()
}

#[test]
fn a_warning_tells_place_way_and_remedy() {
    let code = "/// checkpoint
pub fn calc(a: u64) -> u64 {
    helper::scaled(a)
}
mod helper {
    use std::time::SystemTime as Clock;
    pub fn scaled(a: u64) -> u64 {
        a * seconds()
    }
    fn seconds() -> u64 {
        let now = 1;
        Clock::now().elapsed().map_or(now, |t| t.as_secs())
    }
}
";
    let expected = "src/lib.rs:2: `p::calc` reads the clock: std::time::SystemTime::now at src/lib.rs:12, \
                    through p::helper::scaled -> p::helper::seconds. A stored result does not notice a change; \
                    pass what is read as an argument, or allow it: checkpoint(allow(clock))";
    assert_eq!(warnings(code), [expected]);
}

#[test]
fn each_kind_is_found() {
    let marked = |body: &str| format!("/// checkpoint\npub fn calc() -> u64 {{ {body}; 1 }}\n");
    let cases = [
        ("std::time::Instant::now()", "clock std::time::Instant::now"),
        ("std::hash::RandomState::new()", "random std::hash::RandomState::new"),
        ("use std::env; env::var(\"A\")", "environment std::env::var"),
        ("std::fs::read(\"a\")", "file std::fs::read"),
        ("let a: std::path::PathBuf = \"a\".into(); a.exists()", "file PathBuf::exists"),
        ("println!(\"{:?}\", std::fs::read(\"a\"))", "file std::fs::read"),
        ("std::net::TcpStream::connect(\"a\")", "network std::net::TcpStream::connect"),
        ("std::process::exit(1)", "process std::process::exit"),
        ("std::io::stdin().lines()", "stdin std::io::stdin"),
        ("unsafe { COUNT += 1 }; static mut COUNT: u64 = 0", "static p::calc::COUNT"),
        ("NEXT.fetch_add(1, Relaxed)", "static p::NEXT"),
        ("HELD.0.lock()", "static p::HELD"),
        ("NAMED.set(1)", "static p::NAMED"),
        ("LOCAL.with(|x| x.get())", "thread_local p::LOCAL"),
        ("unsafe { abs(1) }", "foreign p::abs"),
        ("type Clock = std::time::Instant; Clock::now()", "clock std::time::Instant::now"),
        ("<std::time::Instant>::now()", "clock std::time::Instant::now"),
        ("again::now()", "clock std::time::Instant::now"),
        ("macro_rules! now { () => { std::time::Instant::now() } } now!()", "clock std::time::Instant::now"),
        ("unknown!(std::time::Instant::now())", "clock std::time::Instant::now"),
        ("fn f(x: &std::fs::File) {} let _ = f", "file std::fs::File"),
    ];
    let around = "use std::sync::{Mutex, OnceLock, atomic::{AtomicU64, Ordering::Relaxed}};
static NEXT: AtomicU64 = AtomicU64::new(0);
pub struct Held(Mutex<Vec<u64>>);
static HELD: Held = Held(Mutex::new(Vec::new()));
static NAMED: OnceLock<u64> = OnceLock::new();
thread_local! { static LOCAL: std::cell::Cell<u64> = const { std::cell::Cell::new(1) }; }
unsafe extern \"C\" { fn abs(x: i32) -> i32; }
mod again { pub use std::time::Instant; pub fn now() -> Instant { Instant::now() } }
#[macro_export] macro_rules! unknown { ($e:expr) => { $e } }
";
    for (body, expected) in cases {
        assert_eq!(kinds(&(marked(body) + around)), [expected], "{body}");
    }
}

#[test]
fn what_only_looks_like_it_is_no_lint() {
    let code = "use std::{collections::HashMap, sync::{LazyLock, OnceLock}, time::Duration};
static TABLE: LazyLock<Vec<u64>> = LazyLock::new(Vec::new);
static MEMO: OnceLock<u64> = OnceLock::new();
pub struct Utc;
impl Utc { pub fn now() -> u64 { 1 } pub fn exists(&self) -> bool { true } }
fn now() -> u64 { 2 }
fn var(name: &str) -> u64 { name.len() as u64 }
mod fs { pub fn read(a: &str) -> u64 { a.len() as u64 } }
pub struct Failed(std::io::Error);
impl From<std::io::Error> for Failed { fn from(e: std::io::Error) -> Self { Failed(e) } }
pub struct Log { pub file: Option<std::fs::File> }
#[unsafe(no_mangle)] pub extern \"C\" fn ours() -> u64 { 3 }
unsafe extern \"C\" { safe fn ours() -> u64; }
fn unreached() -> std::time::Instant { std::time::Instant::now() }
/// checkpoint
pub fn calc(x: u64) -> Result<u64, Failed> {
    let map: HashMap<u64, u64> = HashMap::new();
    let address = std::net::Ipv4Addr::LOCALHOST;
    let wait = Duration::from_secs(1);
    let clock = \"std::time::Instant::now\";
    let n = TABLE.len() as u64 + MEMO.get_or_init(|| 4) + map.values().sum::<u64>() + clock.len() as u64;
    Ok(n + Utc::now() + now() + var(\"a\") + fs::read(\"b\") + u64::from(Utc.exists()) + x + wait.as_secs()
        + u64::from(address.octets()[0]) + std::mem::size_of::<Log>() as u64)
}
";
    assert_eq!(warnings(code), [""; 0]);
}

#[test]
fn a_mark_allows_and_a_kind_is_said_once() {
    let body = "{ std::time::Instant::now(); std::time::SystemTime::now(); std::env::args(); }";
    for (mark, expected) in [
        ("/// checkpoint", vec!["clock std::time::Instant::now", "environment std::env::args"]),
        ("/// checkpoint(allow(clock))", vec!["environment std::env::args"]),
        (
            "#[checkpointing::checkpoint(allow(environment), version = 2)]",
            vec!["clock std::time::Instant::now"],
        ),
        ("#[doc(alias = \"checkpoint(allow(clock, environment))\")]", vec![]),
    ] {
        let code = format!("{mark}\npub fn calc() {body}");
        let manifest = format!("{}[dependencies]\ncheckpointing = {{ path = \"c\" }}\n", super::MANIFEST);
        let place = Place::locked(
            &[
                ("Cargo.toml", &manifest),
                ("src/lib.rs", &code),
                ("c/Cargo.toml", "[package]\nname = \"checkpointing\"\nversion = \"0.1.0\"\n"),
                ("c/src/lib.rs", ""),
            ],
            "",
        );
        let found: Vec<String> = values(&place, &place.emit(), "warning");
        assert_eq!(found.len(), expected.len(), "{mark}: {found:?}");
        for (text, expected) in found.iter().zip(&expected) {
            let (kind, what) = expected.split_once(' ').expect("two words");
            assert!(text.contains(what) && text.ends_with(&format!("allow({kind}))")), "{text}");
        }
    }
    let unmarked = Place::package(&[("src/lib.rs", "/// checkpoint(allow(clocks))\npub fn calc() {}")]);
    let errors = values(&unmarked, &unmarked.emit(), "error");
    assert!(errors[0].contains("unknown lint `clocks`"), "{errors:?}");
}

#[test]
fn allowing_changes_no_fingerprint_and_no_option() {
    let code = |mark: &str| {
        format!("/// {mark}\npub fn calc() -> std::time::Instant {{ std::time::Instant::now() }}")
    };
    let [plain, allowed] = ["checkpoint", "checkpoint(allow(clock))"].map(|mark| {
        let place = Place::package(&[("src/lib.rs", &code(mark))]);
        place.emit();
        place.table()
    });
    assert_eq!(plain, allowed);
}

#[test]
fn the_nearest_place_is_told_also_behind_an_impl() {
    let code = "pub struct Guard;
impl Drop for Guard { fn drop(&mut self) { far() } }
fn far() { std::time::Instant::now(); }
/// checkpoint
pub fn calc() { let _guard = Guard; }
/// checkpoint
pub fn both() { let _guard = Guard; std::time::Instant::now(); }
";
    let found = warnings(code);
    assert!(found[0].contains("`p::calc`"), "{found:?}");
    assert!(
        found[0].contains("at src/lib.rs:3, through p::Guard -> p::<Guard as Drop>::drop -> p::far."),
        "{found:?}"
    );
    assert!(found[1].contains("`p::both`") && found[1].contains("at src/lib.rs:7. "), "{found:?}");
}

#[test]
fn a_path_dependency_whose_build_script_decides_is_told() {
    let manifest = format!("{}[dependencies]\nq = {{ path = \"q\" }}\n", super::MANIFEST);
    let q = "[package]\nname = \"q\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let place = Place::locked(
        &[
            ("Cargo.toml", &manifest),
            (
                "src/lib.rs",
                "/// checkpoint\npub fn calc() -> u64 { q::f() }\n/// checkpoint\npub fn other() -> u64 { q::g() }",
            ),
            ("q/Cargo.toml", q),
            ("q/build.rs", "fn main() {}"),
            (
                "q/src/lib.rs",
                "pub fn f() -> u64 {\n    if cfg!(has_cuda) { 1 } else { 2 }\n}\npub fn g() -> u64 { if cfg!(debug_assertions) { 1 } else { 2 } }",
            ),
        ],
        "",
    );
    let found = values(&place, &place.emit(), "warning");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("build script decides") && found[0].contains("cfg(has_cuda) at q/src/lib.rs:2"),
        "{found:?}"
    );
}
