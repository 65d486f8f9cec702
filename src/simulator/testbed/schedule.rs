//! When a fault happens: always, at the n-th request that it concerns, at every n-th, for one client, in one request.

use crate::{
    oauth::params::Params,
    simulator::testbed::{
        endpoint::Endpoint,
        fault::{FAULTS, SLOW, ServerFault},
        wrong::Wrong,
    },
};

/// A fault with its occasion.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheduled {
    /// What happens.
    pub fault: &'static ServerFault,
    /// Only at that request, counted from 1.
    pub nth: Option<u64>,
    /// At every so manyth request.
    pub every: Option<u64>,
    /// Only in requests of that client.
    pub client: Option<String>,
    /// How late an answer is that comes late, in milliseconds.
    pub ms: u64,
}

impl Scheduled {
    /// A fault in every request that it concerns.
    pub fn always(fault: &'static ServerFault) -> Self {
        Self {
            fault,
            nth: None,
            every: None,
            client: None,
            ms: SLOW,
        }
    }

    /// Reads `code_expired`, or with its occasion `code_expired,nth=2,client=ID`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let mut parts = text.split(',').map(str::trim);
        let mut read = Self::always(named(parts.next().unwrap_or_default())?);
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let number = || match value.parse() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(Wrong::new("number", part, "")),
            };
            match name.trim() {
                "nth" => read.nth = Some(number()?),
                "every" => read.every = Some(number()?),
                "ms" => read.ms = number()?,
                "client" => read.client = Some(value.to_owned()),
                other => return Err(Wrong::new("occasion", other, "nth, every, client, ms")),
            }
        }
        Ok(read)
    }
}

/// The fault of that name.
///
/// # Errors
/// That there is none, and which was probably meant.
pub fn named(name: &str) -> Result<&'static ServerFault, Wrong> {
    ServerFault::of_name(name).map_err(|meant| {
        if let Some(meant) = meant {
            return Wrong::new("fault_near", name, meant);
        }
        let names: Vec<_> = FAULTS.iter().map(|fault| fault.name).collect();
        Wrong::new("fault", name, names.join(", "))
    })
}

/// A scheduled fault that is kept, and how often it could have happened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Planned {
    pub(crate) number: u64,
    pub(crate) scheduled: Scheduled,
    /// Requests that it concerned.
    pub(crate) met: u64,
    pub(crate) happened: u64,
}

/// Everything that is scheduled. Bounded: whoever asks for more is told so.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plan {
    last: u64,
    planned: Vec<Planned>,
}

/// How many faults can be scheduled at a time.
pub(crate) const PLANNED: usize = 100;

impl Plan {
    pub(crate) fn add(&mut self, scheduled: Scheduled) -> Result<u64, Wrong> {
        if self.planned.len() >= PLANNED {
            return Err(Wrong::new("too_many_faults", PLANNED.to_string(), ""));
        }
        self.last += 1;
        self.planned.push(Planned {
            number: self.last,
            scheduled,
            met: 0,
            happened: 0,
        });
        Ok(self.last)
    }

    pub(crate) fn remove(&mut self, number: u64) -> bool {
        let before = self.planned.len();
        self.planned.retain(|planned| planned.number != number);
        self.planned.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.planned.clear();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Planned> {
        self.planned.iter()
    }

    /// The faults that happen to a request. Each that it concerns has met one request more.
    pub(crate) fn due(
        &mut self,
        endpoint: Endpoint,
        sent: &Params,
        client: Option<&str>,
        redirect: bool,
    ) -> Vec<(&'static ServerFault, u64)> {
        let mut due = Vec::new();
        for planned in &mut self.planned {
            let Scheduled {
                fault, nth, every, ..
            } = planned.scheduled;
            let of_client = planned.scheduled.client.as_deref();
            if fault.is_of_the_redirect() != redirect
                || !fault.concerns(endpoint, sent)
                || of_client.is_some_and(|id| client != Some(id))
            {
                continue;
            }
            planned.met += 1;
            let met = planned.met;
            if nth.is_none_or(|nth| met == nth) && every.is_none_or(|every| met.is_multiple_of(every)) {
                planned.happened += 1;
                due.push((fault, planned.scheduled.ms));
            }
        }
        due
    }
}
