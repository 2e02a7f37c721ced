//! Lists the functions, types and methods that are known to look beyond arguments and code.
//!
//! A pattern is a full path. `..` in it stands for any modules between, since crates re-export what they
//! have; `?` for one last name in small letters, which is a function; `*` for one or more names.

use super::Kind;
use super::statics::State;
use std::cell::RefCell;
use std::collections::HashMap;

/// How an item uses a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Position {
    Value,
    Type,
    Macro,
    /// Among the tokens of a macro: whatever has that name.
    Token,
}

/// Functions and values.
const VALUES: [(Kind, &[&str]); 8] = [
    (
        Kind::Clock,
        &[
            "std::time::SystemTime::now",
            "std::time::SystemTime::elapsed",
            "std::time::Instant::now",
            "std::time::Instant::elapsed",
            "chrono::..::Utc::now",
            "chrono::..::Utc::today",
            "chrono::..::Local::now",
            "chrono::..::Local::today",
            "time::..::OffsetDateTime::now_utc",
            "time::..::OffsetDateTime::now_local",
            "time::..::UtcDateTime::now",
            "time::..::Instant::now",
            "jiff::..::Timestamp::now",
            "jiff::..::Zoned::now",
            "hifitime::..::Epoch::now",
            "tokio::time::..::Instant::now",
            "async_std::..::Instant::now",
            "web_time::..::now",
            "instant::..::now",
            "quanta::..::now",
            "coarsetime::..::now",
            "minstant::..::now",
        ],
    ),
    (
        Kind::Random,
        &[
            "std::..::RandomState::new",
            "std::..::RandomState::default",
            "rand::?",
            "rand::prelude::?",
            "rand::..::ThreadRng::*",
            "rand::..::OsRng",
            "rand::..::SysRng",
            "rand_core::..::OsRng",
            "getrandom::*",
            "fastrand::?",
            "fastrand::..::Rng::new",
            "fastrand::..::Rng::default",
            "uuid::..::Uuid::new_v1",
            "uuid::..::Uuid::new_v4",
            "uuid::..::Uuid::new_v6",
            "uuid::..::Uuid::new_v7",
            "uuid::..::Uuid::now_v1",
            "uuid::..::Uuid::now_v6",
            "uuid::..::Uuid::now_v7",
            "ulid::..::Ulid::new",
            "nanoid::..::nanoid",
            "ahash::..::RandomState::new",
            "ahash::..::RandomState::default",
            // Traits of `rand_core`, on any generator.
            "*::from_entropy",
            "*::from_os_rng",
        ],
    ),
    (
        Kind::Environment,
        &[
            "std::env::args",
            "std::env::args_os",
            "std::env::var",
            "std::env::var_os",
            "std::env::vars",
            "std::env::vars_os",
            "std::env::set_var",
            "std::env::remove_var",
            "std::env::current_dir",
            "std::env::set_current_dir",
            "std::env::current_exe",
            "std::env::home_dir",
            "std::env::temp_dir",
            "std::thread::available_parallelism",
            "std::path::absolute",
            "num_cpus::?",
            "whoami::?",
            "hostname::?",
            "gethostname::?",
            "dirs::?",
            "home::?",
            "directories::..::BaseDirs::*",
            "directories::..::ProjectDirs::*",
            "directories::..::UserDirs::*",
            "sys_locale::?",
            "iana_time_zone::?",
            "jiff::..::TimeZone::system",
            "sysinfo::*",
            "dotenv::?",
            "dotenvy::?",
        ],
    ),
    (
        Kind::File,
        &[
            "std::fs::?",
            "std::fs::File::*",
            "std::fs::OpenOptions::*",
            "std::fs::DirBuilder::*",
            "std::path::Path::exists",
            "std::path::Path::try_exists",
            "std::path::Path::is_file",
            "std::path::Path::is_dir",
            "std::path::Path::is_symlink",
            "std::path::Path::metadata",
            "std::path::Path::symlink_metadata",
            "std::path::Path::read_dir",
            "std::path::Path::read_link",
            "std::path::Path::canonicalize",
            "std::os::unix::fs::?",
            "std::os::windows::fs::?",
            "tokio::fs::?",
            "tokio::fs::..::File::*",
            "tokio::fs::..::OpenOptions::*",
            "async_std::fs::?",
            "async_std::fs::..::File::*",
            "async_fs::*",
            "fs_err::*",
            "tempfile::*",
            "memmap2::..::Mmap::*",
            "memmap2::..::MmapMut::*",
            "memmap2::..::MmapOptions::*",
            "walkdir::..::WalkDir::*",
            "ignore::..::Walk::*",
            "ignore::..::WalkBuilder::*",
            "glob::glob",
            "glob::glob_with",
            "csv::..::Reader::from_path",
            "csv::..::Writer::from_path",
            "image::open",
            "image::..::ImageReader::open",
            "rusqlite::..::Connection::open",
        ],
    ),
    (
        Kind::Network,
        &[
            "std::net::TcpStream::*",
            "std::net::TcpListener::*",
            "std::net::UdpSocket::*",
            "std::net::ToSocketAddrs::to_socket_addrs",
            "std::os::unix::net::*",
            "tokio::net::*",
            "async_std::net::..::TcpStream::*",
            "async_std::net::..::UdpSocket::*",
            "socket2::..::Socket::*",
            "reqwest::get",
            "reqwest::blocking::get",
            "reqwest::..::Client::*",
            "reqwest::..::ClientBuilder::*",
            "ureq::?",
            "ureq::..::Agent::*",
            "hyper::..::Client::*",
            "hyper_util::client::*",
            "isahc::?",
            "surf::?",
            "attohttpc::?",
            "minreq::?",
            "curl::easy::*",
            "tungstenite::..::connect",
            "tonic::..::Channel::*",
            "redis::..::Client::*",
            "postgres::..::Client::*",
            "tokio_postgres::..::connect",
            "mysql::..::Pool::*",
            "mongodb::..::Client::*",
            "sqlx::..::connect",
        ],
    ),
    (
        Kind::Process,
        &[
            "std::process::?",
            "std::process::Command::*",
            "std::process::Child::*",
            "tokio::process::*",
            "async_process::*",
            "duct::*",
            "xshell::*",
            "nix::unistd::fork",
            "ctrlc::?",
        ],
    ),
    (
        Kind::Stdin,
        &[
            "std::io::stdin",
            "std::io::Stdin::*",
            "std::io::..::StdinLock::*",
            "tokio::io::..::stdin",
            "async_std::io::..::stdin",
            "rpassword::?",
            "dialoguer::*",
            "inquire::*",
            "rustyline::*",
        ],
    ),
    (Kind::Foreign, &["libc::?", "windows_sys::..::?", "winapi::..::?", "nix::..::?", "rustix::..::?"]),
];

