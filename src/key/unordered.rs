//! Tells which collections have no order.
//!
//! serde's `serialize_map` does not say of which type the map is, and an `IndexMap` has an order that
//! counts. The type's name is known one call before (`serialize_field::<T>` and the like), so it is
//! looked at there.

/// Types that serialise as what they hold and nothing else.
const WRAPPERS: [&str; 11] = [
    "alloc::boxed::Box<",
    "alloc::rc::Rc<",
    "alloc::sync::Arc<",
    "alloc::borrow::Cow<",
    "core::cell::RefCell<",
    "core::cell::Cell<",
    "core::cmp::Reverse<",
    "core::num::saturating::Saturating<",
    "core::num::wrapping::Wrapping<",
    "std::sync::poison::mutex::Mutex<",
    "std::sync::poison::rwlock::RwLock<",
];

/// Whether a type's name is that of std's `HashMap` or `HashSet`, or of a pointer to one.
#[inline]
pub(crate) fn is(type_name: &str) -> bool {
    // The shortest is longer than this; primitives, the hot case, are not.
    type_name.len() > 32 && is_long(type_name)
}

fn is_long(mut name: &str) -> bool {
    loop {
        let before = name;
        name = name.trim_start_matches('&');
        name = name.strip_prefix("mut ").unwrap_or(name);
        for wrapper in WRAPPERS {
            name = name.strip_prefix(wrapper).unwrap_or(name);
        }
        if name == before {
            return name.starts_with("std::collections::hash::map::HashMap<")
                || name.starts_with("std::collections::hash::set::HashSet<");
        }
    }
}
