//! Lists the cases of code that no call names: operators, drops, conversions, formatting.

use e2e::{Case, rerun, skip};

fn changed(name: &'static str, items: &str, body: &str) -> Case {
    let code = format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n");
    rerun("26", name, &code).edit("{ 1 }", "{ 2 }")
}

const F: &str = "fn f() -> i64 { 1 }\n";

pub fn cases() -> Vec<Case> {
    [operators(), traits(), associated_types(), conversions(), serde()].concat()
}

fn operators() -> Vec<Case> {
    let x = "#[derive(Clone, Copy)] struct X(i64);\n";
    let op = |code: &str| format!("{F}{x}{code}");
    vec![
        changed(
            "operator_add",
            &op(
                "impl std::ops::Add for X { type Output = i64; fn add(self, o: X) -> i64 { self.0 + o.0 * f() } }",
            ),
            "X(1) + X(2)",
        ),
        changed(
            "operator_neg",
            &op("impl std::ops::Neg for X { type Output = i64; fn neg(self) -> i64 { f() } }"),
            "-X(1)",
        ),
        changed(
            "operator_add_assign",
            &op(
                "impl std::ops::AddAssign<i64> for X { fn add_assign(&mut self, o: i64) { self.0 += o * f(); } }",
            ),
            "let mut x = X(1); x += 3; x.0",
        ),
        changed(
            "operator_on_foreign_left_side",
            &op("impl std::ops::Mul<X> for f64 { type Output = i64; fn mul(self, _: X) -> i64 { f() } }"),
            "2.0 * X(1)",
        ),
        changed(
            "operator_on_reference",
            &op("impl std::ops::Sub for &X { type Output = i64; fn sub(self, _: &X) -> i64 { f() } }"),
            "&X(1) - &X(1)",
        ),
        changed(
            "operator_index",
            &op(
                "impl std::ops::Index<usize> for X { type Output = i64; fn index(&self, _: usize) -> &i64 { if f() == 1 { &1 } else { &2 } } }",
            ),
            "X(0)[0]",
        ),
        changed(
            "operator_shift_in_a_generic_helper",
            &op(
                "impl std::ops::Shl<i64> for X { type Output = i64; fn shl(self, _: i64) -> i64 { f() } }\nfn run<A: std::ops::Shl<i64, Output = i64>>(a: A) -> i64 { a << 1 }",
            ),
            "run(X(1))",
        ),
        changed(
            "comparison",
            &op("impl PartialEq for X { fn eq(&self, _: &X) -> bool { f() == 1 } }"),
            "(X(1) == X(2)) as i64",
        ),
        changed(
            "comparison_inside_assert",
            &op(
                "impl PartialEq for X { fn eq(&self, _: &X) -> bool { f() > 0 } }\nimpl std::fmt::Debug for X { fn fmt(&self, _: &mut std::fmt::Formatter) -> std::fmt::Result { Ok(()) } }",
            ),
            "assert_eq!(X(1), X(2)); 0",
        ),
        changed(
            "ordering_inside_sort",
            &op(
                "impl PartialEq for X { fn eq(&self, o: &X) -> bool { self.0 == o.0 } } impl Eq for X {}\nimpl PartialOrd for X { fn partial_cmp(&self, o: &X) -> Option<std::cmp::Ordering> { Some(self.cmp(o)) } }\nimpl Ord for X { fn cmp(&self, o: &X) -> std::cmp::Ordering { if f() == 1 { self.0.cmp(&o.0) } else { o.0.cmp(&self.0) } } }",
            ),
            "let mut v = vec![X(2), X(1)]; v.sort(); v[0].0",
        ),
        changed(
            "ordering_inside_btreemap",
            &op(
                "impl PartialEq for X { fn eq(&self, o: &X) -> bool { self.0 == o.0 } } impl Eq for X {}\nimpl PartialOrd for X { fn partial_cmp(&self, o: &X) -> Option<std::cmp::Ordering> { Some(self.cmp(o)) } }\nimpl Ord for X { fn cmp(&self, o: &X) -> std::cmp::Ordering { if f() == 1 { self.0.cmp(&o.0) } else { o.0.cmp(&self.0) } } }",
            ),
            "std::collections::BTreeMap::from([(X(2), 2), (X(1), 1)]).into_values().next().unwrap()",
        ),
        changed(
            "comparison_by_less_than",
            &op(
                "impl PartialEq for X { fn eq(&self, o: &X) -> bool { self.0 == o.0 } }\nimpl PartialOrd for X { fn partial_cmp(&self, o: &X) -> Option<std::cmp::Ordering> { (f() == 1).then(|| self.0.cmp(&o.0)) } }",
            ),
            "(X(1) < X(2)) as i64",
        ),
        changed(
            "hash_inside_a_set",
            &op(
                "impl PartialEq for X { fn eq(&self, o: &X) -> bool { self.0 == o.0 } } impl Eq for X {}\nimpl std::hash::Hash for X { fn hash<H: std::hash::Hasher>(&self, h: &mut H) { h.write_i64(f() * self.0) } }",
            ),
            "std::collections::HashSet::from([X(1), X(2)]).len() as i64",
        ),
    ]
}

