//! The simulator behind a loopback socket.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::task::AbortHandle;

use super::{clock::Clock, serve};
use crate::simulator::Simulator;

/// A simulator that is being served. Dropping it closes the socket.
#[derive(Debug)]
pub struct SimulatorServer {
    address: SocketAddr,
    simulator: SharedSimulator,
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
        let task = tokio::spawn(serve::serve(listener, move |request| {
            let response = shared.with(|simulator| simulator.respond(&request, clock.now()));
            std::future::ready(response)
        }));
        Ok(Self {
            address,
            simulator,
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
