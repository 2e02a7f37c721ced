//! Hashes what a collection holds: in its order, or sorted by hash where it has none.
//!
//! serde's `serialize_map` does not say of which type the map is, and an `IndexMap` has an order that
//! counts. The type's name is known one call before (`serialize_field::<T>` and the like), so it is
//! looked at there.

use super::canon::{Canon, Failed, kind};
use serde::ser::{self, Serialize};

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

/// A collection, struct or tuple that is being hashed.
pub(crate) struct Elements<'a> {
    canon: &'a mut Canon,
    count: u64,
    scattered: Option<Box<Scattered>>,
}

/// Elements without order: each is hashed on its own.
struct Scattered {
    canon: Canon,
    hashes: Vec<[u8; 32]>,
}

impl<'a> Elements<'a> {
    pub fn start(canon: &'a mut Canon, kind: u8, unordered: bool) -> Elements<'a> {
        canon.stream.token(if unordered { kind::SET } else { kind });
        let scattered = unordered.then(|| Box::new(Scattered { canon: Canon::new(), hashes: Vec::new() }));
        Elements { canon, count: 0, scattered }
    }

    pub fn is_ordered(&self) -> bool {
        self.scattered.is_none()
    }

    /// Adds numbers, given as their bytes.
    pub fn add_numbers(&mut self, kind: u8, width: usize, bytes: &[u8]) {
        self.count += (bytes.len() / width) as u64;
        self.canon.stream.primitives(kind, width, bytes);
    }

    #[inline]
    pub fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.count += 1;
        match &mut self.scattered {
            None => self.canon.value(value),
            Some(scattered) => {
                scattered.canon.value(value)?;
                self.canon.skipped |= scattered.canon.skipped;
                scattered.hashes.push(scattered.canon.stream.finish());
                Ok(())
            }
        }
    }

    fn add_named<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Failed> {
        // A skipped field leaves no trace but its name, so the names are part of the stream.
        self.canon.stream.bytes(kind::NAME, name.as_bytes());
        self.add(value)
    }

    pub fn finish(self) {
        if let Some(mut scattered) = self.scattered {
            scattered.hashes.sort_unstable();
            for hash in &scattered.hashes {
                self.canon.stream.bytes(kind::BYTES, hash);
            }
        }
        self.canon.stream.counted(kind::END, self.count);
    }
}

impl ser::SerializeSeq for Elements<'_> {
    type Ok = ();
    type Error = Failed;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.add(value)
    }

    fn end(self) -> Result<(), Failed> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTuple for Elements<'_> {
    type Ok = ();
    type Error = Failed;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.add(value)
    }

    fn end(self) -> Result<(), Failed> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Elements<'_> {
    type Ok = ();
    type Error = Failed;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.add(value)
    }

    fn end(self) -> Result<(), Failed> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Elements<'_> {
    type Ok = ();
    type Error = Failed;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.add(value)
    }

    fn end(self) -> Result<(), Failed> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeMap for Elements<'_> {
    type Ok = ();
    type Error = Failed;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failed> {
        match &mut self.scattered {
            None => self.canon.value(key),
            Some(scattered) => scattered.canon.value(key),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.add(value)
    }

    fn end(self) -> Result<(), Failed> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeStruct for Elements<'_> {
    type Ok = ();
    type Error = Failed;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Failed> {
        self.add_named(name, value)
    }

    fn skip_field(&mut self, _: &'static str) -> Result<(), Failed> {
        self.canon.skipped = true;
        Ok(())
    }

    fn end(self) -> Result<(), Failed> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeStructVariant for Elements<'_> {
    type Ok = ();
    type Error = Failed;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Failed> {
        self.add_named(name, value)
    }

    fn skip_field(&mut self, _: &'static str) -> Result<(), Failed> {
        self.canon.skipped = true;
        Ok(())
    }

    fn end(self) -> Result<(), Failed> {
        self.finish();
        Ok(())
    }
}
