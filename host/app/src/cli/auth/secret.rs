//! Reading a secret from a person or a pipe. It is never on the command line, and never shown: the terminal is silent
//! before it is asked for, and itself again afterwards, also after Ctrl-C.

use std::io::{self, BufRead, IsTerminal as _, Read as _, Stdin, Write as _};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use stint_domain::secret::Secret;

use crate::error::CliError;

/// A secret is shorter.
const BYTES_MAX: usize = 64 * 1024;

/// Reads the secret of a credential.
pub(super) fn read(name: &str) -> Result<Secret, CliError> {
    let stdin = io::stdin();
    let bytes = if stdin.is_terminal() { asked(&stdin, name) } else { piped(&stdin) };
    let bytes = bytes.map_err(|error| CliError::no_secret(&error))?;
    if bytes.len() > BYTES_MAX {
        return Err(CliError::no_secret(&format!("it has more than {BYTES_MAX} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| CliError::no_secret(&"it isn't text in UTF-8"))?;
    Ok(Secret::new(text))
}

fn piped(stdin: &Stdin) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(BYTES_MAX + 1);
    stdin.lock().take(BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn asked(stdin: &Stdin, name: &str) -> io::Result<Vec<u8>> {
    let silent = Silent::begin(stdin)?;
    let mut stderr = anstream::stderr();
    write!(stderr, "secret of {name} (it is not shown): ")?;
    stderr.flush()?;
    let typed = typed(&mut stdin.lock());
    drop(silent);
    writeln!(stderr)?;
    typed
}

/// A terminal that shows nothing, hands over each byte, and ends no program.
struct Silent<'t> {
    terminal: &'t Stdin,
    before: Termios,
}

impl<'t> Silent<'t> {
    fn begin(terminal: &'t Stdin) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(terminal, OptionalActions::Now, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silent<'_> {
    fn drop(&mut self) {
        // Nothing more can be done about a terminal that is gone.
        let _either_way = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}

/// One line, with the keys that take something back.
fn typed(keyboard: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::with_capacity(BYTES_MAX + 1);
    for byte in keyboard.bytes() {
        match byte? {
            b'\r' | b'\n' => return Ok(line),
            // Ctrl-C, Ctrl-D and Ctrl-\.
            3 | 4 | 28 => return Err(io::Error::new(io::ErrorKind::Interrupted, "it was given up")),
            // Backspace, which takes a whole letter, and Ctrl-U.
            8 | 127 => while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {},
            21 => line.clear(),
            _ if line.len() > BYTES_MAX => {}
            byte => line.push(byte),
        }
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_with_the_keys_that_take_something_back() {
        let read = |keys: &[u8]| typed(&mut &*keys).map(|line| String::from_utf8(line).unwrap());
        assert_eq!(read(b"s3cret\r\nmore").unwrap(), "s3cret");
        assert_eq!(read("aä\u{7f}b\u{8}\u{8}\u{8}c\n".as_bytes()).unwrap(), "c");
        assert_eq!(read(b"wrong\x15right").unwrap(), "right");
        assert_eq!(read(b"half\x03\n").unwrap_err().to_string(), "it was given up");
        assert!(read(&vec![b'x'; BYTES_MAX + 9]).unwrap().len() > BYTES_MAX);
    }
}
