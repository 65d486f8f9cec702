//! The places of a server: which connections are open, and which one has to go when another comes.

use std::collections::VecDeque;

/// Open connections in two queues, oldest first: those whose request is still being read, and those whose answer is being
/// made or written. Each queue has its own bound, so that whoever waits in an answer takes no place from a request that is
/// on its way, and a newcomer always finds a place: the oldest of the queue goes.
#[derive(Debug)]
pub struct Places<H> {
    last: u64,
    /// How many may be read, and answered, at a time.
    limits: (usize, usize),
    reading: VecDeque<(u64, H)>,
    answering: VecDeque<(u64, H)>,
}

impl<H> Places<H> {
    /// No connection yet, and room for so many whose request is read, and so many that are answered.
    pub fn new(reading: usize, answering: usize) -> Self {
        Self {
            last: 0,
            limits: (reading, answering),
            reading: VecDeque::new(),
            answering: VecDeque::new(),
        }
    }

    /// Takes in a connection. Gives its number, and the oldest unfinished one, which has to go for it.
    #[must_use = "what is given back has to be closed"]
    pub fn enter(&mut self, handle: H) -> (u64, Option<H>) {
        let dropped = (self.reading.len() >= self.limits.0)
            .then(|| self.shed_reading())
            .flatten();
        self.last += 1;
        self.reading.push_back((self.last, handle));
        (self.last, dropped)
    }

    /// The request of a connection is whole. Gives the connection whose answer was begun the longest ago, where there are
    /// too many of them.
    #[must_use = "what is given back has to be closed"]
    pub fn request_is_whole(&mut self, number: u64) -> Option<H> {
        let at = position(&self.reading, number)?;
        let (number, handle) = self.reading.remove(at)?;
        let dropped = (self.answering.len() >= self.limits.1)
            .then(|| self.answering.pop_front())
            .flatten();
        self.answering.push_back((number, handle));
        dropped.map(|(_, handle)| handle)
    }

    /// A connection has ended.
    pub fn leave(&mut self, number: u64) {
        for queue in [&mut self.reading, &mut self.answering] {
            if let Some(at) = position(queue, number) {
                queue.remove(at);
            }
        }
    }

    /// Gives up the oldest connection whose request is unfinished.
    pub fn shed_reading(&mut self) -> Option<H> {
        self.reading.pop_front().map(|(_, handle)| handle)
    }
}

fn position<H>(queue: &VecDeque<(u64, H)>, number: u64) -> Option<usize> {
    queue.iter().position(|(n, _)| *n == number)
}

#[cfg(test)]
mod tests {
    use crate::io::places::*;

    #[test]
    fn a_newcomer_takes_the_place_of_the_oldest_unfinished_request() {
        let mut places = Places::new(3, 1);
        for (number, connection) in [(1, "a"), (2, "b"), (3, "c")] {
            assert_eq!(places.enter(connection), (number, None));
        }
        assert_eq!(places.enter("d"), (4, Some("a")));
        places.leave(2);
        assert_eq!(places.enter("e"), (5, None), "b has left");
        assert_eq!(places.enter("f"), (6, Some("c")));
    }

    #[test]
    fn who_waits_in_an_answer_takes_no_place_from_a_request_on_its_way() {
        let mut places = Places::new(2, 2);
        for connection in ["a", "b"] {
            let (number, dropped) = places.enter(connection);
            assert_eq!((dropped, places.request_is_whole(number)), (None, None));
        }
        assert_eq!(places.enter("c"), (3, None));
        assert_eq!(places.enter("d"), (4, None));
        assert_eq!(
            places.request_is_whole(4),
            Some("a"),
            "the answer that was begun first"
        );
        assert_eq!(places.enter("e"), (5, None));
        assert_eq!(
            places.enter("f"),
            (6, Some("c")),
            "never one that is being answered"
        );
    }

    #[test]
    fn what_was_dropped_already_changes_nothing() {
        let mut places = Places::new(1, 1);
        assert_eq!(places.enter('a'), (1, None));
        assert_eq!(places.enter('b'), (2, Some('a')));
        assert_eq!(places.request_is_whole(1), None);
        places.leave(1);
        assert_eq!(places.shed_reading(), Some('b'));
        assert_eq!(places.shed_reading(), None);
    }
}
