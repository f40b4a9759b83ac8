//! One connection to an X server: requests go out, answers are read in order. Every look has an end. Where an answer was
//! lost or isn't understood, what follows could be anything, pixels for one: nothing is read from that connection again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, BufReader, Read as _, Write as _};
use std::time::Duration;

use x11rb_protocol::{
    protocol::xproto::{
        AtomEnum, ChangeWindowAttributesAux, ChangeWindowAttributesRequest, EventMask, GetInputFocusRequest,
        InternAtomRequest, QueryExtensionRequest, Screen, Setup, Window,
    },
    x11_utils::{ReplyRequest, Request, TryParse as _},
};

use super::wire;
use crate::{
    deadline::{Deadline, Timed},
    source::SourceError,
};

/// A server that isn't connected to within so long is stuck.
const PATIENCE: Duration = Duration::from_secs(5);
/// What stands before every answer.
const HEAD: usize = 32;
/// No answer that is read whole is larger; pictures are read piece by piece.
const REPLY_MAX: usize = 4 << 20;
/// Requests that are sent before their answers are read: small enough for the socket to take all of them.
pub(super) const AT_ONCE: usize = 128;

const ERROR: u8 = 0;
const REPLY: u8 = 1;
const GENERIC_EVENT: u8 = 35;
/// The first and the last of the events that tell of windows that come, go or move.
const MOVES: std::ops::RangeInclusive<u8> = 16..=26;
/// Of these the two by which a window gets into another one: it is made there, or put there.
const INTO: [u8; 2] = [16, 21];
/// The event that tells of a property that changed.
const PROPERTY: u8 = 28;
/// The properties beside `WM_NAME` that have a title. The last is what a window manager shows instead.
pub(super) const TITLES: [&str; 2] = ["_NET_WM_NAME", "_NET_WM_VISIBLE_NAME"];

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    wire: BufReader<Timed>,
    /// Requests that are to be sent.
    out: Vec<u8>,
    setup: Setup,
    screen: usize,
    /// Whether an answer was lost or not understood.
    is_broken: bool,
    /// The number of the last request, as far as answers repeat it.
    sent: u16,
    extensions: BTreeMap<&'static str, Option<u8>>,
    atoms: BTreeMap<&'static str, u32>,
    /// So many events told of windows that came, went or moved.
    moves: u64,
    /// So many told of a title that changed, for each window.
    renames: BTreeMap<Window, u64>,
}

/// The server's refusal of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) u8);

impl Connection {
    /// Connects to the display of this name.
    pub(super) fn open(name: &str) -> Result<Self, SourceError> {
        let (wire, setup, screen) = wire::open(name, PATIENCE)?;
        Ok(Self {
            wire,
            out: Vec::new(),
            setup,
            screen,
            is_broken: false,
            sent: 0,
            extensions: BTreeMap::new(),
            atoms: BTreeMap::new(),
            moves: 0,
            renames: BTreeMap::new(),
        })
    }

    /// Another one instead of this one. What happened meanwhile wasn't heard, so it counts as a move.
    pub(super) fn open_anew(&self, name: &str) -> Result<Self, SourceError> {
        Ok(Self { moves: self.moves + 1, ..Self::open(name)? })
    }

    /// A look begins: all of it may take so long.
    pub(super) fn begin(&mut self, patience: Duration) -> Result<(), SourceError> {
        let deadline = Deadline::after(patience).map_err(|error| self.lost(&error))?;
        self.wire.get_mut().deadline = deadline;
        Ok(())
    }

    /// Whether nothing more is to be heard on it.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// With this error nobody knows what comes next.
    pub(super) fn broken(&mut self, error: SourceError) -> SourceError {
        self.is_broken = true;
        error
    }

    /// What the server said of itself.
    pub(super) fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The X screen: what people call screens are parts of it.
    pub(super) fn screen(&self) -> &Screen {
        // It was looked for when the connection was made.
        &self.setup.roots[self.screen]
    }

    /// From now on the server tells of windows that come, go or move.
    pub(super) fn watch_windows(&mut self) -> Result<(), SourceError> {
        self.listen(self.screen().root, EventMask::SUBSTRUCTURE_NOTIFY)?;
        for name in TITLES {
            self.atom(name)?;
        }
        self.flush()
    }

