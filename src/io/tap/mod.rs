//! The tap's sockets: a proxy on loopback that passes requests on to a provider as they are, and tells what passed.
//!
//! ```text
//! program ─► Tap ─► provider
//!             └─► Event (channel) ─► sources::tap::Recorder
//! ```
//!
//! It is a reverse proxy for a program that was given its address, and a forward proxy for one that was started with it.
//! Then it opens what goes to the provider, by certificates of its own ([`authority`]), and tunnels all else unread.
//!
//! A flow is told when its last byte has passed, and also when one side went away before. Who takes part in a flow waits
//! for a place in the channel before it is passed on, so that nothing is lost and memory stays bounded however slow the
//! reader is.

pub mod authority;
pub mod child;
mod forward;
mod rewrite;
mod service;
mod tape;
mod upstream;

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64},
    },
    time::Duration,
};

use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc},
};

use crate::{
    io::{
        clock::Clock,
        tap::{authority::Authority, upstream::Upstream},
    },
    lab::in_flight::InFlight,
    providers::Provider,
    sources::tap::{Event, routes::Routes},
};

/// Connections at a time. More wait until one has ended.
const CONNECTIONS: usize = 1024;
/// How long a client may take to send a request head.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// How many flows may be under way or wait to be read.
pub const QUEUE: usize = 256;

/// What a tap is set up with.
#[derive(Debug)]
pub struct TapOptions {
    /// The provider that requests are passed on to.
    pub provider: Provider,
    /// A PEM file with further certificate authorities to trust.
    pub ca_file: Option<PathBuf>,
    /// What a program is answered when the provider cannot be reached: `{origin}`, `{reason}`.
    pub unreachable: String,
    /// The clock.
    pub clock: Clock,
    /// Certificates for the provider's hosts: it is a forward proxy as well.
    pub authority: Option<Authority>,
    /// A fault to be made in what passes.
    pub fault: Option<InFlight>,
    /// Counts the requests to the provider, whatever they are for.
    pub requests: Arc<AtomicU64>,
}

/// What all connections share.
struct Shared {
    options: TapOptions,
    routes: Routes,
    own: String,
    upstream: Upstream,
    events: mpsc::Sender<Event>,
    /// Authorization requests, redirects and token requests so far, for a fault that waits for one of them.
    seen: [AtomicU32; 3],
}

/// A proxy whose socket is open.
pub struct Tap {
    listener: TcpListener,
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Tap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tap")
            .field("own", &self.shared.own)
            .finish_non_exhaustive()
    }
}

impl Tap {
    /// A tap at `listener`, which must not block. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The system's error when the runtime cannot watch the socket.
    pub fn new(
        listener: std::net::TcpListener,
        options: TapOptions,
        events: mpsc::Sender<Event>,
    ) -> std::io::Result<Self> {
        let own = base_url(listener.local_addr()?);
        Ok(Self {
            listener: TcpListener::from_std(listener)?,
            shared: Arc::new(Shared {
                routes: Routes::of(&options.provider),
                own,
                upstream: Upstream::new(options.ca_file.clone()),
                options,
                events,
                seen: Default::default(),
            }),
        })
    }

    /// Passes requests on until it is dropped.
    pub async fn serve(self) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let Ok(place) = places.clone().acquire_owned().await else {
                return;
            };
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let shared = self.shared.clone();
                    tokio::spawn(async move {
                        forward::connection(stream, &shared).await;
                        drop(place);
                    });
                }
                // Out of file descriptors, or the client went away.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }
}

/// The URL of the root of a tap at that address, without a trailing slash.
pub fn base_url(address: SocketAddr) -> String {
    format!("http://{address}")
}
