//! Tests `peek!`, `forget!`, `put!` and `bypass!` with either mark.

use kept::{bypass, cached, checkpoint, forget, handle, peek, put, rerun};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn ran() {
    RUNS.set(RUNS.get() + 1);
}

fn runs<R>(body: impl FnOnce() -> R) -> (R, usize) {
    use std::sync::Once;
    static FRESH: Once = Once::new();
    FRESH.call_once(|| {
        let folder = format!("{}/verbs-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        kept::configure(kept::Config::new().directory(folder)).unwrap();
    });
    let before = RUNS.get();
    let result = body();
    (result, RUNS.get() - before)
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return result;
        }
    }
}

#[derive(Debug, PartialEq)]
struct NotSerde;

type Parsed<T> = Result<T, NotSerde>;

/// As postcard it could be read as another value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Gap {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    a: Option<u8>,
    b: u8,
}

mod doc {
    use super::{Gap, NotSerde, Parsed, ran};

    // table: verbs::doc::calc - -
    #[doc = "checkpoint"]
    pub fn calc(a: i64, b: i64) -> i64 {
        ran();
        a + b
    }

    // table: verbs::doc::parse - -
    #[doc = "checkpoint"]
    pub fn parse(text: &str) -> Parsed<i64> {
        ran();
        text.parse().map_err(|_| NotSerde)
    }

    // table: verbs::doc::fetch - -
    #[doc = "checkpoint"]
    pub async fn fetch(name: &str) -> Parsed<String> {
        ran();
        std::future::ready(()).await;
        Ok(name.to_owned())
    }

    // table: verbs::doc::gap - format="json"
    #[doc = "checkpoint(format = json)"]
    pub fn gap(b: u8) -> Gap {
        ran();
        Gap { a: None, b }
    }
}

mod attribute {
    use super::{Gap, NotSerde, Parsed, checkpoint, ran};

    // table: verbs::attribute::calc - -
    #[checkpoint]
    pub fn calc(a: i64, b: i64) -> i64 {
        ran();
        a + b
    }

    // table: verbs::attribute::parse - -
    #[checkpoint(extra = text.len() as u64)]
    pub fn parse(text: &str) -> Parsed<i64> {
        ran();
        text.parse().map_err(|_| NotSerde)
    }

    // table: verbs::attribute::fetch - -
    #[checkpoint]
    pub async fn fetch(name: &str) -> Parsed<String> {
        ran();
        std::future::ready(()).await;
        Ok(name.to_owned())
    }

    // table: verbs::attribute::gap - -
    #[checkpoint(format = json)]
    pub fn gap(b: u8) -> Gap {
        ran();
        Gap { a: None, b }
    }
}

/// The same test for both marks.
macro_rules! for_both {
    ($($test:ident $module:ident;)*) => {$(
        #[test]
        fn $test() {
            let ((), none) = runs(|| {
                assert_eq!(peek!($module::calc(1, 2)), None);
                assert!(!forget!($module::calc(1, 2)));
                put!($module::calc(1, 2), 30);
                assert_eq!(peek!($module::calc(1, 2)), Some(30));
                assert_eq!(peek!($module::calc(2, 1)), None);
                assert_eq!(cached!($module::calc(1, 2)), 30);
                assert!(forget!($module::calc(1, 2)));
                assert_eq!(peek!($module::calc(1, 2)), None);
                assert_eq!(peek!($module::calc(1, 2), extra = 1), None);
                put!($module::calc(1, 2), 40, extra = 1);
                assert_eq!(peek!($module::calc(1, 2), extra = 1), Some(40));
            });
            assert_eq!(none, 0, "nothing of it runs the function");
            assert_eq!(runs(|| (cached!($module::calc(1, 2)), peek!($module::calc(1, 2)))), ((3, Some(3)), 1));
            put!($module::calc(1, 2), 30);
            assert_eq!(runs(|| (bypass!($module::calc(1, 2)), cached!($module::calc(1, 2)))), ((3, 30), 1));
            assert_eq!(runs(|| (rerun!($module::calc(1, 2)), peek!($module::calc(1, 2)))), ((3, Some(3)), 1));

            let ((), none) = runs(|| {
                assert_eq!(peek!($module::parse("7")), None);
                put!($module::parse("7"), 8);
                assert_eq!(peek!($module::parse("7")), Some(8));
                assert_eq!(cached!($module::parse("7")), Ok(8));
                assert!(forget!($module::parse("7")));
            });
            assert_eq!(none, 0);

            let ((), none) = runs(|| {
                block_on(async {
                    assert_eq!(peek!($module::fetch("a").await), None);
                    put!($module::fetch("a").await, String::from("b"));
                    assert_eq!(peek!($module::fetch("a").await).as_deref(), Some("b"));
                    assert_eq!(cached!($module::fetch("a").await).unwrap(), "b");
                    assert!(forget!($module::fetch("a").await));
                    assert!(!forget!($module::fetch("a").await));
                });
            });
            assert_eq!(none, 0);
            assert_eq!(runs(|| block_on(async { bypass!($module::fetch("a").await) })).1, 1);

            let calc = handle!($module::calc(_, _));
            assert_eq!(runs(|| (calc.forget((1, 2)), calc.peek((1, 2)))), ((true, None), 0));
            assert_eq!(runs(|| (calc.call((1, 2)), calc.call((1, 2)), calc.peek((1, 2)))), ((3, 3, Some(3)), 1));
            assert_eq!(runs(|| cached!($module::calc(1, 2))), (3, 0), "the macros find the same");
            assert_eq!(runs(|| (calc.rerun((1, 2)), calc.bypass((1, 2)))), ((3, 3), 2));
            calc.put((1, 2), 50);
            assert_eq!(runs(|| (calc.call((1, 2)), calc.fingerprint().is_ok())), ((50, true), 0));
            let parse = handle!($module::parse(_), version = 2);
            assert_eq!(runs(|| (parse.call(("7",)), parse.call((&String::from("7"),)))), ((Ok(7), Ok(7)), 1));
            assert_eq!(runs(|| (parse.peek(("7",)), parse.call(("x",)))), ((Some(7), Err(NotSerde)), 1));
            let fetch = handle!($module::fetch(_).await);
            let both = || block_on(async { (fetch.call(("h",)).await.unwrap(), fetch.peek(("h",)).await) });
            assert_eq!(runs(both), (("h".into(), Some("h".into())), 1));
            assert_eq!(runs(both).1, 0);
            assert_eq!(runs(|| block_on(fetch.forget(("h",)))), (true, 0));
            block_on(fetch.put(("h",), String::from("i")));
            assert_eq!(runs(both).1, 0);
            assert_eq!(runs(|| block_on(async { (fetch.bypass(("h",)).await, fetch.rerun(("h",)).await) })).1, 2);

            put!($module::gap(1), Gap { a: None, b: 9 });
            assert_eq!(runs(|| cached!($module::gap(1))), (Gap { a: None, b: 9 }, 0));
        }
    )*};
}

