#!/bin/sh
# Makes this machine able to build and test stint. It looks first, says what it is about to install and why,
# asks before it uses sudo when a person is there, and does nothing (in well under a second) when nothing is missing.
#
# What is needed: Rust at the version of Cargo.toml with rustfmt and clippy, a C compiler (SQLite and the TLS
# library are C), a Rust that builds for wasm32-unknown-unknown (plugins are WebAssembly), and what xcap is built with:
# the libraries of X11 and Wayland for the program that looks at screens, and libclang, which reads the headers of two
# of them. `setup.sh tests` adds what only tests and benches need: strace, which shows and fails the system calls of the
# store; Chromium, in which the page is clicked through; systemd-analyze, which reads our units; Xvfb, an X server
# without a monitor, and a bus for a portal; and two tools that come as Python packages.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$tools")
wasm_target=wasm32-unknown-unknown
# Its other contents are bindings that nobody here uses, so it comes without what those need.
axe_package=axe-playwright-python==0.1.8

say() { printf 'set-up: %s\n' "$*"; }
fail() {
    printf 'set-up: %s\n' "$@" >&2
    exit 69
}

# as_root SCRIPT: runs it at once as root; through sudo after a yes from the person at the terminal, or silently
# where sudo asks for no password; otherwise it stops and prints the command to paste.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        sh -c "$1"
    elif ! command -v sudo >/dev/null; then
        fail "this needs root, and there is no sudo here. Run this as root, then try again:" "    $1"
    elif [ -t 0 ] && [ -t 2 ]; then
        printf "set-up: this needs root:\n    sudo sh -c '%s'\nset-up: run it? [y/N] " "$1" >&2
        read -r answer
        case $answer in
            [yY]*) sudo sh -c "$1" ;;
            *) fail "not done. To do it yourself:" "    sudo sh -c '$1'" ;;
        esac
    elif sudo -n true 2>/dev/null; then
        sudo -n sh -c "$1"
    else
        fail "this needs root, and sudo asks for a password here. Run this, then try again:" "    sudo sh -c '$1'"
    fi
}

# install_packages WHY PACKAGE…: the package lists are refreshed first, because an old list names versions that the
# mirror has dropped since.
install_packages() {
    why=$1
    shift
    command -v apt-get >/dev/null ||
        fail "needed: $why. This is no Debian or Ubuntu, so install what these packages of theirs hold: $*"
    say "this machine lacks $* ($why)"
    as_root "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $*"
}

has_rust() {
    command -v cargo >/dev/null && command -v rustc >/dev/null && sysroot=$(rustc --print sysroot 2>/dev/null)
}

# With rustup the file itself counts: its proxies are in PATH whether or not the component behind them is installed.
has_component() {
    if command -v rustup >/dev/null; then [ -x "$sysroot/bin/$1" ]; else command -v "$1" >/dev/null; fi
}

check_rust() {
    has_rust || fail "no Rust here. Install the stable tool chain from https://rustup.rs, then try again."
    wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$root/Cargo.toml")
    found=$(rustc --version | cut -d' ' -f2)
    oldest=$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -n 1)
    [ "$oldest" = "$wanted" ] ||
        fail "Rust $found is older than $wanted, which this project needs. Run: rustup update stable"
}

check_components() {
    missing=
    has_component cargo-fmt || missing="$missing rustfmt"
    has_component cargo-clippy || missing="$missing clippy"
    [ -n "$missing" ] || return 0
    say "adding the Rust components$missing (make test checks the format and the lints)"
    # shellcheck disable=SC2086  # a list of words
    rustup component add $missing ||
        fail "could not add$missing. When the network is there again, run: rustup component add$missing"
}

# A compiler without the C library's start files compiles but can't link.
check_c_compiler() {
    if command -v cc >/dev/null && [ -e "$(cc -print-file-name=crt1.o)" ]; then return 0; fi
    install_packages "a C compiler, because Rust links with it, and SQLite and the TLS library are C" gcc libc6-dev
}

