//! Tests the calls of trait methods that are named by the trait's path, so that their arguments say whose they are.
//!
//! The future of an `async fn` is of no known type until then, nor is a result that an impl names more closely.

use kept::{bypass, cached, checkpoint, forget, handle, peek, put, rerun};
use serde::Serialize;
use std::cell::Cell;
use std::fmt::Debug;
use std::num::ParseIntError;
use std::pin::pin;
use std::sync::Once;
use std::task::{Context, Poll, Waker};

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn ran() {
    RUNS.set(RUNS.get() + 1);
}

/// The result of a future, and how often a body ran in it.
fn runs<F: Future>(future: F) -> (F::Output, usize) {
    static FRESH: Once = Once::new();
    FRESH.call_once(|| {
        let folder = format!("{}/traits-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        kept::configure(kept::Config::new().directory(folder)).unwrap();
    });
    let before = RUNS.get();
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return (result, RUNS.get() - before);
        }
    }
}

#[derive(Serialize)]
struct Sensor(u8);

trait Read {
    async fn marked(&self) -> u8;
    async fn wrapped(&self) -> u8;

    // table: <*~as~Read>::by_default generic -
    #[checkpoint]
    async fn by_default(&self) -> u8
    where
        Self: Sized + Serialize,
    {
        ran();
        3
    }

    async fn borrows<'a>(&'a self, text: &'a str, more: &[f64]) -> Result<usize, ParseIntError>;
    fn promises(&self) -> impl Future<Output = u8>;
    fn shows(&self) -> impl Debug;

    async fn of_itself(&self) -> [u8; 2]
    where
        Self: Sized + Serialize,
    {
        [cached!(Self::marked(self).await), cached!(Read::marked(self).await)]
    }
}

impl Read for Sensor {
    // table: <Sensor~as~Read>::marked - -
    #[doc = "checkpoint"]
    async fn marked(&self) -> u8 {
        ran();
        self.0 + 1
    }

    // table: <Sensor~as~Read>::wrapped - -
    #[checkpoint]
    async fn wrapped(&self) -> u8 {
        ran();
        self.0 + 2
    }

    // table: <Sensor~as~Read>::borrows - -
    #[doc = "checkpoint"]
    async fn borrows<'a>(&'a self, text: &'a str, more: &[f64]) -> Result<usize, ParseIntError> {
        ran();
        Ok(text.parse::<usize>()? + more.len())
    }

    // table: <Sensor~as~Read>::promises - -
    #[doc = "checkpoint"]
    async fn promises(&self) -> u8 {
        ran();
        self.0 + 4
    }

    // table: <Sensor~as~Read>::shows - -
    #[doc = "checkpoint"]
    #[allow(refining_impl_trait)]
    fn shows(&self) -> u8 {
        ran();
        self.0 + 5
    }
}

trait Convert<T> {
    type Shown;
    async fn into(&self, value: T) -> T;
    async fn shown(&self) -> Self::Shown;
}

impl Convert<u16> for Sensor {
    type Shown = String;

    // table: <Sensor~as~Convert>::into - -
    #[doc = "checkpoint"]
    async fn into(&self, value: u16) -> u16 {
        ran();
        value * 10
    }

    // table: <Sensor~as~Convert>::shown - -
    #[doc = "checkpoint"]
    async fn shown(&self) -> String {
        ran();
        format!("{}", self.0)
    }
}

impl Convert<u32> for Sensor {
    type Shown = u32;

    // table: <Sensor~as~Convert>::into - -
    #[doc = "checkpoint"]
    async fn into(&self, value: u32) -> u32 {
        ran();
        value * 100
    }

    // table: <Sensor~as~Convert>::shown - -
    #[doc = "checkpoint"]
    async fn shown(&self) -> u32 {
        ran();
        u32::from(self.0)
    }
}

#[test]
fn an_async_method_with_either_mark() {
    let mut sensor = Sensor(1);
    let call = || async { (cached!(Read::marked(&sensor).await), cached!(Read::wrapped(&sensor).await)) };
    assert_eq!(runs(call()), ((2, 3), 2));
    assert_eq!(runs(call()), ((2, 3), 0));
    assert_eq!(runs(async { cached!(Read::marked(&mut sensor).await) }), (2, 0), "it declares no `&mut`");
    let rerun = async { (rerun!(Read::marked(&sensor).await), rerun!(Read::wrapped(&sensor).await)) };
    assert_eq!(runs(rerun), ((2, 3), 2));
    let bypass = async { (bypass!(Read::marked(&sensor).await), bypass!(Read::wrapped(&sensor).await)) };
    assert_eq!(runs(bypass), ((2, 3), 2));
}

#[test]
fn a_default_body() {
    let sensor = Sensor(2);
    assert_eq!(
        runs(async { (cached!(Read::by_default(&sensor).await), sensor.by_default().await) }),
        ((3, 3), 1)
    );
    assert_eq!(runs(async { rerun!(Read::by_default(&sensor).await) }), (3, 1));
}

#[test]
fn what_is_stored_is_looked_at_removed_and_set() {
    let sensor = Sensor(3);
    macro_rules! verbs {
        ($method:ident) => {
            async {
                assert_eq!(peek!(Read::$method(&sensor).await), None);
                put!(Read::$method(&sensor).await, 40);
                assert_eq!(peek!(Read::$method(&sensor).await), Some(40));
                assert!(forget!(Read::$method(&sensor).await));
                assert!(!forget!(Read::$method(&sensor).await));
            }
        };
    }
    assert_eq!(runs(verbs!(marked)), ((), 0));
    assert_eq!(runs(verbs!(wrapped)), ((), 0));
    assert_eq!(runs(verbs!(by_default)), ((), 0));
}

#[test]
fn inside_of_the_trait_and_in_generic_functions() {
    async fn generic<R: Read + Serialize>(read: &R) -> [u8; 2] {
        [cached!(R::marked(read).await), cached!(Read::marked(read).await)]
    }
    let sensor = Sensor(4);
    assert_eq!(runs(sensor.of_itself()), ([5, 5], 1));
    assert_eq!(runs(generic(&sensor)), ([5, 5], 0));
}

#[test]
fn results_that_the_impl_or_the_arguments_decide() {
    let sensor = Sensor(5);
    let text = String::from("7");
    let borrows = || async { cached!(Read::borrows(&sensor, &text, &[vec![1.0, 2.0]].concat()).await) };
    assert_eq!(runs(async { (borrows().await, borrows().await) }), ((Ok(9), Ok(9)), 1));
    let promises = || async { cached!(Read::promises(&sensor).await) };
    assert_eq!(runs(async { (promises().await, promises().await) }), ((9, 9), 1));
    assert_eq!(runs(async { (cached!(Read::shows(&sensor)), cached!(Read::shows(&sensor))) }), ((10, 10), 1));
    let of_two = || async {
        (cached!(Convert::<u16>::into(&sensor, 1).await), cached!(Convert::into(&sensor, 1_u32).await))
    };
    assert_eq!(runs(async { (of_two().await, of_two().await) }), (((10, 100), (10, 100)), 2));
    assert_eq!(runs(async { cached!(Convert::<u16>::shown(&sensor).await) }), ("5".into(), 1));
}

#[test]
fn a_handle_names_the_type() {
    let sensor = Sensor(6);
    let marked = handle!(<Sensor as Read>::marked(_).await);
    assert_eq!(
        runs(async { (marked.call((&sensor,)).await, marked.peek((&sensor,)).await) }),
        ((7, Some(7)), 1)
    );
}