/// Types: a function that names one has such a value.
const TYPES: [(Kind, &[&str]); 6] = [
    (Kind::Random, &["rand::..::ThreadRng", "rand::..::OsRng", "rand::..::SysRng", "rand_core::..::OsRng"]),
    (
        Kind::File,
        &[
            "std::fs::File",
            "std::fs::OpenOptions",
            "std::fs::ReadDir",
            "std::fs::DirEntry",
            "tokio::fs::..::File",
            "memmap2::..::Mmap",
            "walkdir::..::WalkDir",
        ],
    ),
    (
        Kind::Network,
        &[
            "std::net::TcpStream",
            "std::net::TcpListener",
            "std::net::UdpSocket",
            "std::os::unix::net::UnixStream",
            "tokio::net::..::TcpStream",
            "tokio::net::..::UdpSocket",
            "reqwest::..::Client",
            "reqwest::..::Response",
            "ureq::..::Agent",
            "redis::..::Connection",
            "redis::..::Client",
            "postgres::..::Client",
            "tokio_postgres::..::Client",
        ],
    ),
    (Kind::Process, &["std::process::Command", "std::process::Child", "tokio::process::..::Command"]),
    (Kind::Stdin, &["std::io::Stdin", "std::io::StdinLock"]),
    (Kind::Environment, &["std::env::Args", "std::env::Vars", "sysinfo::..::System"]),
];

