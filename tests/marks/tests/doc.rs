//! Tests that `cached!` and `rerun!` cache functions with a doc mark, and only at that call.

use kept::{Config, cached, call, checkpoint, configure, rerun, table, try_call};
use serde::Serialize;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Once;

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn ran() {
    RUNS.set(RUNS.get() + 1);
}

fn runs<R>(body: impl FnOnce() -> R) -> (R, usize) {
    static FRESH: Once = Once::new();
    FRESH.call_once(|| {
        let folder = format!("{}/doc-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        configure(Config::new().directory(folder)).unwrap();
    });
    let before = RUNS.get();
    let result = body();
    (result, RUNS.get() - before)
}

#[doc = "checkpoint"]
fn calc(a: i64, b: i64) -> i64 {
    ran();
    a + b
}

#[test]
fn the_call_says_that_it_is_cached() {
    assert_eq!(runs(|| (cached!(calc(1, 2)), cached!(calc(1, 2)))), ((3, 3), 1));
    assert_eq!(runs(|| calc(1, 2)), (3, 1), "a plain call");
    assert_eq!(runs(|| rerun!(calc(1, 2))), (3, 1));
    assert_eq!(runs(|| (call(table!(), calc, (1, 2)), cached!(calc(1, 2)))), ((3, 3), 0));
}

#[doc = "checkpoint"]
fn sum(values: &[f64], name: &str) -> f64 {
    ran();
    values.iter().sum::<f64>() + f64::from(u32::try_from(name.len()).unwrap())
}

#[test]
fn arguments_are_those_that_the_function_declares() {
    let (vec, name) = (vec![1.0, 2.0], String::from("ab"));
    assert_eq!(runs(|| (cached!(sum(&vec, &name)), cached!(sum(&[1.0, 2.0], "ab")))), ((5.0, 5.0), 1));
    // A temporary lives as long as the call.
    assert_eq!(runs(|| cached!(sum(&[vec![1.0; 3]].concat(), &format!("{}", 7)))), (4.0, 1));
}

#[test]
fn arguments_are_evaluated_once_and_in_order() {
    let () = runs(|| ()).0;
    let order = std::cell::RefCell::new(Vec::new());
    let next = |x: i64| {
        order.borrow_mut().push(x);
        x
    };
    let sum = cached!(calc(next(10), next(20)), extra = next(5));
    assert_eq!((sum, order.into_inner()), (30, vec![5, 10, 20]));
}

#[derive(Serialize)]
struct Model {
    rate: f64,
}

impl Model {
    // table: doc::Model::fit - -
    #[doc = "checkpoint"]
    fn fit(&self, x: f64) -> f64 {
        ran();
        self.rate * x
    }
}

trait Fit {
    fn double(&self) -> f64;
}

impl Fit for Model {
    // table: <doc::Model~as~doc::Fit>::double - -
    #[doc = "checkpoint"]
    fn double(&self) -> f64 {
        ran();
        self.rate * 2.0
    }
}

// table: - generic -
#[doc = "checkpoint"]
fn count<T: Serialize + Clone>(values: &[T], _more: Option<T>) -> usize {
    ran();
    values.len()
}

fn counted<T: Serialize + Clone>(values: &[T]) -> usize {
    cached!(count(values, None))
}

#[test]
fn methods_and_generic_functions_by_path() {
    let model = Model { rate: 2.0 };
    assert_eq!(
        runs(|| (cached!(Model::fit(&model, 3.0)), cached!(Model::fit(&model, 3.0)))),
        ((6.0, 6.0), 1)
    );
    assert_eq!(
        runs(|| (cached!(<Model as Fit>::double(&model)), cached!(Fit::double(&model)))),
        ((4.0, 4.0), 1)
    );
    assert_eq!(
        runs(|| (cached!(count(&[1_u8, 2], Some(3))), cached!(count::<u8>(&[1, 2], Some(3))))),
        ((2, 2), 1)
    );
    // One call site, several instantiations.
    assert_eq!(runs(|| (counted(&[1_u8]), counted(&[1_u16]), counted(&[1_u8]))), ((1, 1, 1), 2));
}

#[derive(Debug)]
struct NotSerde;

type Parsed<T> = Result<T, NotSerde>;

#[doc = "checkpoint"]
fn parse(text: &str) -> Parsed<i64> {
    ran();
    text.parse().map_err(|_| NotSerde)
}

#[test]
fn only_ok_is_stored() -> Result<(), NotSerde> {
    let value = runs(|| cached!(parse("5"))).0?;
    assert_eq!(runs(|| cached!(parse("5"))?.checked_add(value).ok_or(NotSerde)).1, 0);
    assert_eq!(runs(|| (cached!(parse("x")).is_err(), cached!(parse("x")).is_err())).1, 2);
    assert_eq!(runs(|| try_call(table!(), parse, ("5",)).unwrap()), (5, 0));
    Ok(())
}

#[doc = "checkpoint"]
async fn fetch(name: &str) -> Parsed<String> {
    ran();
    std::future::ready(()).await;
    if name.is_empty() { Err(NotSerde) } else { Ok(name.to_owned()) }
}

#[test]
fn async_functions_with_the_await_inside() {
    fn now<F: Future>(future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        loop {
            if let std::task::Poll::Ready(result) = future.as_mut().poll(&mut context) {
                return result;
            }
        }
    }
    let call = || now(async { cached!(fetch("a").await).unwrap() });
    assert_eq!(runs(|| (call(), call())), (("a".into(), "a".into()), 1));
    assert_eq!(runs(|| now(async { rerun!(fetch("a").await).unwrap() })), ("a".into(), 1));
}

// table: - - ignore="1"~version="3"
#[doc = "checkpoint(ignore(threads), version = 3)"]
fn train(rows: usize, threads: usize) -> usize {
    ran();
    rows * threads
}

#[test]
fn options_on_the_mark_and_in_the_call() {
    assert_eq!(runs(|| (cached!(train(2, 3)), cached!(train(2, 5)))), ((6, 6), 1));
    assert_eq!(runs(|| cached!(train(2, 5), version = 4)), (10, 1));
    assert_eq!(runs(|| (cached!(train(2, 5), extra = "a"), cached!(train(2, 5), extra = "b"))).1, 2);
    assert_eq!(
        runs(|| (cached!(train(2, 5), when = false), cached!(train(2, 5), when = true))),
        ((10, 6), 1)
    );
}

#[doc = "checkpoint"]
fn keys(map: &HashMap<u32, u32>) -> usize {
    ran();
    map.len()
}

#[test]
fn a_hash_map_counts_by_what_it_holds() {
    let forth: HashMap<u32, u32> = (0..300).map(|n| (n, n)).collect();
    let back: HashMap<u32, u32> = (0..300).rev().map(|n| (n, n)).collect();
    assert_eq!(runs(|| (cached!(keys(&forth)), cached!(keys(&back)))), ((300, 300), 1));
}

/// Not marked.
fn plain(x: u8) -> u8 {
    ran();
    marked(x)
}

#[checkpoint]
fn marked(x: u8) -> u8 {
    ran();
    x
}

#[test]
fn what_is_not_in_the_table_runs_and_is_told() {
    assert_eq!(runs(|| (cached!(plain(1)), cached!(plain(1)))), ((1, 1), 3));
    let raised = std::panic::catch_unwind(|| cached!(plain(1), on_error = raise)).unwrap_err();
    let message = raised.downcast_ref::<String>().unwrap();
    assert!(message.contains("`doc::plain` is not cached") && message.contains("doc.rs:"), "{message}");
    let closure = |x: u8| x;
    let raised = std::panic::catch_unwind(|| cached!(closure(1), on_error = raise)).unwrap_err();
    assert!(raised.downcast_ref::<String>().unwrap().contains("closure"));
    assert_eq!(cached!(plain(2), on_error = ignore), 2);
}
