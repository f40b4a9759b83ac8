//! Opens a link in the person's browser, where there is a display.
//!
//! The link is a key, and the words of a command line can be read by every user of the machine: the browser gets a
//! file that only its user can read, and the file holds the link.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    process::{Command, Stdio},
};

const NAME: &str = "dashboard.html";

/// Opens it. Says whether there was anything to open it with.
pub(crate) fn open_in_browser(dir: &Path, url: &str) -> io::Result<bool> {
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        return Ok(false);
    }
    let path = dir.join(NAME);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    // The link is made of hexadecimal digits and an address.
    write!(
        file,
        "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={url}\"><title>stint</title>\
         <p><a href=\"{url}\">Go on to stint</a></p>"
    )?;
    let mut command = Command::new("xdg-open");
    command.arg(&path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
