//! The simulator behind a loopback socket.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::task::{AbortHandle, JoinHandle};

use super::{clock::Clock, http::Client, serve};
use crate::{
    oauth::http::HttpRequest,
    simulator::{Decision, SILENCE, Simulator, Stuck},
};

/// A simulator that is being served. Dropping it closes the socket.
#[derive(Debug)]
pub struct SimulatorServer {
    address: SocketAddr,
    simulator: SharedSimulator,
    clock: Clock,
    task: AbortHandle,
}

/// A simulator that several tasks may ask.
#[derive(Clone, Debug)]
pub struct SharedSimulator(Arc<Mutex<Simulator>>);

impl SharedSimulator {
    /// Does something with the simulator while nobody else does.
    pub fn with<T>(&self, act: impl FnOnce(&mut Simulator) -> T) -> T {
        // `respond` leaves the simulator whole even where it panics: every step of it is complete by itself.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SimulatorServer {
    /// Binds `address` (port 0 for any), lets `build` make the simulator for the base URL that results, and serves it by
    /// the time of `clock`. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The system's error when the address cannot be bound.
    pub fn start(
        address: SocketAddr,
        clock: Clock,
        build: impl FnOnce(&str) -> Simulator,
    ) -> std::io::Result<Self> {
        let listener = serve::bind(address)?;
        let address = listener.local_addr()?;
        let simulator = SharedSimulator(Arc::new(Mutex::new(build(&format!("http://{address}")))));
        let shared = simulator.clone();
        let time = clock.clone();
        let task = tokio::spawn(serve::serve(listener, move |request| {
            let silent = request.path() == SILENCE;
            let response = shared.with(|simulator| simulator.respond(&request, time.now()));
            async move {
                if silent {
                    std::future::pending::<()>().await;
                }
                response
            }
        }));
        Ok(Self {
            address,
            simulator,
            clock,
            task: task.abort_handle(),
        })
    }

    /// Where it is served.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of its root, without a trailing slash.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets the simulator's person decide about an authorization request, and brings the redirect to its listener over real
    /// HTTP, as their browser would. `on_the_way` may change the redirect. Ends when the listener has answered.
    ///
    /// # Errors
    /// [`Stuck`] with the page at which the browser stopped, when no redirect came.
    pub fn decide(
        &self,
        authorization_url: &str,
        decision: Decision,
        on_the_way: impl FnOnce(&str) -> String,
        client: Client,
    ) -> JoinHandle<Result<(), Stuck>> {
        let now = self.clock.now();
        let decided = self
            .simulator
            .with(|simulator| simulator.decide(authorization_url, decision, now))
            .map(|redirect| on_the_way(&redirect));
        tokio::spawn(async move {
            let redirect = HttpRequest::get(decided?).with_header("Accept", "text/html");
            // Whether the listener answered, and how, is for the flow to say.
            let _ = client.send(&redirect).await;
            Ok(())
        })
    }

    /// The simulator itself.
    pub fn simulator(&self) -> SharedSimulator {
        self.simulator.clone()
    }
}

impl Drop for SimulatorServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