const MACROS: [(Kind, &[&str]); 2] =
    [(Kind::Random, &["nanoid::nanoid", "uuid::..::new_v4"]), (Kind::Process, &["xshell::cmd", "duct::cmd"])];

/// Methods of the standard library's types.
const METHODS: [(Kind, &[&str], &[&str]); 5] = [
    (Kind::Clock, &["SystemTime", "Instant"], &["elapsed"]),
    (
        Kind::File,
        &["Path", "PathBuf"],
        &[
            "exists",
            "try_exists",
            "is_file",
            "is_dir",
            "is_symlink",
            "metadata",
            "symlink_metadata",
            "read_dir",
            "read_link",
            "canonicalize",
        ],
    ),
    (Kind::Process, &["Command"], &["spawn", "output", "status"]),
    (Kind::Stdin, &["Stdin"], &["lock", "lines", "read_line"]),
    (Kind::Network, &["TcpStream", "UdpSocket", "TcpListener"], &["read", "write", "recv", "send", "accept"]),
];

/// Types that let a static be written. The first list: once.
const CELLS: [(State, &[&str]); 2] = [
    (State::WrittenOnce, &["std::..::OnceLock", "std::..::OnceCell", "once_cell::..::OnceCell"]),
    (
        State::Written,
        &[
            "std::..::Mutex",
            "std::..::RwLock",
            "std::..::Cell",
            "std::..::RefCell",
            "std::..::UnsafeCell",
            "std::..::SyncUnsafeCell",
            "std::..::Condvar",
            "std::sync::atomic::*",
            "parking_lot::..::Mutex",
            "parking_lot::..::RwLock",
            "parking_lot::..::ReentrantMutex",
            "tokio::sync::..::Mutex",
            "tokio::sync::..::RwLock",
            "crossbeam::..::AtomicCell",
            "crossbeam_utils::..::AtomicCell",
            "portable_atomic::*",
            "arc_swap::*",
            "dashmap::..::DashMap",
            "dashmap::..::DashSet",
            "spin::..::Mutex",
            "spin::..::RwLock",
        ],
    ),
];

/// What a use of a path in another crate means.
/// What paths mean, each looked up once: a package names few paths of others, and names them often.
#[derive(Default)]
pub(crate) struct Paths(RefCell<HashMap<Position, HashMap<String, Option<Kind>>>>);

impl Paths {
    pub(super) fn kind(&self, full: &str, position: Position) -> Option<Kind> {
        let mut known = self.0.borrow_mut();
        let known = known.entry(position).or_default();
        if let Some(kind) = known.get(full) {
            return *kind;
        }
        let kind = path(full, position);
        known.insert(full.to_owned(), kind);
        kind
    }
}

fn path(full: &str, position: Position) -> Option<Kind> {
    let segments = segments(full);
    let find = |lists: &[(Kind, &[&str])]| {
        let list = lists.iter().find(|(_, patterns)| patterns.iter().any(|p| matches(p, &segments)));
        list.map(|(kind, _)| *kind)
    };
    match position {
        Position::Value => find(&VALUES),
        Position::Type => find(&TYPES),
        Position::Macro => find(&MACROS),
        Position::Token => find(&VALUES).or_else(|| find(&TYPES)),
    }
}

/// Whether some type has such a method: most names need no look at the receiver.
pub(super) fn has_method(name: &str) -> bool {
    METHODS.iter().any(|(_, _, methods)| methods.contains(&name))
}