    /// From now on the server tells of titles and classes of these windows that change, and of windows that get into
    /// them. What others listen for stays as it is: each connection has a choice of its own.
    pub(super) fn watch_names(&mut self, windows: &[Window]) -> Result<(), SourceError> {
        for window in windows {
            // One that has gone is a refusal that is passed over.
            self.listen(*window, EventMask::PROPERTY_CHANGE | EventMask::SUBSTRUCTURE_NOTIFY)?;
        }
        self.flush()
    }

    fn listen(&mut self, window: Window, mask: EventMask) -> Result<(), SourceError> {
        let value_list = Cow::Owned(ChangeWindowAttributesAux::new().event_mask(mask));
        self.send(ChangeWindowAttributesRequest { window, value_list })
    }

    /// So often the window has changed its title, as far as was heard.
    pub(super) fn renames(&self, window: Window) -> u64 {
        self.renames.get(&window).copied().unwrap_or_default()
    }

    /// The number of a word that both sides know.
    pub(super) fn atom(&mut self, name: &'static str) -> Result<u32, SourceError> {
        if let Some(known) = self.atoms.get(name) {
            return Ok(*known);
        }
        let request = InternAtomRequest { only_if_exists: false, name: name.as_bytes().into() };
        let atom = self.ask("an atom", request)?.atom;
        self.atoms.insert(name, atom);
        Ok(atom)
    }

    /// So often windows have come, gone or moved until now, since they are watched.
    pub(super) fn moves(&mut self) -> Result<u64, SourceError> {
        // The server tells in order: with this answer everything that happened before has been heard.
        self.ask("the focus", GetInputFocusRequest)?;
        Ok(self.moves)
    }

    /// Sends a request and reads its answer. A refusal of the server is an error.
    pub(super) fn ask<R: ReplyRequest>(
        &mut self,
        what: &'static str,
        request: R,
    ) -> Result<R::Reply, SourceError> {
        self.send(request)?;
        self.flush()?;
        let refused = |Refusal(code)| SourceError::Refused { request: what, code };
        self.reply::<R>(what, self.sent)?.map_err(refused)
    }

    /// Sends many requests, then reads their answers. A window that has gone is a refusal of its own.
    pub(super) fn ask_all<R: ReplyRequest>(
        &mut self,
        what: &'static str,
        requests: impl IntoIterator<Item = R>,
    ) -> Result<Vec<Result<R::Reply, Refusal>>, SourceError> {
        let mut requests = requests.into_iter().peekable();
        let mut replies = Vec::new();
        while requests.peek().is_some() {
            for number in self.send_all(requests.by_ref().take(AT_ONCE))? {
                replies.push(self.reply::<R>(what, number)?);
            }
        }
        Ok(replies)
    }

    /// Sends up to [`AT_ONCE`] requests and says their numbers. Each answer is to be taken, in this order, before anything
    /// else is sent.
    pub(super) fn send_all<R: ReplyRequest>(
        &mut self,
        requests: impl IntoIterator<Item = R>,
    ) -> Result<Vec<u16>, SourceError> {
        let mut numbers = Vec::new();
        for request in requests {
            self.send(request)?;
            numbers.push(self.sent);
        }
        self.flush()?;
        Ok(numbers)
    }

    /// Whether the server has the extension of these requests.
    pub(super) fn has<R: Request>(&mut self) -> Result<bool, SourceError> {
        let Some(name) = R::EXTENSION_NAME else { return Ok(true) };
        if !self.extensions.contains_key(name) {
            let request = QueryExtensionRequest { name: name.as_bytes().into() };
            let found = self.ask("an extension", request)?;
            self.extensions.insert(name, found.present.then_some(found.major_opcode));
        }
        Ok(self.extensions.get(name).copied().flatten().is_some())
    }

    /// Sends a request; the head of its answer comes back, and what follows it is to be read with [`Self::read`].
    pub(super) fn open_reply<R: ReplyRequest>(
        &mut self,
        what: &'static str,
        request: R,
    ) -> Result<Result<([u8; HEAD], usize), Refusal>, SourceError> {
        self.send(request)?;
        self.flush()?;
        self.head(what, self.sent)
    }

