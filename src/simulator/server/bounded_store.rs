//! A bounded store: when the room is used up, the oldest thing goes. However long the simulator runs, it does not grow.

use std::collections::{BTreeMap, HashMap};

use subtle::ConstantTimeEq;

/// Things under keys that cannot be guessed, oldest first. What is looked up is hashed with a key of this process, so that the
/// time it takes tells nothing of the keys there are.
#[derive(Clone)]
pub(crate) struct Shelf<T> {
    room: usize,
    put: u64,
    places: HashMap<String, u64>,
    things: BTreeMap<u64, (String, T)>,
}

impl<T> Shelf<T> {
    /// An empty shelf that never holds more than `room` things.
    pub(crate) fn new(room: usize) -> Self {
        Self {
            room,
            put: 0,
            places: HashMap::new(),
            things: BTreeMap::new(),
        }
    }

    /// Changes how many things there is room for.
    pub(crate) fn set_room(&mut self, room: usize) {
        self.room = room;
        self.shed();
    }

    /// Puts a thing on the shelf in place of whatever had that key.
    pub(crate) fn put(&mut self, key: String, thing: T) {
        self.put += 1;
        if let Some(before) = self.places.insert(key.clone(), self.put) {
            self.things.remove(&before);
        }
        self.things.insert(self.put, (key, thing));
        self.shed();
    }

    fn shed(&mut self) {
        while self.things.len() > self.room {
            if let Some((_, (key, _))) = self.things.pop_first() {
                self.places.remove(&key);
            }
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.get_key_value(key).map(|(_, thing)| thing)
    }

    /// A thing with the key that it is kept under.
    pub(crate) fn get_key_value(&self, key: &str) -> Option<(&str, &T)> {
        let (key, thing) = self.things.get(self.places.get(key)?)?;
        Some((key, thing))
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        let (_, thing) = self.things.get_mut(self.places.get(key)?)?;
        Some(thing)
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<T> {
        let (_, thing) = self.things.remove(&self.places.remove(key)?)?;
        Some(thing)
    }

    /// Takes away everything of which that is not true.
    pub(crate) fn retain(&mut self, stays: impl Fn(&T) -> bool) {
        let places = &mut self.places;
        self.things.retain(|_, (key, thing)| {
            let stays = stays(thing);
            if !stays {
                places.remove(key);
            }
            stays
        });
    }

    /// Keys and things, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &T)> {
        self.things.values().map(|(key, thing)| (key.as_str(), thing))
    }

    pub(crate) fn room(&self) -> usize {
        self.room
    }

    pub(crate) fn len(&self) -> usize {
        self.things.len()
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

    #[test]
    fn what_went_is_found_no_more_and_leaves_nothing_behind() {
        let mut shelf = Shelf::new(3);
        for number in 0..10 {
            shelf.put(format!("k{number}"), number);
        }
        shelf.retain(|number| *number != 8);
        shelf.set_room(1);
        assert_eq!(shelf.iter().collect::<Vec<_>>(), [("k9", &9)]);
        assert_eq!(
            (shelf.places.len(), shelf.get("k8"), shelf.get("k0")),
            (1, None, None)
        );
    }
}
