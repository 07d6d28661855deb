//! HTTP: requests come in, answers go out. As much of it as a browser on this
//! machine needs: requests without a body, one after the other on a connection,
//! a thread for each connection.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::answer::{self, Answer, Request, Response, Server};
use super::page;
use super::stage::Stage;

/// Most connections at once. A browser opens six to a server. One more takes the place of the one that
/// has been silent for longest, so that connections on which nothing is asked keep nobody out.
const MOST: usize = 256;
/// Largest head of a request, in bytes, and most headers in it.
const LARGEST: usize = 32 << 10;
const HEADERS: usize = 100;
/// How long a connection may be silent.
const PATIENCE: Duration = Duration::from_secs(30);
/// After how long a silent stream says that it is still there, so that one
/// whose page is gone is noticed and ended.
const BREATH: Duration = Duration::from_secs(5);

/// A port that is listened on.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    open: Arc<Open>,
}

/// The connections there are: a handle to end each by, and when something was last read or asked on it.
#[derive(Debug, Default)]
struct Open(Mutex<BTreeMap<u64, (Instant, TcpStream)>>);

impl Open {
    fn all(&self) -> MutexGuard<'_, BTreeMap<u64, (Instant, TcpStream)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one in; if there are too many, the one that was silent for longest is ended.
    fn enter(&self, number: u64, stream: &TcpStream) -> io::Result<()> {
        let handle = stream.try_clone()?;
        let mut all = self.all();
        if all.len() >= MOST {
            let silent = all.iter().min_by_key(|(_, (since, _))| *since).map(|(number, _)| *number);
            let ended = silent.and_then(|number| all.remove(&number));
            // Its thread reads an end, and is gone.
            let _ = ended.map(|(_, stream)| stream.shutdown(Shutdown::Both));
        }
        all.insert(number, (Instant::now(), handle));
        Ok(())
    }

    /// Something was asked.
    fn stir(&self, number: u64) {
        if let Some((since, _)) = self.all().get_mut(&number) {
            *since = Instant::now();
        }
    }

    fn leave(&self, number: u64) {
        self.all().remove(&number);
    }
}

/// One of the connections that are counted, until it is dropped: also if its thread panics.
struct Entry<'a> {
    number: u64,
    open: &'a Open,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.open.leave(self.number);
    }
}

impl Listener {
    /// Begins to listen. Port 0 is any that is free.
    ///
    /// # Errors
    /// The port is in use, or may not be used.
    pub fn bind(ip: IpAddr, port: u16) -> io::Result<Self> {
        let socket = TcpListener::bind((ip, port))?;
        let address = socket.local_addr()?;
        Ok(Self { socket, address, open: Arc::default() })
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Answers requests, for as long as the program runs.
    pub fn serve(&self, server: &Server, stage: &Arc<Stage>) {
        for (number, stream) in (0..).zip(self.socket.incoming()) {
            // One that is gone before it was begun does not matter.
            let Ok(stream) = stream else { continue };
            if self.open.enter(number, &stream).is_err() {
                continue;
            }
            let (server, stage, open) = (*server, stage.clone(), self.open.clone());
            let attend = move || {
                let _entry = Entry { number, open: &open };
                // Whoever asked may be gone at any time.
                let _ = Connection { stream, read: Vec::new(), number, open: &open }.attend(&server, &stage);
            };
            if std::thread::Builder::new().spawn(attend).is_err() {
                // There is no thread for it now; the next one may have more luck.
                self.open.leave(number);
            }
        }
    }
}

/// One connection: what was read of it and is not yet answered.
struct Connection<'a> {
    stream: TcpStream,
    read: Vec<u8>,
    number: u64,
    open: &'a Open,
}

/// What becomes of a connection after an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Stays,
    Ends,
}