    /// Reads what follows a head.
    pub(super) fn read(&mut self, into: &mut [u8]) -> Result<(), SourceError> {
        self.check()?;
        self.wire.read_exact(into).map_err(|error| self.lost(&error))
    }

    /// Reads what follows a head, and forgets it.
    pub(super) fn skip(&mut self, mut bytes: usize) -> Result<(), SourceError> {
        let mut some = [0; 512];
        while bytes > 0 {
            let part = bytes.min(some.len());
            self.read(&mut some[..part])?;
            bytes -= part;
        }
        Ok(())
    }

    fn send<R: Request>(&mut self, request: R) -> Result<(), SourceError> {
        self.has::<R>()?;
        let opcode = R::EXTENSION_NAME.and_then(|name| self.extensions.get(name).copied().flatten());
        let (bytes, _) = request.serialize(opcode.unwrap_or_default());
        self.out.extend_from_slice(&bytes);
        self.sent = self.sent.wrapping_add(1);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), SourceError> {
        self.check()?;
        let out = std::mem::take(&mut self.out);
        self.wire.get_mut().write_all(&out).map_err(|error| self.lost(&error))
    }

    fn check(&self) -> Result<(), SourceError> {
        if self.is_broken {
            let reason = "an answer before was lost or not understood".to_owned();
            return Err(SourceError::Lost { reason });
        }
        Ok(())
    }

    fn lost(&mut self, error: &io::Error) -> SourceError {
        let reason = wire::words(error, &self.wire.get_ref().deadline);
        self.broken(SourceError::Lost { reason })
    }

    fn strange(&mut self, request: &'static str, reason: String) -> SourceError {
        self.broken(SourceError::Strange { request, reason })
    }

    fn reply<R: ReplyRequest>(
        &mut self,
        what: &'static str,
        number: u16,
    ) -> Result<Result<R::Reply, Refusal>, SourceError> {
        let (head, rest) = match self.head(what, number)? {
            Ok(head) => head,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if rest > REPLY_MAX {
            return Err(self.strange(what, format!("it has {rest} bytes")));
        }
        let mut bytes = head.to_vec();
        bytes.resize(HEAD + rest, 0);
        self.read(&mut bytes[HEAD..])?;
        let (reply, _) =
            R::Reply::try_parse(&bytes).map_err(|error| self.strange(what, error.to_string()))?;
        Ok(Ok(reply))
    }

    /// The head of the answer to the request with this number, and how many bytes follow. Events are counted or
    /// passed over, and so are refusals of requests that have no answer.
    pub(super) fn head(
        &mut self,
        what: &'static str,
        number: u16,
    ) -> Result<Result<([u8; HEAD], usize), Refusal>, SourceError> {
        loop {
            let mut head = [0; HEAD];
            self.read(&mut head)?;
            let words = u32::from_ne_bytes([head[4], head[5], head[6], head[7]]);
            let rest = usize::try_from(words).unwrap_or(usize::MAX).saturating_mul(4);
            let of = u16::from_ne_bytes([head[2], head[3]]);
            match head[0] {
                ERROR if of == number => return Ok(Err(Refusal(head[1]))),
                ERROR => {}
                REPLY if of == number => return Ok(Ok((head, rest))),
                REPLY => {
                    let reason = format!("it answers request {of} instead of {number}");
                    return Err(self.strange(what, reason));
                }
                GENERIC_EVENT => self.skip(rest)?,
                // The highest bit says that a program sent it: those count too, one look more is no harm.
                event => self.hear(event & 0x7f, &head),
            }
        }
    }

    /// Counts what an event tells. Inside of a window others may move as they like: it counts as a whole.
    fn hear(&mut self, event: u8, head: &[u8; HEAD]) {
        let word = |at: usize| u32::from_ne_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (window, atom) = (word(4), word(8));
        if INTO.contains(&event) || (MOVES.contains(&event) && window == self.screen().root) {
            self.moves += 1;
        }
        if event == PROPERTY {
            if atom == u32::from(AtomEnum::WM_CLASS) {
                // A window that becomes another application's is a new one.
                self.moves += 1;
            } else if atom == u32::from(AtomEnum::WM_NAME)
                || TITLES.iter().any(|title| self.atoms.get(title) == Some(&atom))
            {
                *self.renames.entry(window).or_default() += 1;
            }
        }
    }
}