fn traits() -> Vec<Case> {
    vec![
        changed(
            "drop_of_a_local",
            &format!(
                "{F}use std::cell::Cell;\nthread_local! {{ static N: Cell<i64> = Cell::new(0); }}\nstruct X; impl Drop for X {{ fn drop(&mut self) {{ N.set(f()) }} }}"
            ),
            "{ let _x = X; } N.get()",
        ),
        changed(
            "drop_of_a_field_in_a_box",
            &format!(
                "{F}use std::cell::Cell;\nthread_local! {{ static N: Cell<i64> = Cell::new(0); }}\nstruct X; impl Drop for X {{ fn drop(&mut self) {{ N.set(f()) }} }}\nstruct Y {{ _x: X }}\nfn make() -> Option<Box<Y>> {{ Some(Box::new(Y {{ _x: X }})) }}"
            ),
            "drop(make()); N.get()",
        ),
        changed(
            "iterator_under_for",
            &format!(
                "{F}struct X(i64); impl Iterator for X {{ type Item = i64; fn next(&mut self) -> Option<i64> {{ self.0 += 1; (self.0 < 4).then(|| self.0 * f()) }} }}"
            ),
            "let mut n = 0; for i in X(0) { n += i; } n",
        ),
        changed(
            "into_iterator_under_for",
            &format!(
                "{F}struct X; impl IntoIterator for X {{ type Item = i64; type IntoIter = std::vec::IntoIter<i64>; fn into_iter(self) -> Self::IntoIter {{ vec![f()].into_iter() }} }}"
            ),
            "let mut n = 0; for i in X { n += i; } n",
        ),
        changed(
            "iterator_under_adapters",
            &format!(
                "{F}struct X(i64); impl Iterator for X {{ type Item = i64; fn next(&mut self) -> Option<i64> {{ self.0 += 1; (self.0 < 4).then(|| self.0 * f()) }} }}"
            ),
            "X(0).filter(|x| x % 2 == 1).map(|x| x + 1).sum::<i64>()",
        ),
        changed(
            "sum_into_a_local_type",
            &format!(
                "{F}struct X(i64); impl std::iter::Sum<i64> for X {{ fn sum<I: Iterator<Item = i64>>(i: I) -> X {{ X(i.count() as i64 * f()) }} }}"
            ),
            "[1, 2].into_iter().sum::<X>().0",
        ),
        changed(
            "sum_of_a_local_type_into_a_foreign_one",
            &format!(
                "{F}struct X; impl std::iter::Sum<X> for f64 {{ fn sum<I: Iterator<Item = X>>(i: I) -> f64 {{ (i.count() as i64 * f()) as f64 }} }}"
            ),
            "[X, X].into_iter().sum::<f64>() as i64",
        ),
        changed(
            "collect_into_a_local_type",
            &format!(
                "{F}struct X(i64); impl FromIterator<i64> for X {{ fn from_iter<I: IntoIterator<Item = i64>>(i: I) -> X {{ X(i.into_iter().count() as i64 * f()) }} }}"
            ),
            "let x: X = (0..3).collect(); x.0",
        ),
        changed(
            "extend_a_local_type",
            &format!(
                "{F}struct X(i64); impl Extend<i64> for X {{ fn extend<I: IntoIterator<Item = i64>>(&mut self, i: I) {{ self.0 = i.into_iter().count() as i64 * f() }} }}"
            ),
            "let mut x = X(0); x.extend([1, 2]); x.0",
        ),
        changed(
            "default_of_a_struct",
            &format!("{F}struct X(i64); impl Default for X {{ fn default() -> X {{ X(f()) }} }}"),
            "let x: X = Default::default(); x.0",
        ),
        changed(
            "default_inside_a_derived_default",
            &format!(
                "{F}struct X(i64); impl Default for X {{ fn default() -> X {{ X(f()) }} }}\n#[derive(Default)] struct Y {{ x: X, #[allow(unused)] n: i64 }}"
            ),
            "Y { n: 3, ..Default::default() }.x.0",
        ),
        changed(
            "default_under_unwrap_or_default",
            &format!(
                "{F}struct X(i64); impl Default for X {{ fn default() -> X {{ X(f()) }} }}\nfn none() -> Option<X> {{ None }}"
            ),
            "none().unwrap_or_default().0",
        ),
        changed(
            "clone_inside_vec",
            &format!("{F}struct X(i64); impl Clone for X {{ fn clone(&self) -> X {{ X(f()) }} }}"),
            "vec![X(0); 2].to_vec()[0].0",
        ),
        changed(
            "clone_inside_a_derived_clone",
            &format!(
                "{F}struct X(i64); impl Clone for X {{ fn clone(&self) -> X {{ X(f()) }} }}\n#[derive(Clone)] struct Y(X);"
            ),
            "Y(X(0)).clone().0.0",
        ),
        changed(
            "borrow_inside_a_map",
            &format!(
                "{F}#[derive(PartialEq, Eq, PartialOrd, Ord)] struct X(i64); impl std::borrow::Borrow<i64> for X {{ fn borrow(&self) -> &i64 {{ if f() == 1 {{ &self.0 }} else {{ &0 }} }} }}"
            ),
            "std::collections::BTreeMap::from([(X(3), 5)]).get(&3i64).copied().unwrap_or(0)",
        ),
        changed(
            "future_under_await",
            &format!(
                "{F}use std::{{future::Future, pin::{{pin, Pin}}, task::{{Context, Poll, Waker}}}};\nstruct X; impl Future for X {{ type Output = i64; fn poll(self: Pin<&mut Self>, _: &mut Context) -> Poll<i64> {{ Poll::Ready(f()) }} }}\nasync fn run() -> i64 {{ X.await }}"
            ),
            "match pin!(run()).poll(&mut Context::from_waker(Waker::noop())) { Poll::Ready(n) => n, Poll::Pending => 0 }",
        ),
        changed(
            "hasher_as_type_parameter",
            &format!(
                "{F}#[derive(Default)] struct X; impl std::hash::Hasher for X {{ fn finish(&self) -> u64 {{ f() as u64 }} fn write(&mut self, _: &[u8]) {{}} }}"
            ),
            "std::hash::BuildHasher::hash_one(&std::hash::BuildHasherDefault::<X>::default(), 5) as i64",
        ),
        changed(
            "write_implementation",
            &format!(
                "{F}struct X(i64); impl std::fmt::Write for X {{ fn write_str(&mut self, s: &str) -> std::fmt::Result {{ self.0 += s.len() as i64 * f(); Ok(()) }} }}"
            ),
            "use std::fmt::Write; let mut x = X(0); let _ = write!(x, \"abc\"); x.0",
        ),
    ]
}

