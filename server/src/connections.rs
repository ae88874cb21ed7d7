//! Connections: how many there may be, and how long each may take for what. Whoever sends nothing, sends without an
//! end or reads nothing is closed; whoever opens many keeps out nobody else.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::asked::Server;
use app::outside::Address;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub connections_max: usize,
    /// From one address that is no proxy of ours.
    pub of_address_max: usize,
    /// For the headers of a request, and for being idle between two.
    pub headers: Duration,
    /// For the other side to take anything of an answer.
    pub writing: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 2_000,
            of_address_max: 200,
            headers: Duration::from_secs(20),
            writing: Duration::from_secs(30),
        }
    }
}

/// Answers until the server is told to stop, and ends what is under way.
pub async fn serve(listener: TcpListener, router: Router, server: &Server, limits: Limits) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.headers);
    let (seats, graceful) = (Seats::new(limits), GracefulShutdown::new());
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = server.lifecycle.stopping() => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // No file is left to open, mostly: others close theirs.
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let is_proxy = server.outside.is_proxy(peer.ip().to_canonical());
        let Some(seat) = seats.take(peer.ip(), is_proxy) else { continue };
        let service = answering(router.clone(), peer);
        let connection = graceful.watch(http.serve_connection(TokioIo::new(timed(stream, limits)), service));
        connections.spawn(async move {
            // A connection that ends early is the other side's own affair.
            let _ = connection.await;
            drop(seat);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

fn timed(stream: TcpStream, limits: Limits) -> std::pin::Pin<Box<TimeoutStream<TcpStream>>> {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.writing));
    Box::pin(stream)
}

fn answering(
    router: Router,
    peer: SocketAddr,
) -> impl hyper::service::Service<
    hyper::Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send + 'static,
> {
    hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    })
}

/// Who is connected, by address.
#[derive(Clone)]
struct Seats {
    taken: Arc<Mutex<Taken>>,
    limits: Limits,
}

#[derive(Default)]
struct Taken {
    all: usize,
    of: HashMap<String, usize>,
}

struct Seat {
    of: Option<String>,
    taken: Arc<Mutex<Taken>>,
}

impl Seats {
    fn new(limits: Limits) -> Self {
        Self { taken: Arc::default(), limits }
    }

    /// A proxy has everybody's connections.
    fn take(&self, peer: IpAddr, is_proxy: bool) -> Option<Seat> {
        let mut taken = self.taken.lock().ok()?;
        if taken.all >= self.limits.connections_max {
            return None;
        }
        let of = (!is_proxy).then(|| Address::from(peer).0);
        if let Some(of) = &of {
            let count = taken.of.entry(of.clone()).or_default();
            if *count >= self.limits.of_address_max {
                return None;
            }
            *count += 1;
        }
        taken.all += 1;
        Some(Seat { of, taken: self.taken.clone() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Ok(mut taken) = self.taken.lock() else { return };
        taken.all -= 1;
        let Some(of) = self.of.take() else { return };
        let Some(count) = taken.of.get_mut(&of) else { return };
        *count -= 1;
        if *count == 0 {
            taken.of.remove(&of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_take_every_seat() {
        let seats = Seats::new(Limits { connections_max: 5, of_address_max: 3, ..Limits::default() });
        let (one, other) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let taken: Vec<Seat> = (0..9).filter_map(|_| seats.take(one, false)).collect();
        assert_eq!(taken.len(), 3);
        assert!(seats.take(other, false).is_some());
        drop(taken);
        assert_eq!((0..9).filter_map(|_| seats.take(other, true)).map(std::mem::forget).count(), 5, "a proxy has all");
        assert!(seats.take(one, false).is_none());
    }
}
