//! Tests that `#[checkpoint]` caches functions of every form, and leaves their meaning alone.

use kept::{Config, checkpoint, configure, rerun};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;
use std::pin::pin;
use std::sync::Once;
use std::task::{Context, Poll, Waker};

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn ran() {
    RUNS.set(RUNS.get() + 1);
}

/// How often a body ran in here, on this thread.
fn runs<R>(body: impl FnOnce() -> R) -> (R, usize) {
    static FRESH: Once = Once::new();
    FRESH.call_once(|| {
        let folder = format!("{}/attribute-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        configure(Config::new().directory(folder)).unwrap();
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
        std::thread::yield_now();
    }
}

#[checkpoint]
fn calc(a: i64, b: i64) -> i64 {
    ran();
    a + b
}

#[test]
fn a_free_function_runs_once_for_the_same_arguments() {
    assert_eq!(runs(|| [calc(1, 2), calc(1, 2), calc(1, 3), calc(1, 3)]), ([3, 3, 4, 4], 2));
    assert_eq!(runs(|| rerun!(calc(1, 2))), (3, 1));
    assert_eq!(runs(|| kept::cached!(calc(1, 2))), (3, 0));
}

#[checkpoint]
fn nothing() {
    ran();
}

#[checkpoint]
fn patterns((a, _): (u8, u8), [b, ..]: [u8; 2], _: u8, mut c: Vec<u8>, mut d: u8, _unused: u8) -> Vec<u8> {
    ran();
    d += 1;
    c.extend([a, b, d]);
    c
}

#[test]
fn arguments_may_be_patterns_and_mutable() {
    assert_eq!(runs(|| (nothing(), nothing())), (((), ()), 1));
    let call = || patterns((1, 2), [3, 4], 5, vec![6], 7, 8);
    assert_eq!(runs(|| (call(), call())), ((vec![6, 1, 3, 8], vec![6, 1, 3, 8]), 1));
    assert_eq!(runs(|| patterns((1, 9), [3, 4], 5, vec![6], 7, 8)).1, 1, "what a pattern leaves out counts");
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Model {
    rate: f64,
}

impl Model {
    // table: attribute::Model::scaled - -
    #[checkpoint]
    fn scaled(&self, by: f64) -> Self {
        ran();
        Self { rate: self.rate * by }
    }

    // table: attribute::Model::into_rate - -
    #[checkpoint]
    fn into_rate(self) -> f64 {
        ran();
        self.rate
    }

    // table: attribute::Model::boxed - -
    #[checkpoint]
    fn boxed(self: Box<Self>) -> f64 {
        ran();
        self.rate
    }

    // table: attribute::Model::name - -
    #[checkpoint(ignore(self))]
    fn name(&self) -> String {
        ran();
        format!("{}", self.rate)
    }
}

#[test]
fn methods_see_self() {
    let model = Model { rate: 2.0 };
    assert_eq!(runs(|| (model.scaled(3.0), model.scaled(3.0))).1, 1);
    assert_eq!(model.scaled(3.0), Model { rate: 6.0 });
    assert_eq!(runs(|| (model.clone().into_rate(), model.clone().into_rate())), ((2.0, 2.0), 1));
    assert_eq!(runs(|| Box::new(model.clone()).boxed()), (2.0, 1));
    assert_eq!(runs(|| rerun!(Model::scaled(&model, 3.0))), (Model { rate: 6.0 }, 1));
    assert_eq!(runs(|| (model.name(), Model { rate: 9.0 }.name())), (("2".into(), "2".into()), 1));
}

trait Shape: Serialize {
    fn side(&self) -> u32;

    // table: <*~as~Shape>::area generic -
    #[checkpoint]
    fn area(&self) -> u32
    where
        Self: Sized,
    {
        ran();
        self.side() * self.side()
    }

    fn grown(&self, by: u32) -> u32;
}

#[derive(Serialize)]
struct Small(u32);
#[derive(Serialize)]
struct Large(u32);

impl Shape for Small {
    fn side(&self) -> u32 {
        self.0
    }

    // table: <Small~as~Shape>::grown - -
    #[checkpoint]
    fn grown(&self, by: u32) -> u32 {
        ran();
        self.0 + by
    }
}

impl Shape for Large {
    fn side(&self) -> u32 {
        self.0 * 100
    }

    // table: <Large~as~Shape>::grown - -
    #[checkpoint]
    fn grown(&self, by: u32) -> u32 {
        ran();
        self.0 * 100 + by
    }
}

#[test]
fn trait_methods_and_default_bodies_know_their_self() {
    assert_eq!(runs(|| (Small(2).area(), Small(2).area(), Large(2).area())), ((4, 4, 40000), 2));
    assert_eq!(runs(|| (Small(2).grown(1), Small(2).grown(1), Large(2).grown(1))), ((3, 3, 201), 2));
    assert_eq!(runs(|| rerun!(<Small as Shape>::area(&Small(2)))), (4, 1));
    assert_eq!(runs(|| rerun!(Shape::grown(&Large(2), 1))), (201, 1));
}

// table: - generic -
#[checkpoint]
fn largest<T, const N: usize>(values: [T; N]) -> Vec<T>
where
    T: Ord + Clone + Serialize + serde::de::DeserializeOwned,
    [T; N]: Serialize,
{
    ran();
    values.iter().max().cloned().into_iter().collect()
}

// table: - generic -
#[checkpoint]
fn shown(value: impl Debug + Serialize) -> String {
    ran();
    format!("{value:?}")
}

#[test]
fn generic_functions_are_one_for_each_type() {
    assert_eq!(runs(|| (largest([1_u8, 3]), largest([1_u8, 3]))), ((vec![3], vec![3]), 1));
    assert_eq!(runs(|| largest([1_u16, 3])), (vec![3], 1));
    assert_eq!(
        runs(|| (shown(1_u8), shown(1_u8), shown("1"))),
        (("1".into(), "1".into(), "\"1\"".into()), 2)
    );
    assert_eq!(runs(|| rerun!(largest::<u8, 2>([1, 3]))), (vec![3], 1));
}

#[derive(Debug, PartialEq)]
struct NotSerde(String);

impl From<std::num::ParseIntError> for NotSerde {
    fn from(error: std::num::ParseIntError) -> Self {
        Self(error.to_string())
    }
}

type Parsed<T> = Result<T, NotSerde>;

#[checkpoint]
fn parse(text: &str) -> Parsed<i64> {
    ran();
    if text.is_empty() {
        return Ok(0);
    }
    let value: i64 = text.parse()?;
    Ok(value)
}

#[checkpoint]
fn find(text: &str) -> Option<usize> {
    ran();
    let at = text.find('x')?;
    Some(at)
}

#[test]
fn return_and_question_mark_keep_their_meaning_and_only_ok_is_stored() {
    assert_eq!(runs(|| (parse("7"), parse("7"), parse(""))), ((Ok(7), Ok(7), Ok(0)), 2));
    assert_eq!(runs(|| (parse("x").is_err(), parse("x").is_err())), ((true, true), 2));
    assert_eq!(runs(|| (find("ab"), find("ab"), find("ax"))), ((None, None, Some(1)), 2));
}

#[checkpoint]
async fn fetch(name: &str, times: usize) -> Result<String, NotSerde> {
    ran();
    for _ in 0..times {
        std::future::ready(()).await;
    }
    if name.is_empty() {
        return Err(NotSerde("empty".into()));
    }
    let count: i64 = "3".parse()?;
    Ok(format!("{name}{count}"))
}

impl Model {
    #[checkpoint]
    async fn later(self, label: String) -> String {
        ran();
        std::future::ready(()).await;
        format!("{label}{}", self.rate)
    }
}

/// Asks for its own key, with another `depth`.
#[checkpoint(ignore(depth))]
async fn nested(name: &str, depth: u8) -> u8 {
    ran();
    if depth == 0 { 1 } else { Box::pin(nested(name, depth - 1)).await + 1 }
}

/// The same from a body that blocks.
#[checkpoint(ignore(depth))]
fn blocks(name: &str, depth: u8) -> u8 {
    ran();
    if depth == 0 { 1 } else { block_on(async { blocks(name, depth - 1) + 1 }) }
}

#[test]
fn nobody_waits_for_himself() {
    let start = std::time::Instant::now();
    assert_eq!(runs(|| block_on(nested("a", 2))), (3, 3));
    assert_eq!(runs(|| blocks("a", 2)), (3, 3));
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn async_functions_are_cached_and_their_futures_can_move_between_threads() {
    fn sent<F: Future + Send>(future: F) -> F {
        future
    }
    let call = || block_on(sent(fetch("a", 2)));
    assert_eq!(runs(|| (call(), call())), ((Ok("a3".into()), Ok("a3".into())), 1));
    assert_eq!(runs(|| block_on(async { rerun!(fetch("a", 2).await) })), (Ok("a3".into()), 1));
    assert_eq!(runs(|| block_on(async { kept::cached!(fetch("a", 2).await) })), (Ok("a3".into()), 0));
    assert_eq!(runs(|| (block_on(fetch("", 1)), block_on(fetch("", 1)))).1, 2);
    let later = || block_on(sent(Model { rate: 1.0 }.later("x".into())));
    assert_eq!(runs(|| (later(), later())), (("x1".into(), "x1".into()), 1));
}

#[test]
fn two_tasks_on_one_thread_share_one_computation() {
    #[checkpoint]
    async fn slow(x: u8) -> u8 {
        ran();
        let mut polled = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut polled, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        x
    }
    let both = runs(|| {
        block_on(async {
            let (mut a, mut b) = (pin!(slow(1)), pin!(slow(1)));
            let (mut left, mut right) = (None, None);
            std::future::poll_fn(|context| {
                if left.is_none()
                    && let Poll::Ready(value) = a.as_mut().poll(context)
                {
                    left = Some(value);
                }
                if right.is_none()
                    && let Poll::Ready(value) = b.as_mut().poll(context)
                {
                    right = Some(value);
                }
                if left.is_some() && right.is_some() { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            (left, right)
        })
    });
    assert_eq!(both, ((Some(1), Some(1)), 1));
}

fn outer_rate() -> u8 {
    // table: attribute::outer_rate::twice - -
    #[checkpoint]
    fn twice(x: u8) -> u8 {
        ran();
        x * 2
    }
    {
        // table: attribute::outer_rate::twice - -
        #[checkpoint]
        fn twice(x: u8) -> u8 {
            ran();
            x * 3
        }
        assert_eq!(twice(2), 6);
        assert_eq!(twice(2), 6);
    }
    twice(2)
}

#[test]
fn nested_functions_of_one_name_are_told_apart_by_their_place() {
    assert_eq!(runs(outer_rate), (4, 2));
}

#[checkpoint(version = 1, extra = a.len() as u64 + 1, ignore(threads), hash_with(table = BTreeMap::len))]
fn options(a: &[u8], threads: Threads, table: &BTreeMap<u8, u8>) -> usize {
    ran();
    a.len() + threads.0 + table.len()
}

/// Not `Serialize`.
struct Threads(usize);

#[test]
fn options_shape_the_key() {
    let [one, two] = [BTreeMap::from([(1, 1)]), BTreeMap::from([(2, 2)])];
    assert_eq!(runs(|| (options(&[1], Threads(1), &one), options(&[1], Threads(8), &two))), ((3, 3), 1));
    assert_eq!(runs(|| options(&[1], Threads(1), &BTreeMap::new())), (2, 1));
    assert_eq!(runs(|| options(&[2], Threads(1), &one)), (3, 1));
}

#[checkpoint(when = x > 1)]
fn sometimes(x: u8) -> u8 {
    ran();
    x
}

#[test]
fn when_makes_plain_calls() {
    assert_eq!(runs(|| (sometimes(1), sometimes(1), sometimes(2), sometimes(2))).1, 3);
}

#[checkpoint]
fn inner(x: u8) -> u8 {
    ran();
    x
}

#[checkpoint]
fn around(x: u8) -> u8 {
    ran();
    inner(x) + 1
}

#[checkpoint]
fn fibonacci(n: u64) -> u64 {
    ran();
    if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) }
}

#[test]
fn rerun_means_one_function_and_none_below_it() {
    assert_eq!(runs(|| around(1)), (2, 2));
    assert_eq!(runs(|| rerun!(around(1))), (2, 1));
    assert_eq!(runs(|| fibonacci(30)), (832_040, 31));
    assert_eq!(runs(|| rerun!(fibonacci(30))), (832_040, 1));
}

#[test]
#[should_panic(expected = "on purpose")]
fn panics_pass() {
    #[checkpoint]
    fn panics(x: u8) -> u8 {
        assert!(x > 9, "on purpose");
        x
    }
    let _ = runs(|| ());
    assert!(std::panic::catch_unwind(|| panics(1)).is_err());
    panics(1);
}

#[checkpoint(on_error = return, directory = "/dev/null/nowhere")]
fn returning(x: u8) -> anyhow::Result<u8> {
    ran();
    Ok(x)
}

#[checkpoint(on_error = raise, directory = "/dev/null/nowhere")]
fn raising(x: u8) -> u8 {
    x
}

#[test]
#[cfg(unix)]
fn errors_become_the_result_or_a_panic() {
    let error = returning(1).unwrap_err();
    assert!(error.to_string().contains("returning"), "{error}");
    assert!(error.downcast_ref::<kept::Error>().is_some());
    let panic = std::panic::catch_unwind(|| raising(1)).unwrap_err();
    assert!(panic.downcast_ref::<String>().unwrap().contains("/dev/null/nowhere"));
}

#[test]
fn the_fingerprint_can_be_read() {
    let fingerprint = kept::fingerprint!(calc).unwrap();
    assert_eq!(fingerprint.to_string().len(), 64);
    assert!(kept::fingerprint!(block_on::<std::future::Ready<u8>>).is_err());
}
