//! Bad configurations, each a file beside what is told about it. The first line of each says which texts are underlined,
//! so that a diagnostic that points somewhere else can't slip in with a rewritten expectation.
//!
//! `UPDATE_DOCS=1 cargo test -p stint-config` rewrites the expectations; read the difference before it is committed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use stint_config::{Asked, ConfigFile, Diagnostics, Flag, Request, Style, load};

/// What a file says about its own test: `# points at: a | b`, `# env: NAME=value`, `# flag: key=value`.
fn headers<'t>(text: &'t str, header: &'t str) -> impl Iterator<Item = &'t str> {
    let lines = text.lines().take_while(|line| line.starts_with("# "));
    lines.filter_map(move |line| line.strip_prefix("# ")?.strip_prefix(header)?.strip_prefix(": "))
}

fn request(path: &Path, text: &str) -> Request {
    let env = headers(text, "env").map(|line| line.split_once('=').unwrap());
    let env = [("HOME", "/home/anna")].into_iter().chain(env);
    Request {
        file: Some(ConfigFile { path: path.to_owned(), asked: Asked::Flag }),
        env: env.map(|(name, value)| (name.into(), value.into())).collect(),
        flags: headers(text, "flag").map(|line| Flag::parse("--set", line).unwrap()).collect(),
        cwd: PathBuf::from("/cwd"),
    }
}

/// Every case: a file, or a folder with `stint.toml` and `conf.d`.
fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir("tests/bad").unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries
        .filter_map(|path| match path.extension() {
            Some(extension) => (extension == "toml").then_some(path),
            None => Some(path.join("stint.toml")),
        })
        .collect();
    cases.sort();
    cases
}

fn underlined(diagnostics: &Diagnostics) -> Vec<String> {
    let excerpts = diagnostics.iter().map(|diagnostic| {
        let excerpt = diagnostic.at.as_ref().and_then(|spot| spot.excerpt.as_ref());
        excerpt.map_or("(no place)".to_owned(), |excerpt| excerpt.line[excerpt.start..excerpt.end].to_owned())
    });
    excerpts.collect()
}

#[test]
fn every_bad_configuration_is_explained_at_the_right_place() {
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for path in cases {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.display();
        let diagnostics = match load(&request(&path, &text)) {
            Err(diagnostics) => diagnostics,
            Ok(loaded) if loaded.warnings.is_empty() => {
                wrong.push(format!("{name} is taken for a good configuration\n"));
                continue;
            }
            Ok(loaded) => loaded.warnings,
        };
        let points = headers(&text, "points at").flat_map(|line| line.split(" | ")).collect::<Vec<_>>();
        let underlined = underlined(&diagnostics);
        if underlined != points {
            wrong.push(format!("{name} points at {underlined:?} instead of {points:?}\n{diagnostics}\n"));
        }
        let shown = format!("{}\n", diagnostics.to_string().trim_end());
        let expected = path.with_extension("expected");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&expected, shown).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != shown {
            wrong.push(format!("{}:\n{shown}", expected.display()));
        }
    }
    assert!(wrong.is_empty(), "run with UPDATE_DOCS=1 and read the difference\n\n{}", wrong.join("\n"));
}

#[test]
fn no_secret_of_a_bad_configuration_is_shown() {
    let mut seen = 0;
    for path in cases() {
        let text = fs::read_to_string(&path).unwrap();
        seen += text.matches("hunter2").count();
        let diagnostics = match load(&request(&path, &text)) {
            Err(diagnostics) => diagnostics,
            Ok(loaded) => loaded.warnings,
        };
        for shown in [diagnostics.to_string(), diagnostics.to_json().to_string(), format!("{diagnostics:?}")]
        {
            assert!(!shown.contains("hunter2"), "{}\n{shown}", path.display());
        }
    }
    assert!(seen >= 8, "{seen} secrets in the samples");
}

#[test]
fn every_diagnostic_fits_a_narrow_terminal() {
    use unicode_width::UnicodeWidthStr as _;
    for path in cases() {
        let text = fs::read_to_string(&path).unwrap();
        let diagnostics = match load(&request(&path, &text)) {
            Err(diagnostics) => diagnostics,
            Ok(loaded) => loaded.warnings,
        };
        for width in [20, 40, 80] {
            for line in diagnostics.render(&Style { colour: false, width }).lines() {
                assert!(line.width() <= width, "{}: {line:?} in {width}", path.display());
            }
        }
    }
}
