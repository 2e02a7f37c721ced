//! Writes answers to stdout and everything else to stderr, coloured where that is wanted.

use crate::arguments::Global;
use crate::failure::{Failure, Result};
use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use bytesize::ByteSize;
use indicatif::{HumanDuration, ProgressBar};
use std::io::{self, BufWriter, Stdout, Write};
use std::time::{Duration, SystemTime};

pub(crate) const HEADER: Style = Style::new().bold();
pub(crate) const NAME: Style = AnsiColor::Cyan.on_default();
pub(crate) const DIM: Style = Style::new().dimmed();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Green.on_default().bold();

/// Where a command prints. As a writer, it is stdout.
pub(crate) struct Terminal {
    out: BufWriter<Stdout>,
    color: bool,
    error_color: bool,
    talk: Talk,
}

/// How much is said beside the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Talk {
    Errors,
    Warnings,
    Details,
}

impl Terminal {
    pub(crate) fn new(global: &Global) -> Self {
        let choice = match global.color {
            clap::ColorChoice::Auto => anstream::ColorChoice::Auto,
            clap::ColorChoice::Always => anstream::ColorChoice::AlwaysAnsi,
            clap::ColorChoice::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
        let is_on = |choice| choice != anstream::ColorChoice::Never;
        Terminal {
            out: BufWriter::new(io::stdout()),
            color: is_on(AutoStream::choice(&io::stdout())),
            error_color: is_on(AutoStream::choice(&io::stderr())),
            talk: match (global.quiet, global.verbose) {
                (true, _) => Talk::Errors,
                (false, true) => Talk::Details,
                (false, false) => Talk::Warnings,
            },
        }
    }

    /// Text for stdout.
    pub(crate) fn paint(&self, style: Style, text: impl AsRef<str>) -> String {
        painted(self.color, style, text.as_ref())
    }

    /// One object a line.
    pub(crate) fn json(&mut self, value: &impl serde::Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        writeln!(self.out)?;
        Ok(())
    }

    /// Says what may make the answer wrong.
    pub(crate) fn warn(&self, message: &str) {
        if self.talk >= Talk::Warnings {
            self.say(WARNING, "warning", message);
        }
    }

    /// Says what was done, to who asked for it.
    pub(crate) fn detail(&self, message: &str) {
        if self.talk >= Talk::Details {
            self.say(DIM, "note", message);
        }
    }

    /// Says what was done or what comes next. Not part of the answer, and after it.
    pub(crate) fn note(&mut self, message: &str) {
        if self.talk >= Talk::Warnings {
            // What cannot be written is said at the end.
            let _ = self.out.flush();
            self.say(HINT, "note", message);
        }
    }

    /// A bar on stderr, where that is a terminal.
    pub(crate) fn progress(&self, length: Option<usize>, message: &'static str) -> ProgressBar {
        let bar = match length {
            _ if self.talk == Talk::Errors => ProgressBar::hidden(),
            Some(length) => ProgressBar::new(length as u64),
            None => ProgressBar::new_spinner(),
        };
        bar.with_message(message)
    }

    /// Something that moves on stderr, where that is a terminal, until it is cleared.
    pub(crate) fn spinner(&self, message: &'static str) -> ProgressBar {
        let spinner = self.progress(None, message);
        spinner.enable_steady_tick(Duration::from_millis(100));
        spinner
    }

    pub(crate) fn fail(&self, failure: &Failure) {
        let chain = failure.chain();
        let (first, causes) = chain.split_first().map_or(("unknown", &[][..]), |(first, rest)| (first, rest));
        self.say(ERROR, "error", first);
        for cause in causes {
            self.say(DIM, "  caused by", cause);
        }
        if let Some(hint) = failure.hint() {
            self.say(HINT, "  hint", hint);
        }
    }

    fn say(&self, style: Style, word: &str, message: &str) {
        let word = painted(self.error_color, style, &format!("{word}:"));
        // A closed stderr is nobody to tell.
        let _ = writeln!(io::stderr(), "{word} {message}");
    }

    /// Writes what is left.
    pub(crate) fn finish(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn painted(color: bool, style: Style, text: &str) -> String {
    if color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

pub(crate) fn bytes(count: u64) -> String {
    ByteSize(count).display().iec().to_string()
}

/// Rounded to what says something.
pub(crate) fn took(time: Duration) -> String {
    format!("{time:.1?}")
}

/// RFC 3339.
pub(crate) fn date(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}

pub(crate) fn ago(time: SystemTime) -> String {
    let age = SystemTime::now().duration_since(time).unwrap_or_default();
    if age < Duration::from_secs(1) { "just now".to_owned() } else { format!("{} ago", HumanDuration(age)) }
}
