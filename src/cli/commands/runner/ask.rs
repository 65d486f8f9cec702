//! Single requests that a person has asked for, until each has ended.

use tokio::sync::mpsc;

use crate::{
    cli::commands::{runner::Driver, signals},
    flow::{
        configuration::Configuration,
        event::{Command, Event},
        transcript::Purpose,
    },
    oauth::http::HttpRequest,
};

impl Driver<'_> {
    /// Begins with these values and sends these requests, one after the other or at once, until each has ended.
    pub async fn ask(
        &mut self,
        configuration: Configuration,
        requests: Vec<(HttpRequest, Purpose)>,
        at_once: bool,
        events: &mut mpsc::Receiver<Event>,
    ) {
        let mut interrupted = std::pin::pin!(signals::ended());
        self.command(Command::Authorize(Box::new(configuration)));
        let mut left = requests.into_iter();
        loop {
            if at_once || !self.flow.status().is_under_way() {
                match left.next() {
                    Some((request, purpose)) => {
                        self.command(Command::Probe(request, purpose));
                        continue;
                    }
                    None if !self.flow.status().is_under_way() => return,
                    None => {}
                }
            }
            tokio::select! {
                biased;
                () = &mut interrupted => {
                    self.command(Command::Cancel);
                    return;
                }
                Some(event) = events.recv() => {
                    let effects = self.flow.on(event, self.clock.now());
                    self.edge.perform_all(effects);
                }
            }
        }
    }
}
