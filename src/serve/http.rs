//! HTTP: requests come in, answers go out.

use std::io::{self, Write};
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use tiny_http::{Header, HeaderField};

use super::answer::{self, Answer, Request, Response, Server};
use super::page;
use super::stage::Stage;

/// How many requests are answered at once. Streams have a thread of their own each.
const THREADS: usize = 4;

/// After how long a silent stream says that it is still there, so that one
/// whose page is gone is noticed and ended.
const BREATH: Duration = Duration::from_secs(5);

/// A port that is listened on.
pub struct Listener {
    http: tiny_http::Server,
    port: u16,
}

impl Listener {
    /// Begins to listen. Port 0 is any that is free.
    ///
    /// # Errors
    /// The port is in use, or may not be used.
    pub fn bind(ip: IpAddr, port: u16) -> io::Result<Self> {
        let socket = TcpListener::bind((ip, port))?;
        let port = socket.local_addr()?.port();
        let http = tiny_http::Server::from_listener(socket, None).map_err(io::Error::other)?;
        Ok(Self { http, port })
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Answers requests until [`Listener::close`].
    pub fn serve(&self, server: &Server, stage: &Arc<Stage>) {
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    while let Ok(request) = self.http.recv() {
                        respond(request, server, stage);
                    }
                });
            }
        });
    }

    /// Ends [`Listener::serve`]: each of its threads ends after the request it works on.
    pub fn close(&self) {
        for _ in 0..THREADS {
            self.http.unblock();
        }
    }
}

fn respond(request: tiny_http::Request, server: &Server, stage: &Arc<Stage>) {
    let header = |name: &'static str| {
        let field: HeaderField = name.parse().expect("names of headers are ASCII");
        let found = request.headers().iter().find(|header| header.field == field);
        found.map(|header| header.value.as_str())
    };
    let asked = Request {
        method: request.method().as_str(),
        target: request.url(),
        host: header("Host"),
        origin: header("Origin"),
        if_none_match: header("If-None-Match"),
    };
    match answer::answer(&asked, server, &stage.scene()) {
        Answer::Whole(response) => {
            // Whoever asked may be gone.
            let _ = request.respond(whole(response));
        }
        Answer::Events => {
            let (server, stage) = (*server, stage.clone());
            std::thread::spawn(move || stream(request.into_writer(), &server, &stage));
        }
    }
}

fn whole(response: Response) -> tiny_http::Response<io::Cursor<Vec<u8>>> {
    let Response { status, headers, body } = response;
    let headers = headers.iter().filter_map(|(name, value)| Header::from_bytes(*name, value.as_bytes()).ok());
    let response = tiny_http::Response::from_data(body).with_status_code(status);
    headers.fold(response, |response, header| response.with_header(header)).with_chunked_threshold(usize::MAX)
}

const STREAM: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
    X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n\
    retry: 500\n\n";

/// Tells one page of everything that changes, until nobody listens.
fn stream(mut out: Box<dyn Write + Send>, server: &Server, stage: &Stage) {
    let mut say = |words: &str| out.write_all(words.as_bytes()).and_then(|()| out.flush()).is_ok();
    let mut scene = stage.scene();
    let mut goes_on = say(STREAM) && say(&page::event(server, &scene));
    while goes_on {
        goes_on = match stage.scene_after(scene.number, BREATH) {
            Some(next) => {
                scene = next;
                say(&page::event(server, &scene))
            }
            None => say(":\n\n"),
        };
    }
}