for_both! {
    with_a_doc_mark doc;
    with_the_attribute attribute;
}

#[checkpoint]
fn around(x: i64) -> i64 {
    ran();
    attribute::calc(x, 10)
}

#[test]
fn one_function_is_meant_and_none_below_it() {
    assert_eq!(runs(|| around(1)), (11, 2));
    assert_eq!(runs(|| bypass!(around(1))), (11, 1));
    assert!(forget!(around(1)));
    assert_eq!(runs(|| around(1)), (11, 1));
}

fn unmarked(x: u8) -> u8 {
    ran();
    x
}

#[test]
fn a_function_that_is_not_in_the_table_does_not_run() {
    let asked = || {
        assert_eq!(peek!(unmarked(1)), None);
        assert!(!forget!(unmarked(1)));
        put!(unmarked(1), 2);
    };
    assert_eq!(runs(asked).1, 0);
    let raised = std::panic::catch_unwind(|| peek!(unmarked(1), on_error = raise)).unwrap_err();
    assert!(raised.downcast_ref::<String>().unwrap().contains("`verbs::unmarked` is not cached"));
}

#[test]
#[should_panic(expected = "in hash_with")]
fn panics_of_the_marks_code_pass() {
    fn fails(_: &String) -> u8 {
        panic!("in hash_with")
    }
    // table: verbs::panics_of_the_marks_code_pass::marked - -
    #[checkpoint(hash_with(x = fails))]
    fn marked(x: String) -> String {
        x
    }
    peek!(marked(String::new()));
}

// table: - - expires="1"
#[doc = "checkpoint(expires = 1s)"]
fn short(x: u8) -> u8 {
    ran();
    x
}

#[checkpoint(expires = "1s")]
fn shorter(x: u8) -> u8 {
    ran();
    x
}

#[test]
fn what_expired_is_computed_again() {
    assert_eq!(runs(|| (cached!(short(1)), cached!(short(1)), shorter(1), shorter(1))).1, 2);
    assert_eq!(runs(|| (peek!(short(1)), peek!(shorter(1)))), ((Some(1), Some(1)), 0));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(runs(|| (peek!(short(1)), peek!(shorter(1)))), ((None, None), 0));
    assert_eq!(runs(|| (cached!(short(1), expires = 1h), cached!(shorter(1), expires = "1h"))).1, 0);
    assert_eq!(runs(|| (cached!(short(1)), cached!(short(1)), shorter(1), shorter(1))).1, 2);
}

// table: - generic -
#[doc = "checkpoint"]
fn count<T: Serialize>(values: &[T]) -> usize {
    ran();
    values.len()
}

#[test]
fn a_handle_takes_references_of_any_life() {
    let count = handle!(count::<u8>(_));
    let twice = |count: &kept::Handle<_, usize, usize>| {
        let values = [1, 2, 3];
        count.call((&values[..],))
    };
    assert_eq!(runs(|| (twice(&count), twice(&count))), ((3, 3), 1));
}