impl Connection<'_> {
    /// Answers one request after the other.
    fn attend(&mut self, server: &Server, stage: &Stage) -> io::Result<()> {
        self.stream.set_read_timeout(Some(PATIENCE))?;
        self.stream.set_write_timeout(Some(PATIENCE))?;
        self.stream.set_nodelay(true)?;
        while self.one(server, stage)? == Next::Stays {}
        Ok(())
    }

    /// Reads a request and answers it.
    fn one(&mut self, server: &Server, stage: &Stage) -> io::Result<Next> {
        let mut bytes = [0; 4096];
        loop {
            let mut headers = [httparse::EMPTY_HEADER; HEADERS];
            let mut head = httparse::Request::new(&mut headers);
            match head.parse(&self.read) {
                Ok(httparse::Status::Complete(length)) => {
                    self.open.stir(self.number);
                    let asked = request(&head);
                    let next = if goes_on(&head) { Next::Stays } else { Next::Ends };
                    let with_body = asked.method != "HEAD";
                    let answer = answer::answer(&asked, server, &stage.scene());
                    self.read.drain(..length);
                    return match answer {
                        Answer::Whole(response) => send(&mut self.stream, &response, with_body, next),
                        Answer::Events => follow(&mut self.stream, server, stage),
                    };
                }
                Ok(httparse::Status::Partial) if self.read.len() < LARGEST => {}
                _ => {
                    let refused = answer::plain(400, "The request cannot be read.");
                    return send(&mut self.stream, &refused, true, Next::Ends);
                }
            }
            match self.stream.read(&mut bytes) {
                Ok(0) => return Ok(Next::Ends),
                Ok(count) => self.read.extend_from_slice(&bytes[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// What a request asks for. A header that counts and is there twice, or is not
/// UTF-8, is as good as none.
fn request<'a>(head: &httparse::Request<'_, 'a>) -> Request<'a> {
    Request {
        method: head.method.unwrap_or_default(),
        target: head.path.unwrap_or_default(),
        host: header(head, "Host"),
        // An origin that cannot be read is a strange one.
        origin: has(head, "Origin").then(|| header(head, "Origin").unwrap_or("null")),
        if_none_match: header(head, "If-None-Match"),
    }
}

fn header<'a>(head: &httparse::Request<'_, 'a>, name: &str) -> Option<&'a str> {
    let mut found = head.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
    let value = found.next()?.value;
    if found.next().is_some() { None } else { std::str::from_utf8(value).ok() }
}

fn has(head: &httparse::Request<'_, '_>, name: &str) -> bool {
    head.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name))
}

/// Whether another request may follow. One with a body is not read to its end.
fn goes_on(head: &httparse::Request<'_, '_>) -> bool {
    let closes = header(head, "Connection").is_some_and(|value| value.to_ascii_lowercase().contains("close"));
    let has_body = has(head, "Content-Length") || has(head, "Transfer-Encoding");
    head.version == Some(1) && !closes && !has_body
}

fn send(out: &mut impl Write, response: &Response, with_body: bool, next: Next) -> io::Result<Next> {
    let Response { status, headers, body } = response;
    let reason = match status {
        200 => "OK",
        301 => "Moved Permanently",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "Service Unavailable",
    };
    let mut bytes = format!("HTTP/1.1 {status} {reason}\r\n").into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    let connection = if next == Next::Stays { "keep-alive" } else { "close" };
    bytes.extend_from_slice(
        format!("Content-Length: {}\r\nConnection: {connection}\r\n\r\n", body.len()).as_bytes(),
    );
    if with_body && *status != 304 {
        bytes.extend_from_slice(body);
    }
    out.write_all(&bytes)?;
    Ok(next)
}

const STREAM: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
    X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n\
    retry: 500\n\n";

/// Tells one page of everything that changes, until nobody listens.
fn follow(out: &mut impl Write, server: &Server, stage: &Stage) -> io::Result<Next> {
    let mut scene = stage.scene();
    out.write_all(format!("{STREAM}{}", page::event(server, &scene)).as_bytes())?;
    loop {
        match stage.scene_after(scene.number, BREATH) {
            Some(next) => {
                scene = next;
                out.write_all(page::event(server, &scene).as_bytes())?;
            }
            None => out.write_all(b":\n\n")?,
        }
    }
}