/// What an associated type leads to, without a call of a method.
fn associated_types() -> Vec<Case> {
    let x = "struct A([u8; 1]);\nstruct X; impl Iterator for X { type Item = A; fn next(&mut self) -> Option<A> { None } }\n";
    let case = |name, items: &str, body: &str| {
        let code = format!("{x}{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n");
        rerun("26", name, &code).edit("[u8; 1]", "[u8; 2]")
    };
    vec![
        case(
            "associated_type_bound_to_a_parameter",
            "fn size<T, I: Iterator<Item = T>>(_: I) -> i64 { size_of::<T>() as i64 }",
            "size(X)",
        ),
        case(
            "associated_type_bound_to_a_parameter_in_a_where_clause",
            "fn size<T, I>(_: I) -> i64 where I: IntoIterator<Item = Option<T>>, T: Sized { size_of::<T>() as i64 }\nstruct Y; impl Iterator for Y { type Item = Option<A>; fn next(&mut self) -> Option<Option<A>> { None } }",
            "size(Y)",
        ),
        case(
            "associated_type_of_a_parameter",
            "fn size<I: Iterator>(_: I) -> i64 { size_of::<I::Item>() as i64 }",
            "size(X)",
        ),
        case(
            "associated_type_in_a_field",
            "struct Y<I: Iterator>(Option<I::Item>);\nfn size<I: Iterator>(_: I) -> i64 { size_of::<Y<I>>() as i64 }",
            "size(X)",
        ),
        case(
            "associated_type_of_a_bound_on_an_impl",
            "trait Size { fn size(&self) -> i64; }\nimpl<T, I: Iterator<Item = T>> Size for I { fn size(&self) -> i64 { size_of::<T>() as i64 } }",
            "X.size()",
        ),
        case(
            "associated_type_in_a_peekable",
            "",
            "let p = X.peekable(); size_of_val(&p) as i64",
        ),
        case("associated_type_in_a_peekable_that_is_written", "", "size_of::<std::iter::Peekable<X>>() as i64"),
        rerun("26", "associated_type_that_a_concrete_bound_asks_for", "struct Own; impl Iterator for Own { type Item = u8; fn next(&mut self) -> Option<Self::Item> { None } }\nstruct W<T>(T); trait Fb { fn k(&self) -> bool { false } } impl<T> Fb for W<T> {}\nimpl<T: Iterator<Item = u8>> W<T> { fn k(&self) -> bool { true } }\n#[checkpoint] fn calc() -> bool { println!(\"ran\"); W(Own).k() }\n")
            .edit("type Item = u8", "type Item = u16"),
        rerun("26", "associated_type_that_gives_a_const_parameter", "struct Own; impl Iterator for Own { type Item = [u8; 3]; fn next(&mut self) -> Option<Self::Item> { None } }\nfn g<const N: usize, I: Iterator<Item = [u8; N]>>(_: I) -> usize { N }\n#[checkpoint] fn calc() -> usize { println!(\"ran\"); g(Own) }\n")
            .edit("[u8; 3]", "[u8; 4]"),
        rerun("26", "associated_type_in_a_cow_that_is_inferred", "struct Own; impl ToOwned for Own { type Owned = Box<Own>; fn to_owned(&self) -> Self::Owned { todo!() } }\nstruct Big(#[allow(unused)] [u64; 20]); impl std::borrow::Borrow<Own> for Big { fn borrow(&self) -> &Own { &Own } }\n#[checkpoint] fn calc() -> usize { println!(\"ran\"); let c = std::borrow::Cow::Borrowed(&Own); size_of_val(&c) }\n")
            .edit("type Owned = Box<Own>", "type Owned = Big"),
        skip(
            "26 12",
            "associated_type_beside_a_variant_of_std",
            "use std::cmp::Ordering;\nstruct X(i64);\nimpl std::ops::BitOr for X { type Output = i64; fn bitor(self, _: X) -> i64 { 1 } }\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); match 1.cmp(&X(1).0) { Ordering::Less => i64::MIN, Ordering::Equal => 0, Ordering::Greater => i64::MAX } }\n",
        )
        .edit("{ 1 }", "{ 2 }"),
    ]
}

