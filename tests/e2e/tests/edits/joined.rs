//! Lists the cases of names that stand nowhere: a macro joins them from words, or makes them up.

use e2e::{Case, rerun, skip};

/// `join! { .. [<get_ u>] .. }` writes `get_u`; `#[derive(Maker)]` makes a type with a name of its own;
/// `call_helper!()` calls a function of the caller that it alone names.
const JOIN: &str = r#"
extern crate proc_macro;
use proc_macro::{Group, Ident, TokenStream, TokenTree};
#[proc_macro]
pub fn join(input: TokenStream) -> TokenStream {
    input.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let is = |at: usize, text: &str| inner.get(at).is_some_and(|token| token.to_string() == text);
            if !inner.is_empty() && is(0, "<") && is(inner.len() - 1, ">") {
                let words = inner[1..inner.len() - 1].iter().map(ToString::to_string);
                let span = inner[1].span();
                return TokenTree::Ident(Ident::new(&words.collect::<String>(), span.resolved_at(proc_macro::Span::call_site())));
            }
            TokenTree::Group(Group::new(group.delimiter(), join(group.stream())))
        }
        token => token,
    }).collect()
}
#[proc_macro_derive(Maker)]
pub fn maker(input: TokenStream) -> TokenStream {
    let text = input.to_string();
    let name = text.split("struct ").nth(1).unwrap().split(|c: char| !c.is_alphanumeric()).next().unwrap();
    let fields = text.matches(':').count();
    format!("struct {name}Maker; impl {name}Maker {{ fn fields(&self) -> i64 {{ {fields} }} }}").parse().unwrap()
}
#[proc_macro_derive(Wrap)]
pub fn wrap(input: TokenStream) -> TokenStream {
    let text = input.to_string();
    let name = text.split("struct ").nth(1).unwrap().split(|c: char| !c.is_alphanumeric()).next().unwrap();
    format!("impl std::ops::Deref for {name} {{ type Target = X; fn deref(&self) -> &X {{ &self.0 }} }}").parse().unwrap()
}
#[proc_macro]
pub fn call_helper(_: TokenStream) -> TokenStream {
    "crate::helper()".parse().unwrap()
}
"#;

/// The edit changes a one in braces.
fn changed(name: &'static str, items: &str, body: &str) -> Case {
    let code = format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n");
    rerun("28", name, &code).dep("join", JOIN).proc_macro("join").edit("{ 1 }", "{ 2 }")
}

pub fn cases() -> Vec<Case> {
    let get = "join::join! { fn [<get_ u>]() -> i64 { 1 } }";
    let inner = "mod k { join::join! { pub fn [<get_ u>]() -> i64 { 1 } } }";
    let one = "fn go_one() -> i64 { 1 }";
    vec![
        changed("joined_name_of_a_function", get, "get_u()"),
        changed("joined_name_behind_a_module", inner, "k::get_u()"),
        changed("joined_name_behind_an_import", &format!("{inner} use k::get_u;"), "get_u()"),
        changed("joined_name_behind_a_glob", &format!("{inner} use k::*;"), "get_u()"),
        changed("joined_name_by_a_macro_of_ours", "fn one() -> i64 { 1 }\nmacro_rules! get { ($($n:ident)*) => { join::join! { $(fn [<get_ $n>]() -> i64 { one() })* } } }\nget!(u v);", "get_u() + get_v()"),
        changed("joined_name_of_a_method", "struct X;\nmacro_rules! get { ($($n:ident)*) => { join::join! { impl X { $(fn [<get_ $n>](&self) -> i64 { 1 })* } } } }\nget!(u v);", "X.get_u() + X.get_v()"),
        changed("joined_name_of_a_method_of_a_trait", "trait Get { fn get_u(&self) -> i64; }\njoin::join! { impl Get for i32 { fn [<get_ u>](&self) -> i64 { 1 } } }", "5i32.get_u()"),
        changed("joined_name_of_a_type", "join::join! { struct [<Foo Bar>]; impl [<Foo Bar>] { fn go(&self) -> i64 { 1 } } }", "FooBar.go()"),
        changed("joined_name_that_is_called", one, "join::join! { [<go_ one>]() }"),
        changed("joined_name_that_a_macro_calls", &format!("{one}\nmacro_rules! call {{ ($n:ident) => {{ join::join! {{ [<go_ $n>]() }} }} }}"), "call!(one)"),
        changed("joined_name_of_a_method_that_is_called", "struct X; impl X { fn go_one(&self) -> i64 { 1 } }", "join::join! { X.[<go_ one>]() }"),
        changed("type_that_a_derive_makes", "#[derive(join::Maker)] #[allow(dead_code)] struct Foo { a: [u8; { 1 }] }", "FooMaker.fields()").edit("struct Foo {", "struct Foo { b: u8,"),
        changed("deref_that_a_derive_makes", "struct X; impl X { fn go(&self) -> i64 { 1 } }\nstruct Y; impl Y { fn go(&self) -> i64 { 5 } }\n#[derive(join::Wrap)] struct W(X);", "W(X).go() + 0 * Y.go()"),
        changed("function_that_a_macro_alone_names", "fn helper() -> i64 { 1 }", "join::call_helper!()"),
        skip("12", "joined_name_of_another_function", &format!("{one}\n#[allow(dead_code)] fn go_two() -> i64 {{ 3 }}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); join::join! {{ [<go_ one>]() }} }}\n"))
            .dep("join", JOIN)
            .proc_macro("join")
            .edit("{ 3 }", "{ 4 }"),
    ]
}
