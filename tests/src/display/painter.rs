//! A small X program: windows of one colour each, with names, and monitors of any size.

use std::borrow::Cow;
use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;

use x11rb_protocol::{
    connect::Connect,
    protocol::{
        randr::{DeleteMonitorRequest, GetScreenResourcesRequest, MonitorInfo, SetMonitorRequest},
        xproto::{
            AtomEnum, ChangePropertyRequest, ConfigureWindowAux, ConfigureWindowRequest, CreateWindowAux,
            CreateWindowRequest, DestroyWindowRequest, GetImageRequest, GetInputFocusRequest, ImageFormat,
            InputFocus, InternAtomRequest, MapWindowRequest, PropMode, QueryExtensionRequest,
            SetInputFocusRequest, Setup, WindowClass,
        },
        xtest::FakeInputRequest,
    },
    x11_utils::{ReplyRequest, Request, TryParse as _},
};

/// A window of one colour.
#[derive(Clone, Copy, Debug)]
pub struct Pane<'a> {
    /// The application's names.
    pub app: &'a str,
    /// The title.
    pub title: &'a str,
    /// Left, top, width, height.
    pub place: (i16, i16, u16, u16),
    /// Red, green, blue.
    pub colour: [u8; 3],
}

/// A connection that puts windows on a display. They go when it does.
#[derive(Debug)]
pub struct Painter {
    stream: UnixStream,
    setup: Setup,
    next_id: u32,
}