fn conversions() -> Vec<Case> {
    vec![
        changed("from_under_question_mark", &format!("{F}struct E(i64); impl From<std::num::ParseIntError> for E {{ fn from(_: std::num::ParseIntError) -> E {{ E(f()) }} }}\nfn run() -> Result<i64, E> {{ let n: i64 = \"x\".parse()?; Ok(n) }}"), "match run() { Ok(n) => n, Err(e) => e.0 }"),
        changed("from_under_into", &format!("{F}struct X(i64); impl From<i64> for X {{ fn from(n: i64) -> X {{ X(n * f()) }} }}"), "let x: X = 5.into(); x.0"),
        changed("from_for_a_foreign_type", &format!("{F}struct X; impl From<X> for String {{ fn from(_: X) -> String {{ f().to_string() }} }}"), "let s: String = X.into(); s.parse().unwrap()"),
        changed("from_in_a_foreign_generic", &format!("{F}struct X; impl From<X> for i64 {{ fn from(_: X) -> i64 {{ f() }} }}\nfn run(x: impl Into<i64>) -> i64 {{ x.into() }}"), "run(X)"),
        changed("try_from", &format!("{F}struct X(i64); impl TryFrom<u8> for X {{ type Error = (); fn try_from(_: u8) -> Result<X, ()> {{ Ok(X(f())) }} }}"), "let x: Result<X, ()> = 3u8.try_into(); x.map(|x| x.0).unwrap_or(0)"),
        changed("from_str_under_parse", &format!("{F}struct X(i64); impl std::str::FromStr for X {{ type Err = (); fn from_str(_: &str) -> Result<X, ()> {{ Ok(X(f())) }} }}"), "\"a\".parse::<X>().map(|x| x.0).unwrap_or(0)"),
        changed("from_str_with_inferred_type", &format!("{F}struct X(i64); impl std::str::FromStr for X {{ type Err = (); fn from_str(_: &str) -> Result<X, ()> {{ Ok(X(f())) }} }}\nfn take(x: X) -> i64 {{ x.0 }}"), "\"a\".parse().map(take).unwrap_or(0)"),
        changed("display_under_format", &format!("{F}struct X; impl std::fmt::Display for X {{ fn fmt(&self, w: &mut std::fmt::Formatter) -> std::fmt::Result {{ write!(w, \"{{}}\", f()) }} }}"), "format!(\"{}\", X).parse().unwrap()"),
        changed("display_under_inline_format", &format!("{F}struct X; impl std::fmt::Display for X {{ fn fmt(&self, w: &mut std::fmt::Formatter) -> std::fmt::Result {{ write!(w, \"{{}}\", f()) }} }}"), "let x = X; format!(\"{x}\").parse().unwrap()"),
        changed("display_under_to_string", &format!("{F}struct X; impl std::fmt::Display for X {{ fn fmt(&self, w: &mut std::fmt::Formatter) -> std::fmt::Result {{ write!(w, \"{{}}\", f()) }} }}"), "X.to_string().parse().unwrap()"),
        changed("debug_inside_a_derived_debug", &format!("{F}struct X; impl std::fmt::Debug for X {{ fn fmt(&self, w: &mut std::fmt::Formatter) -> std::fmt::Result {{ write!(w, \"{{}}\", f()) }} }}\n#[derive(Debug)] struct Y {{ #[allow(unused)] x: X }}"), "format!(\"{:?}\", Y { x: X }).len() as i64 * 100 + format!(\"{:?}\", Some(X)).bytes().nth(5).unwrap() as i64"),
        changed("extend_under_unzip", &format!("{F}#[derive(Default)] struct C(i64); impl Extend<i64> for C {{ fn extend<I: IntoIterator<Item = i64>>(&mut self, i: I) {{ for x in i {{ self.0 += x * f() }} }} }}"), "let (c, _): (C, Vec<i64>) = [(1, 2)].into_iter().unzip(); c.0"),
        changed("extend_under_partition", &format!("{F}#[derive(Default)] struct C(i64); impl Extend<i64> for C {{ fn extend<I: IntoIterator<Item = i64>>(&mut self, i: I) {{ for x in i {{ self.0 += x * f() }} }} }}"), "let (c, _): (C, C) = (0..5i64).partition(|x| *x > 2); c.0"),
        changed("extend_under_collect_to_a_pair", &format!("{F}#[derive(Default)] struct C(i64); impl Extend<i64> for C {{ fn extend<I: IntoIterator<Item = i64>>(&mut self, i: I) {{ for x in i {{ self.0 += x * f() }} }} }}"), "let (c, _): (C, Vec<i64>) = [(1, 2)].into_iter().collect(); c.0"),
        changed("borrow_under_join", &format!("{F}struct D; impl std::borrow::Borrow<str> for D {{ fn borrow(&self) -> &str {{ if f() == 1 {{ \"a\" }} else {{ \"bcd\" }} }} }}"), "[D, D].join(\"-\").len() as i64"),
        changed("borrow_under_concat", &format!("{F}struct D; impl std::borrow::Borrow<str> for D {{ fn borrow(&self) -> &str {{ if f() == 1 {{ \"a\" }} else {{ \"bcd\" }} }} }}\nfn all<S: std::borrow::Borrow<str>>(v: &[S]) -> String {{ v.concat() }}"), "all(&[D, D]).len() as i64"),
        changed("clone_under_concat", &format!("{F}struct E(i64); impl Clone for E {{ fn clone(&self) -> E {{ E(self.0 * f()) }} }}"), "[vec![E(5)], vec![E(7)]].concat()[0].0"),
        changed("lower_hex", &format!("{F}struct X; impl std::fmt::LowerHex for X {{ fn fmt(&self, w: &mut std::fmt::Formatter) -> std::fmt::Result {{ write!(w, \"{{}}\", f()) }} }}"), "format!(\"{:x}\", X).parse().unwrap()"),
        changed("error_source_through_a_box", &format!("{F}#[derive(Debug)] struct X; impl std::fmt::Display for X {{ fn fmt(&self, w: &mut std::fmt::Formatter) -> std::fmt::Result {{ write!(w, \"{{}}\", f()) }} }} impl std::error::Error for X {{}}\nfn run() -> Result<(), Box<dyn std::error::Error>> {{ Err(X)? }}"), "run().unwrap_err().to_string().parse().unwrap()"),
        // `write!` calls what has the name.
        changed("write_to_a_type_with_a_method_of_its_own", &format!("{F}struct X; impl X {{ fn write_fmt(&mut self, _: std::fmt::Arguments) -> i64 {{ f() }} }}"), "write!(X, \"a\") + writeln!(X)"),
        changed("write_to_a_type_with_a_method_of_an_own_trait", &format!("{F}struct X; trait Out {{ fn write_fmt(&mut self, _: std::fmt::Arguments) -> i64 {{ f() }} }} impl Out for X {{}}"), "let mut x = X; write!(x, \"{}\", 3)"),
        skip("12 26", "write_to_another_type_than_that_with_a_method", "#[allow(dead_code)] struct X; impl X { #[allow(dead_code)] fn write_fmt(&mut self, _: std::fmt::Arguments) -> i64 { 1 } }\nuse std::fmt::Write;\n#[checkpoint] fn calc() -> String { println!(\"ran\"); let _ = X; let mut s = String::new(); write!(s, \"{}\", 3).unwrap(); s }").edit("{ 1 }", "{ 2 }"),
        // What takes a parameter gives a type of other people, for which it is implemented.
        changed("into_a_number_in_generic_code", &format!("{F}struct X; impl From<X> for i64 {{ fn from(_: X) -> i64 {{ f() }} }}\nfn run<T: Into<i64>>(t: T) -> i64 {{ t.into() }}"), "run(X)"),
        changed("try_into_a_number_in_generic_code", &format!("{F}struct X; impl TryFrom<X> for i64 {{ type Error = u8; fn try_from(_: X) -> Result<i64, u8> {{ Ok(f()) }} }}\nfn run<T: TryInto<i64>>(t: T) -> i64 {{ t.try_into().ok().unwrap() }}"), "run(X)"),
        changed("into_a_number_from_an_associated_type", &format!("{F}struct X; impl From<X> for i64 {{ fn from(_: X) -> i64 {{ f() }} }}\ntrait Make {{ type Made: Into<i64>; fn make() -> Self::Made; }}\nimpl Make for u8 {{ type Made = X; fn make() -> X {{ X }} }}\nfn run<M: Make>() -> i64 {{ M::make().into() }}"), "run::<u8>()"),
        changed("sum_to_a_number_in_generic_code", &format!("{F}struct X; impl std::iter::Sum<X> for i64 {{ fn sum<I: Iterator<Item = X>>(i: I) -> i64 {{ i.count() as i64 * f() }} }}\nfn run<T>(v: Vec<T>) -> i64 where i64: std::iter::Sum<T> {{ v.into_iter().sum() }}"), "run(vec![X, X])"),
        changed("collect_to_a_string_in_generic_code", &format!("{F}struct X; impl FromIterator<X> for String {{ fn from_iter<I: IntoIterator<Item = X>>(i: I) -> String {{ i.into_iter().map(|_| f().to_string()).collect() }} }}\nfn run<T>(v: Vec<T>) -> String where String: FromIterator<T> {{ v.into_iter().collect() }}"), "run(vec![X, X]).parse().unwrap()"),
        changed("as_ref", &format!("{F}struct X(String); impl AsRef<str> for X {{ fn as_ref(&self) -> &str {{ if f() == 1 {{ &self.0 }} else {{ \"\" }} }} }}\nfn run(s: impl AsRef<str>) -> i64 {{ s.as_ref().len() as i64 }}"), "run(X(\"abc\".into()))"),
        changed("deref_coercion", &format!("{F}struct X(String); impl std::ops::Deref for X {{ type Target = str; fn deref(&self) -> &str {{ if f() == 1 {{ &self.0 }} else {{ \"\" }} }} }}\nfn run(s: &str) -> i64 {{ s.len() as i64 }}"), "run(&X(\"abc\".into()))"),
        skip("26 12", "display_of_a_type_that_is_not_reached", "pub struct Z; impl std::fmt::Display for Z { fn fmt(&self, w: &mut std::fmt::Formatter) -> std::fmt::Result { w.write_str(\"z\") } }\n#[checkpoint] fn calc() -> String { println!(\"ran\"); 5.to_string() }").edit("\"z\"", "\"y\""),
    ]
}

