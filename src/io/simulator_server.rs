//! The simulator behind a loopback socket.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::task::{AbortHandle, JoinHandle};

use crate::{
    io::{
        clock::Clock,
        http_client::Client,
        http_server::{self, Connections, HANG_UP},
        log,
    },
    oauth::http::{HttpRequest, HttpResponse},
    simulator::{
        Decision, Simulator, Stuck,
        testbed::{Delivery, Testbed},
    },
};

/// A simulator whose address is known and whose socket is open; requests wait until it is served.
#[derive(Debug)]
pub struct ReadySimulator {
    listener: TcpListener,
    address: SocketAddr,
    testbed: Testbed,
    clock: Clock,
}

impl ReadySimulator {
    /// Binds `address` (port 0 for any), and lets `build` make the simulator for the base URL that results. It goes by the
    /// time of `clock`.
    ///
    /// # Errors
    /// The system's error when the address cannot be bound.
    pub fn bind(
        address: SocketAddr,
        clock: Clock,
        build: impl FnOnce(&str) -> Simulator,
    ) -> io::Result<Self> {
        let listener = http_server::reserve(address)?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            testbed: Testbed::new(build(&base_url(address))),
            clock,
        })
    }

    /// The URL of its root, without a trailing slash.
    pub fn base_url(&self) -> String {
        base_url(self.address)
    }

    /// The simulator itself.
    pub fn simulator(&mut self) -> &mut Simulator {
        self.testbed.simulator()
    }

    /// What is around it.
    pub fn testbed(&mut self) -> &mut Testbed {
        &mut self.testbed
    }

    /// Serves it. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The system's error when the runtime cannot watch the socket.
    pub fn serve(self) -> io::Result<SimulatorServer> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let simulator = SharedSimulator(Arc::new(Mutex::new(self.testbed)));
        let (shared, time) = (simulator.clone(), self.clock.clone());
        let respond = move |request: HttpRequest| {
            let served = shared.with_testbed(|testbed| testbed.respond(&request, time.now()));
            if let Some(log) = log::on() {
                log.served(&request, &served.response);
            }
            async move {
                match served.delivery {
                    Delivery::AtOnce => served.response,
                    Delivery::After(millis) => {
                        tokio::time::sleep(Duration::from_millis(millis)).await;
                        served.response
                    }
                    Delivery::Never => std::future::pending().await,
                    Delivery::Closed => HttpResponse {
                        status: HANG_UP,
                        ..HttpResponse::default()
                    },
                }
            }
        };
        let task = tokio::spawn(http_server::serve(
            listener,
            Connections::KeptAlive,
            respond,
            || {},
        ));
        Ok(SimulatorServer {
            address: self.address,
            simulator,
            clock: self.clock,
            task: task.abort_handle(),
        })
    }
}

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}")
}

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
pub struct SharedSimulator(Arc<Mutex<Testbed>>);

impl SharedSimulator {
    /// Does something with the simulator, which is locked meanwhile.
    pub fn with<T>(&self, act: impl FnOnce(&mut Simulator) -> T) -> T {
        self.with_testbed(|testbed| act(testbed.simulator()))
    }

    /// Does something with the simulator and what is around it, locked meanwhile.
    pub fn with_testbed<T>(&self, act: impl FnOnce(&mut Testbed) -> T) -> T {
        // `respond` leaves the simulator whole even where it panics: every step of it is complete by itself.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SimulatorServer {
    /// Where it is served.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of its root, without a trailing slash.
    pub fn base_url(&self) -> String {
        base_url(self.address)
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

    /// Lets the simulator's person type a user code and decide.
    ///
    /// # Errors
    /// [`Stuck`] with the page that says that there is no such code.
    pub fn decide_device(&self, user_code: &str, decision: Decision) -> Result<(), Stuck> {
        let now = self.clock.now();
        self.simulator
            .with(|simulator| simulator.decide_device(user_code, decision, now))
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