impl Painter {
    /// Connects to a display of this machine.
    pub fn connect(display: &str) -> io::Result<Self> {
        let mut stream = UnixStream::connect(format!("/tmp/.X11-unix/X{}", display.trim_start_matches(':')))?;
        let (mut connect, request) = Connect::with_authorization(Vec::new(), Vec::new());
        stream.write_all(&request)?;
        loop {
            let count = stream.read(connect.buffer())?;
            if connect.advance(count) {
                break;
            }
        }
        let setup = connect.into_setup().map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self { stream, next_id: setup.resource_id_base, setup })
    }

    /// Puts a window on the display; it is there when this comes back.
    pub fn show(&mut self, pane: &Pane<'_>) -> io::Result<u32> {
        self.show_in(self.setup.roots[0].root, pane)
    }

    /// Puts a window into another one, as a window manager puts a program's into its frame.
    pub fn show_in(&mut self, parent: u32, pane: &Pane<'_>) -> io::Result<u32> {
        let (x, y, width, height) = pane.place;
        let window = self.next_id;
        self.next_id += 1;
        let [red, green, blue] = pane.colour.map(u32::from);
        let look = CreateWindowAux {
            background_pixel: Some(red << 16 | green << 8 | blue),
            ..CreateWindowAux::default()
        };
        self.tell(CreateWindowRequest {
            depth: 0,
            wid: window,
            parent,
            x,
            y,
            width,
            height,
            border_width: 0,
            class: WindowClass::INPUT_OUTPUT,
            visual: 0,
            value_list: Cow::Owned(look),
        })?;
        let class = format!("{0}\0{0}\0", pane.app);
        self.word(window, AtomEnum::WM_CLASS.into(), class.as_bytes())?;
        let title = self.atom("_NET_WM_NAME")?;
        self.word(window, title, pane.title.as_bytes())?;
        self.tell(MapWindowRequest { window })?;
        self.settle()?;
        Ok(window)
    }

    /// Sets what a window says of itself: a property, its type and its bytes.
    pub fn say(&mut self, window: u32, property: &str, kind: &str, text: &[u8]) -> io::Result<()> {
        let (property, kind) = (self.atom(property)?, self.atom(kind)?);
        self.property(PropMode::REPLACE, window, property, kind, text)?;
        self.settle()
    }

    /// Says more of the same. No request takes more than 256 KiB.
    pub fn append(&mut self, window: u32, property: &str, kind: &str, text: &[u8]) -> io::Result<()> {
        let (property, kind) = (self.atom(property)?, self.atom(kind)?);
        self.property(PropMode::APPEND, window, property, kind, text)?;
        self.settle()
    }

    /// Moves a window.
    pub fn move_to(&mut self, window: u32, x: i32, y: i32) -> io::Result<()> {
        let value_list = Cow::Owned(ConfigureWindowAux::new().x(x).y(y));
        self.tell(ConfigureWindowRequest { window, value_list })?;
        self.settle()
    }

    /// Takes a window away.
    pub fn close(&mut self, window: u32) -> io::Result<()> {
        self.tell(DestroyWindowRequest { window })?;
        self.settle()
    }

    /// Gives a window the keyboard.
    pub fn focus(&mut self, window: u32) -> io::Result<()> {
        self.tell(SetInputFocusRequest { revert_to: InputFocus::NONE, focus: window, time: 0 })?;
        self.settle()
    }

    /// Moves the pointer, as a hand does.
    pub fn touch(&mut self) -> io::Result<()> {
        let motion = 6;
        let root = self.setup.roots[0].root;
        self.tell(FakeInputRequest {
            type_: motion,
            detail: 1,
            time: 0,
            root,
            root_x: 1,
            root_y: 1,
            deviceid: 0,
        })?;
        self.settle()
    }

    /// Makes a part of the display a monitor. The primary one hangs on the display's only output; others are cut out of
    /// it, as people do with wide screens.
    pub fn add_monitor(&mut self, name: &str, primary: bool, place: (i16, i16, u16, u16)) -> io::Result<()> {
        let (root, name) = (self.setup.roots[0].root, self.atom(name)?);
        let (x, y, width, height) = place;
        let monitorinfo = MonitorInfo {
            name,
            primary,
            automatic: false,
            x,
            y,
            width,
            height,
            width_in_millimeters: width.into(),
            height_in_millimeters: height.into(),
            outputs: if primary { vec![self.output()?] } else { Vec::new() },
        };
        self.tell(SetMonitorRequest { window: root, monitorinfo })?;
        self.settle()
    }

    /// The pixels of the whole display as the server sends them: blue, green, red and a byte that says nothing. The
    /// plainest way there is, to hold others against.
    pub fn grab(&mut self) -> io::Result<Vec<u8>> {
        let screen = &self.setup.roots[0];
        let request = GetImageRequest {
            format: ImageFormat::Z_PIXMAP,
            drawable: screen.root,
            x: 0,
            y: 0,
            width: screen.width_in_pixels,
            height: screen.height_in_pixels,
            plane_mask: u32::MAX,
        };
        let (bytes, _) = request.serialize();
        for part in bytes {
            self.stream.write_all(&part)?;
        }
        let mut head = [0; 32];
        self.stream.read_exact(&mut head)?;
        if head[0] != 1 {
            return Err(io::Error::other("the X server sent no picture"));
        }
        let words = u32::from_ne_bytes([head[4], head[5], head[6], head[7]]);
        let mut pixels = vec![0; usize::try_from(words).map_err(io::Error::other)? * 4];
        self.stream.read_exact(&mut pixels)?;
        Ok(pixels)
    }

    /// Takes a monitor away.
    pub fn remove_monitor(&mut self, name: &str) -> io::Result<()> {
        let (root, name) = (self.setup.roots[0].root, self.atom(name)?);
        self.tell(DeleteMonitorRequest { window: root, name })?;
        self.settle()
    }

    /// The number of the output that the display has.
    pub fn output(&mut self) -> io::Result<u32> {
        let request = GetScreenResourcesRequest { window: self.setup.roots[0].root };
        let outputs = self.ask(request)?.outputs;
        outputs.first().copied().ok_or_else(|| io::Error::other("the X server has no output"))
    }

    fn word(&mut self, window: u32, property: u32, text: &[u8]) -> io::Result<()> {
        self.property(PropMode::REPLACE, window, property, AtomEnum::STRING.into(), text)
    }

    fn property(
        &mut self,
        mode: PropMode,
        window: u32,
        property: u32,
        type_: u32,
        text: &[u8],
    ) -> io::Result<()> {
        self.tell(ChangePropertyRequest {
            mode,
            window,
            property,
            type_,
            format: 8,
            data_len: u32::try_from(text.len()).map_err(io::Error::other)?,
            data: Cow::Borrowed(text),
        })
    }

    fn atom(&mut self, name: &str) -> io::Result<u32> {
        Ok(self.ask(InternAtomRequest { only_if_exists: false, name: name.as_bytes().into() })?.atom)
    }

    /// Waits until everything before was done: the server answers in order.
    fn settle(&mut self) -> io::Result<()> {
        self.ask(GetInputFocusRequest).map(drop)
    }

    fn tell<R: Request>(&mut self, request: R) -> io::Result<()> {
        let opcode = match R::EXTENSION_NAME {
            None => 0,
            Some(name) => self.ask(QueryExtensionRequest { name: name.as_bytes().into() })?.major_opcode,
        };
        let (bytes, _) = request.serialize(opcode);
        self.stream.write_all(&bytes)
    }

    fn ask<R: ReplyRequest>(&mut self, request: R) -> io::Result<R::Reply> {
        let opcode = match R::EXTENSION_NAME {
            None => 0,
            Some(name) => {
                let request = QueryExtensionRequest { name: name.as_bytes().into() };
                self.exchange(request, 0)?.major_opcode
            }
        };
        self.exchange(request, opcode)
    }

    fn exchange<R: ReplyRequest>(&mut self, request: R, opcode: u8) -> io::Result<R::Reply> {
        let (bytes, _) = request.serialize(opcode);
        self.stream.write_all(&bytes)?;
        loop {
            let mut reply = vec![0; 32];
            self.stream.read_exact(&mut reply)?;
            match reply[0] {
                0 => {
                    return Err(io::Error::other(format!(
                        "the X server refused a request: error {}",
                        reply[1]
                    )));
                }
                1 => {
                    let words = u32::from_ne_bytes([reply[4], reply[5], reply[6], reply[7]]);
                    let rest = usize::try_from(words).map_err(io::Error::other)? * 4;
                    reply.resize(32 + rest, 0);
                    self.stream.read_exact(&mut reply[32..])?;
                    let parsed = R::Reply::try_parse(&reply).map_err(io::Error::other)?;
                    return Ok(parsed.0);
                }
                _ => {}
            }
        }
    }
}