fn serde() -> Vec<Case> {
    let case = |name, items: &str, body: &str| {
        changed(name, &format!("{F}{items}"), body).uses("serde").uses("serde_json")
    };
    vec![
        case("serialize_impl", "struct X; impl serde::Serialize for X { fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_i64(f()) } }", "serde_json::to_string(&X).unwrap().parse().unwrap()"),
        case("serialize_impl_inside_a_derive", "struct X; impl serde::Serialize for X { fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_i64(f()) } }\n#[derive(serde::Serialize)] struct Y { x: X }", "serde_json::to_value(vec![Y { x: X }]).unwrap()[0][\"x\"].as_i64().unwrap()"),
        case("deserialize_impl", "struct X(i64); impl<'de> serde::Deserialize<'de> for X { fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<X, D::Error> { let n: i64 = serde::Deserialize::deserialize(d)?; Ok(X(n * f())) } }\n#[derive(serde::Deserialize)] struct Y { x: X }", "serde_json::from_value::<Y>(serde_json::json!({ \"x\": 3 })).unwrap().x.0"),
        case("serde_with_function_named_in_a_string", "#[derive(serde::Serialize)] struct Y { #[serde(serialize_with = \"twice\")] x: i64 }\nfn twice<S: serde::Serializer>(x: &i64, s: S) -> Result<S::Ok, S::Error> { s.serialize_i64(x * f()) }", "serde_json::to_value(Y { x: 3 }).unwrap()[\"x\"].as_i64().unwrap()"),
        case("serde_default_named_in_a_string", "#[derive(serde::Deserialize)] struct Y { #[serde(default = \"m::start\")] x: i64 }\nmod m { pub fn start() -> i64 { super::f() } }", "serde_json::from_str::<Y>(\"{}\").unwrap().x"),
        case("serde_with_module_named_in_a_string", "#[derive(serde::Serialize)] struct Y { #[serde(with = \"m\")] x: i64 }\nmod m { pub fn serialize<S: serde::Serializer>(x: &i64, s: S) -> Result<S::Ok, S::Error> { s.serialize_i64(x * super::f()) } }", "serde_json::to_value(Y { x: 3 }).unwrap()[\"x\"].as_i64().unwrap()"),
        case("serde_from_type_named_in_a_string", "#[derive(serde::Deserialize)] #[serde(from = \"Raw\")] struct Y(i64);\n#[derive(serde::Deserialize)] struct Raw(i64);\nimpl From<Raw> for Y { fn from(r: Raw) -> Y { Y(r.0 * f()) } }", "serde_json::from_str::<Y>(\"4\").unwrap().0"),
        rerun("26 29 T13", "serde_rename_attribute", "#[derive(serde::Serialize)] struct Y { x: i64 }\n#[checkpoint] fn calc() -> String { println!(\"ran\"); serde_json::to_string(&Y { x: 1 }).unwrap() }")
            .uses("serde").uses("serde_json").edit("{ x: i64 }", "{ #[serde(rename = \"y\")] x: i64 }"),
        rerun("26 29 T13", "docs_inside_a_derive_input", "/// One.\n#[derive(serde::Serialize)] struct Y { x: i64 }\n#[checkpoint] fn calc() -> String { println!(\"ran\"); serde_json::to_string(&Y { x: 1 }).unwrap() }")
            .uses("serde").uses("serde_json").edit("/// One.", "/// Two."),
        skip("12 26", "serde_derive_of_another_type", "#[derive(serde::Serialize)] #[serde(rename_all = \"camelCase\")] struct Y { #[serde(rename = \"z\")] x: i64 }\n#[derive(Debug, serde::Serialize, serde::Deserialize)] pub struct Other { #[serde(default)] y: i32 }\n#[checkpoint] fn calc() -> String { println!(\"ran\"); serde_json::to_string(&Y { x: 1 }).unwrap() }")
            .uses("serde").uses("serde_json").edit("y: i32", "y: u8, more: Vec<u8>"),
        skip("12 26", "serde_derive_of_another_type_by_import", "use serde::{Serialize, Deserialize};\n#[derive(Serialize)] struct Y { x: i64 }\n#[derive(Serialize, Deserialize)] pub enum Other { A, B(i32) }\n#[checkpoint] fn calc() -> String { println!(\"ran\"); serde_json::to_string(&Y { x: 1 }).unwrap() }")
            .uses("serde").uses("serde_json").edit("B(i32)", "B(u8)"),
        rerun("26", "result_type_has_a_serialize_impl", "#[derive(Debug, serde::Deserialize)] struct Y(i64);\nimpl serde::Serialize for Y { fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_newtype_struct(\"Y\", &(self.0 + 0)) } }\n#[checkpoint] fn calc() -> Y { println!(\"ran\"); Y(3) }")
            .uses("serde").edit("+ 0", "+ 1 - 1"),
    ]
}
