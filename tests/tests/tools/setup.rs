//! `tools/setup.sh`: quiet when nothing is missing, plain about what it does, never root without being asked.

use std::fs;

use crate::machine::{Ended, Machine, tools};

const NO_C_LIBRARY: &str = "echo /nowhere/crt1.o";
const INSTALL_C: &str = "apt-get install -q -y --no-install-recommends gcc libc6-dev";

fn set_up(machine: &Machine) -> Ended {
    machine.run(&tools().join("setup.sh"))
}

#[test]
fn says_and_installs_nothing_where_nothing_is_missing() {
    let machine = Machine::new();

    let ended = set_up(&machine);

    assert_eq!(ended, Ended { code: Some(0), stdout: String::new(), stderr: String::new() });
    for installer in ["apt-get", "rustup", "sudo"] {
        assert!(machine.asked_of(installer).is_empty(), "{installer} was called");
    }
}

#[test]
fn root_gets_what_is_missing_with_fresh_package_lists() {
    let machine = Machine::new();
    machine.command("id", "echo 0");
    machine.command("cc", NO_C_LIBRARY);

    let ended = set_up(&machine);

    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(machine.asked_of("apt-get"), ["apt-get update -q", INSTALL_C]);
    assert!(machine.asked_of("sudo").is_empty());
    assert!(ended.stdout.contains("lacks gcc libc6-dev (a C compiler, because Rust links with it"));
}

#[test]
fn only_tests_need_strace_and_an_x_server() {
    let machine = Machine::new();
    machine.command("id", "echo 0");
    machine.command("strace", "exit 1");
    machine.command("Xvfb", "");
    machine.command("dbus-daemon", "");

    let built = set_up(&machine);
    assert_eq!(built, Ended { code: Some(0), stdout: String::new(), stderr: String::new() });

    let tested = machine.run_with(&tools().join("setup.sh"), &["tests"]);
    assert_eq!(tested.code, Some(0), "{tested:?}");
    assert_eq!(machine.asked_of("apt-get")[1], "apt-get install -q -y --no-install-recommends strace");
    assert!(tested.stdout.contains("lacks strace (the tests watch with it what the store writes"));
}

#[test]
fn what_looks_at_screens_is_built_with_the_libraries_of_displays() {
    let machine = Machine::new();
    machine.command("id", "echo 0");
    machine.command("pkg-config", "exit 1");

    let ended = set_up(&machine);

    assert_eq!(ended.code, Some(0), "{ended:?}");
    let install = &machine.asked_of("apt-get")[1];
    for package in
        ["libclang-dev", "libxcb-randr0-dev", "libwayland-dev", "libgbm-dev", "libpipewire-0.3-dev"]
    {
        assert!(install.contains(package), "{install}");
    }
    assert!(ended.stdout.contains("(xcap, which looks at screens, is built with"), "{ended:?}");
}

#[test]
fn a_browser_is_installed_for_tests_and_they_go_on_without_one() {
    for (installer, told) in
        [("", ""), ("exit 1", "without a browser; the page's tests will say that they are skipped")]
    {
        let machine = Machine::new();
        machine.command("id", "echo 0");
        machine.command("strace", "");
        machine.command("chromedriver", "exit 1");
        machine.command("Xvfb", "");
        machine.command("dbus-daemon", "");
        machine.command("apt-get", installer);
        let tested = machine.run_with(&tools().join("setup.sh"), &["tests"]);
        assert_eq!(tested.code, Some(0), "{tested:?}");
        assert!(
            tested.stdout.contains("lacks chromium chromium-driver (the page is tested in a real browser")
        );
        assert!(tested.stdout.contains(told), "{tested:?}");
    }
}

/// A checkout with the set-up in it and nothing fetched yet.
fn fresh_checkout() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("tools")).unwrap();
    for name in ["setup.sh", "wasm-toolchain", "python.txt"] {
        fs::copy(tools().join(name), root.path().join("tools").join(name)).unwrap();
    }
    fs::copy(tools().join("../Cargo.toml"), root.path().join("Cargo.toml")).unwrap();
    root
}

const TESTS_TOLD: &str = "fetching schemathesis and axe-core for the tests into target/tools";