/// What a method of a type of the standard library means.
pub(super) fn method(ty: &str, name: &str) -> Option<Kind> {
    let found = METHODS.iter().find(|(_, types, methods)| types.contains(&ty) && methods.contains(&name));
    found.map(|(kind, ..)| *kind)
}

/// How a static with this type in it can be written.
pub(super) fn cell(full: &str) -> Option<State> {
    let segments = segments(full);
    let found = CELLS.iter().filter(|(_, patterns)| patterns.iter().any(|p| matches(p, &segments)));
    found.map(|(state, _)| *state).max()
}

pub(super) fn is_lazy_static(full: &str) -> bool {
    full == "lazy_static::lazy_static"
}

/// The standard library has one name here.
fn segments(full: &str) -> Vec<&str> {
    let mut segments: Vec<&str> = full.split("::").collect();
    if let Some(first) = segments.first_mut().filter(|first| matches!(**first, "core" | "alloc")) {
        *first = "std";
    }
    segments
}

fn matches(pattern: &str, path: &[&str]) -> bool {
    let parts: Vec<&str> = pattern.split("::").collect();
    let is_function = |name: &str| name.starts_with(|c: char| c.is_lowercase() || c == '_');
    match parts.as_slice() {
        ["*", last] => path.len() > 1 && path.last() == Some(last),
        [before @ .., "*"] => {
            (before.len()..path.len()).any(|end| ends_like(before, &path[..end], &|part, name| part == name))
        }
        _ => ends_like(&parts, path, &|part, name| {
            if part == "?" { is_function(name) } else { part == name }
        }),
    }
}

/// Whether a path is as a pattern says that has at most one `..`.
fn ends_like(parts: &[&str], path: &[&str], same: &dyn Fn(&str, &str) -> bool) -> bool {
    let equal = |parts: &[&str], path: &[&str]| {
        parts.len() == path.len() && parts.iter().zip(path).all(|(part, name)| same(part, name))
    };
    match parts.iter().position(|part| *part == "..") {
        Some(at) => {
            let (before, after) = (&parts[..at], &parts[at + 1..]);
            path.len() >= before.len() + after.len()
                && equal(before, &path[..before.len()])
                && equal(after, &path[path.len() - after.len()..])
        }
        None => equal(parts, path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        let value = |full| path(full, Position::Value);
        assert_eq!(value("std::time::Instant::now"), Some(Kind::Clock));
        assert_eq!(value("core::time::Duration::from_secs"), None);
        assert_eq!(value("chrono::Utc::now"), Some(Kind::Clock));
        assert_eq!(value("chrono::offset::utc::Utc::now"), Some(Kind::Clock));
        assert_eq!(value("chrono::Utc::nowhere"), None);
        assert_eq!(value("std::env::var"), Some(Kind::Environment));
        assert_eq!(value("std::env::consts::OS"), None);
        assert_eq!(value("std::fs::File::open"), Some(Kind::File));
        assert_eq!(value("std::net::Ipv4Addr::LOCALHOST"), None);
        assert_eq!(value("libc::getpid"), Some(Kind::Foreign));
        assert_eq!(value("libc::EINVAL"), None);
        assert_eq!(value("rand::rngs::StdRng::from_os_rng"), Some(Kind::Random));
        assert_eq!(value("rand::rngs::StdRng::seed_from_u64"), None);
        assert_eq!(path("std::fs::File", Position::Type), Some(Kind::File));
        assert_eq!(path("std::io::Error", Position::Type), None);
    }

    #[test]
    fn cells_are_told_by_how_often_they_are_written() {
        assert_eq!(cell("std::sync::OnceLock"), Some(State::WrittenOnce));
        assert_eq!(cell("core::sync::atomic::AtomicUsize"), Some(State::Written));
        assert_eq!(cell("std::sync::LazyLock"), None);
    }
}