# The first that works. rustup's download is bounded, because it may hang where its server can't be reached.
check_wasm() {
    if "$tools/wasm-toolchain" >/dev/null; then return 0; fi
    if command -v rustup >/dev/null && [ "${STINT_WASM_TOOLCHAIN:-rustup}" = rustup ]; then
        say "adding the target $wasm_target with rustup (plugins are WebAssembly)"
        if timeout 180 rustup target add "$wasm_target" && "$tools/wasm-toolchain" >/dev/null; then return 0; fi
        say "rustup can't download it here; taking Debian's Rust instead"
    fi
    install_packages "Debian's Rust, because it can build for $wasm_target" rustc-web cargo-web rust-web-src ||
        fail "no Rust for $wasm_target. On another distribution, run: rustup target add $wasm_target"
    "$tools/wasm-toolchain" >/dev/null ||
        fail "installed Debian's Rust, and still no tool chain for $wasm_target is found. See tools/wasm-toolchain."
}

# The proofs of durability watch what reaches the disk before an acknowledgement, and kill or fail single calls.
check_strace() {
    if strace -V >/dev/null 2>&1; then return 0; fi
    install_packages "the tests watch with it what the store writes, and when" strace
}

# The page is tested in a real browser, driven over WebDriver. Where none can be had those tests say that they are
# skipped, so a machine without one still has all others.
check_chromium() {
    if chromedriver --version >/dev/null 2>&1; then return 0; fi
    (install_packages "the page is tested in a real browser" chromium chromium-driver) ||
        say "without a browser; the page's tests will say that they are skipped"
}

# systemd itself says whether it understands our units. A container often has none, and runs none for having this.
check_systemd() {
    if systemd-analyze --version >/dev/null 2>&1; then return 0; fi
    (install_packages "systemd's own check of the units that stint installs" systemd) ||
        say "without systemd-analyze; the test of the units will say that it is skipped"
}

# schemathesis asks the local API whatever its description allows and whatever it doesn't; axe-core, a script that a
# package carries, looks in the browser for what shuts people out. Both go to target/tools at fixed versions, so nothing
# of the person's own Python is touched and `make clean` takes them away again.
check_python_tools() {
    place=$root/target/tools/python
    if cmp -s "$tools/python.txt" "$place/installed.txt"; then return 0; fi
    python3 -c 'import ensurepip, venv' 2>/dev/null ||
        install_packages "the tests of the local API and of the page use tools from PyPI" python3 python3-venv
    say "fetching schemathesis and axe-core for the tests into target/tools"
    rm -rf "$place"
    if python3 -m venv "$place" &&
        "$place/bin/python" -m pip install --quiet --disable-pip-version-check -r "$tools/python.txt" &&
        "$place/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$axe_package" &&
        cp "$place"/lib/python3*/site-packages/axe_playwright_python/axe.min.js "$place/axe.min.js" &&
        cp "$tools/python.txt" "$place/installed.txt"; then return 0; fi
    fail "could not fetch what tools/python.txt lists from PyPI. When the network is there again, run: tools/setup.sh tests"
}

# xcap speaks to X11 through libxcb, and to Wayland through libwayland, gbm, EGL and PipeWire. Bindings to PipeWire are
# made from its headers while it is built, with libclang. A stint without the feature `screen` needs none of them.
check_screens() {
    if pkg-config --exists xcb xcb-randr wayland-client gbm egl libpipewire-0.3 2>/dev/null && has_libclang; then
        return 0
    fi
    install_packages "xcap, which looks at screens, is built with the libraries of X11 and Wayland" \
        pkg-config libclang-dev libxcb1-dev libxcb-randr0-dev libwayland-dev libgbm-dev libegl-dev libpipewire-0.3-dev
}

has_libclang() {
    [ -z "${LIBCLANG_PATH-}" ] || return 0
    for library in /usr/lib/llvm-*/lib/libclang.so* /usr/lib/*/libclang-[0-9]*.so* /usr/lib*/libclang.so*; do
        [ ! -e "$library" ] || return 0
    done
    return 1
}

# Screenshots are tested on a real display with a known picture on it, and by way of a portal on a bus of its own.
check_display() {
    if command -v Xvfb >/dev/null && command -v dbus-daemon >/dev/null; then return 0; fi
    install_packages "the tests take screenshots of it: an X server without a monitor, and a bus" xvfb dbus-daemon
}

check_rust
check_components
check_c_compiler
check_wasm
check_screens
if [ "${1-}" = tests ]; then
    check_strace
    check_chromium
    check_systemd
    check_python_tools
    check_display
fi