#[test]
fn tools_from_pypi_are_fetched_once() {
    let (machine, checkout) = (Machine::new(), fresh_checkout());
    for name in ["strace", "chromedriver", "systemd-analyze"] {
        machine.command(name, "");
    }
    // What it makes has a pip that fetches nothing, and the one file of the package that is looked for.
    machine.command(
        "python3",
        r#"[ "$2" = venv ] || exit 0
        package=$3/lib/python3.13/site-packages/axe_playwright_python
        mkdir -p "$3/bin" "$package" && echo axe >"$package/axe.min.js" && ln -s /bin/true "$3/bin/python""#,
    );
    let script = checkout.path().join("tools/setup.sh");
    let first = machine.run_with(&script, &["tests"]);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.stdout.contains(TESTS_TOLD), "{first:?}");
    assert!(checkout.path().join("target/tools/python/axe.min.js").exists());
    let second = machine.run_with(&script, &["tests"]);
    assert_eq!(second, Ended { code: Some(0), stdout: String::new(), stderr: String::new() });
}

#[test]
fn tools_that_cant_be_fetched_are_told_and_not_taken_for_fetched() {
    let (machine, checkout) = (Machine::new(), fresh_checkout());
    for name in ["strace", "chromedriver", "systemd-analyze"] {
        machine.command(name, "");
    }
    machine.command(
        "python3",
        r#"[ "$2" != venv ] || { mkdir -p "$3/bin" && ln -s /bin/false "$3/bin/python"; }"#,
    );
    let script = checkout.path().join("tools/setup.sh");
    for _ in 0..2 {
        let ended = machine.run_with(&script, &["tests"]);
        assert_eq!(ended.code, Some(69), "{ended:?}");
        assert!(ended.stdout.contains(TESTS_TOLD), "{ended:?}");
        assert!(ended.stderr.ends_with("run: tools/setup.sh tests\n"), "{ended:?}");
    }
}

#[test]
fn sudo_without_a_password_is_used() {
    let machine = Machine::new();
    machine.command("id", "echo 1000");
    machine.command("cc", NO_C_LIBRARY);

    let ended = set_up(&machine);

    assert_eq!(ended.code, Some(0), "{ended:?}");
    let asked = machine.asked_of("sudo");
    assert_eq!(asked[0], "sudo -n true");
    assert!(asked[1].starts_with("sudo -n sh -c apt-get update") && asked[1].ends_with("gcc libc6-dev"));
}

#[test]
fn names_the_command_where_sudo_wants_a_password_and_nobody_is_there() {
    let machine = Machine::new();
    machine.command("id", "echo 1000");
    machine.command("sudo", "exit 1");
    machine.command("cc", NO_C_LIBRARY);

    let ended = set_up(&machine);

    assert_eq!(ended.code, Some(69));
    assert!(machine.asked_of("apt-get").is_empty());
    let command = "    sudo sh -c 'apt-get update -q && DEBIAN_FRONTEND=noninteractive \
                   apt-get install -q -y --no-install-recommends gcc libc6-dev'\n";
    assert!(ended.stderr.ends_with(command), "{}", ended.stderr);
}

#[test]
fn an_old_rust_is_told_how_to_become_new() {
    let machine = Machine::new();
    machine
        .command("rustc", r#"[ "$1" = --version ] && echo "rustc 1.70.0 (0000000 2023-06-01)" || echo /usr"#);

    let ended = set_up(&machine);

    assert_eq!(ended.code, Some(69));
    assert!(ended.stderr.contains("Rust 1.70.0 is older than 1.95"), "{}", ended.stderr);
    assert!(ended.stderr.contains("rustup update stable"));
}

#[test]
fn missing_components_are_added_with_rustup() {
    let machine = Machine::new();
    machine.command(
        "rustc",
        r#"[ "$1" = --version ] && echo "rustc 1.95.0 (0000000 2026-04-14)" || echo /nowhere"#,
    );
    machine.command("rustup", "exit 1");

    let ended = set_up(&machine);

    assert_eq!(ended.code, Some(69));
    assert_eq!(machine.asked_of("rustup"), ["rustup component add rustfmt clippy"]);
    assert!(ended.stderr.contains("run: rustup component add rustfmt clippy"), "{}", ended.stderr);
}
