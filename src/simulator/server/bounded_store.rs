//! A bounded store: when the room is used up, the oldest thing goes. However long the simulator runs, it does not grow.

use std::collections::VecDeque;

use subtle::ConstantTimeEq;

/// Things under keys that cannot be guessed, oldest first.
#[derive(Clone)]
pub(crate) struct Shelf<T> {
    room: usize,
    things: VecDeque<(String, T)>,
}

impl<T> Shelf<T> {
    /// An empty shelf that never holds more than `room` things.
    pub(crate) fn new(room: usize) -> Self {
        Self {
            room,
            things: VecDeque::new(),
        }
    }

    /// Puts a thing on the shelf in place of whatever had that key.
    pub(crate) fn put(&mut self, key: String, thing: T) {
        self.take(&key);
        self.things.push_back((key, thing));
        while self.things.len() > self.room {
            self.things.pop_front();
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.things
            .iter()
            .find(|(k, _)| same(k, key))
            .map(|(_, thing)| thing)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.things
            .iter_mut()
            .find(|(k, _)| same(k, key))
            .map(|(_, thing)| thing)
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<T> {
        let at = self.things.iter().position(|(k, _)| same(k, key))?;
        self.things.remove(at).map(|(_, thing)| thing)
    }

    /// Takes away everything of which that is not true.
    pub(crate) fn retain(&mut self, stays: impl Fn(&T) -> bool) {
        self.things.retain(|(_, thing)| stays(thing));
    }

    /// Keys and things, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.things.iter().map(|(key, thing)| (key.as_str(), thing))
    }
}

/// Compares two secrets in a time that does not depend on where they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use crate::simulator::server::bounded_store::*;

    #[test]
    fn the_oldest_thing_makes_room() {
        let mut shelf = Shelf::new(2);
        for (key, thing) in [("a", 1), ("b", 2), ("a", 3), ("c", 4)] {
            shelf.put(key.into(), thing);
        }
        assert_eq!(shelf.iter().collect::<Vec<_>>(), [("a", &3), ("c", &4)]);
        assert_eq!(shelf.take("a"), Some(3));
        assert_eq!(shelf.get("a"), None);
    }
}
