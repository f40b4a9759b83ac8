//! Where a secret is kept. The secret itself is never part of a configuration: a text in its place is refused, and
//! not shown.

use schemars::JsonSchema;
use serde::Serialize;

use super::{FilePath, Wording};
use crate::{
    decode::{Context, Decode, Reader, Section, wrong_type},
    diagnose::{Code, Finding},
    tree::{Node, Value},
};

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub enum SecretRef {
    /// In an environment variable of the host.
    Env(#[schemars(regex(pattern = "^[A-Za-z_][A-Za-z0-9_]*$"))] String),
    /// In a file that only its owner can read; a line break at its end is left out.
    File(FilePath),
    /// In the system's keyring, under this name; `stint auth set NAME` puts it there.
    Keyring(Wording),
    /// A program with its arguments prints it. No shell is involved.
    Command(#[schemars(length(min = 1))] Vec<String>),
}

/// Where tokens are written that a refresh brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub enum TokenStore {
    /// The system's keyring.
    Keyring,
    /// A file, which is replaced as a whole.
    File(FilePath),
}

const KINDS: [&str; 4] = ["env", "file", "keyring", "command"];

/// What a table with one of the four keys says.
struct Written {
    env: Option<EnvName>,
    file: Option<FilePath>,
    keyring: Option<Wording>,
    command: Option<Command>,
}

impl Section for Written {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| reader.has(kind)).collect();
        if let [first, second, ..] = kinds.as_slice() {
            let message = format!("a secret is kept in one place, and `{first}` and `{second}` are two");
            reader.complain_of_key(second, Finding::error(Code::Conflict, message).hint("keep one of them"));
        }
        Self {
            env: reader.optional("env"),
            file: reader.optional("file"),
            keyring: reader.optional("keyring"),
            command: reader.optional("command"),
        }
    }
}

impl SecretRef {
    /// Reads the reference under `key`, which has to be there.
    pub(crate) fn read(reader: &mut Reader<'_, '_, '_>, key: &'static str) -> Option<Self> {
        let example = "{ env = \"NAME_OF_A_VARIABLE\" }";
        let shape = reader.required::<Shape>(key, example)?;
        if shape == Shape::Literal {
            let hint = "say where it is kept: { env = \"NAME\" }, { file = \"PATH\" }, { keyring = \"NAME\" } or \
                        { command = [\"pass\", \"show\", \"…\"] }; and change the secret, because it was in a file";
            let message =
                format!("a secret stands in the configuration, where `{key}` says where one is kept");
            reader.complain(key, Finding::error(Code::LiteralSecret, message).hint(hint));
            return None;
        }
        let written: Written = reader.section(key);
        let found = [
            written.env.map(|EnvName(name)| Self::Env(name)),
            written.file.map(Self::File),
            written.keyring.map(Self::Keyring),
            written.command.map(|Command(words)| Self::Command(words)),
        ];
        let found = found.into_iter().flatten().next();
        if found.is_none() && shape == Shape::Nothing {
            let message = format!("`{key}` doesn't say where the secret is kept");
            reader
                .complain(key, Finding::error(Code::Missing, message).hint(format!("for example {example}")));
        }
        found
    }
}

/// Whether there is a table, and anything in it that says where.
#[derive(PartialEq)]
enum Shape {
    Reference,
    Nothing,
    Literal,
}

impl Decode for Shape {
    fn expected() -> String {
        "a table that says where the secret is kept".to_owned()
    }

    fn decode(node: &Node, _: &mut Context<'_>) -> Option<Self> {
        Some(match node.table() {
            Some(table) if table.is_empty() => Self::Nothing,
            Some(_) => Self::Reference,
            None => Self::Literal,
        })
    }
}

/// The name of an environment variable.
struct EnvName(String);

impl crate::decode::FromText for EnvName {
    fn expected() -> String {
        "the name of an environment variable".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, crate::decode::Fault> {
        let name = text.strip_prefix('$').unwrap_or(text);
        let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if !name.is_empty()
            && name.chars().all(fits)
            && !name.starts_with(|first: char| first.is_ascii_digit())
        {
            if name == text {
                return Ok(Self(name.to_owned()));
            }
            let message = "the name of a variable is written without the $";
            return Err(crate::decode::Fault::part(0..1, message).hint(format!("write \"{name}\"")));
        }
        // What stands here may be the secret itself, so it isn't repeated.
        Err(crate::decode::Fault::whole(text, "this can't be the name of an environment variable").hint(
            "letters, digits and _, beginning with a letter; the secret itself belongs into the variable",
        ))
    }
}

/// A program and its arguments.
struct Command(Vec<String>);

impl Decode for Command {
    fn expected() -> String {
        "a list: the program and its arguments, such as [\"pass\", \"show\", \"work\"]".to_owned()
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let Value::List(items) = &node.typed().value else {
            let finding = match node.text() {
                Some(text) => {
                    let words: Vec<String> =
                        text.split_whitespace().map(|word| format!("\"{word}\"")).collect();
                    Finding::error(Code::WrongType, "a command is a list, because no shell takes it apart")
                        .hint(format!("for example [{}]", words.join(", ")))
                        .at(node.at)
                }
                None => wrong_type::<Self>(node),
            };
            cx.found(finding);
            return None;
        };
        let words: Vec<String> = items
            .iter()
            .filter_map(|item| {
                let word = item.text();
                if word.is_none() {
                    cx.found(wrong_type::<Self>(item));
                }
                word.map(str::to_owned)
            })
            .collect();
        if words.first().is_none_or(String::is_empty) {
            cx.found(Finding::error(Code::BadValue, "this command names no program").at(node.at));
            return None;
        }
        Some(Self(words))
    }
}

impl TokenStore {
    /// Reads the store under `key`, if there is one.
    pub(crate) fn read(reader: &mut Reader<'_, '_, '_>, key: &'static str) -> Option<Self> {
        let shape = reader.optional::<StoreShape>(key)?;
        match shape {
            StoreShape::Keyring => Some(Self::Keyring),
            StoreShape::Table => reader.section::<StoreTable>(key).0.map(Self::File),
        }
    }
}

enum StoreShape {
    Keyring,
    Table,
}

impl Decode for StoreShape {
    fn expected() -> String {
        "\"keyring\", or { file = \"PATH\" }".to_owned()
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        match (node.table(), node.text()) {
            (Some(_), _) => Some(Self::Table),
            (None, Some("keyring")) => Some(Self::Keyring),
            (None, _) => {
                cx.found(wrong_type::<Self>(node));
                None
            }
        }
    }
}

struct StoreTable(Option<FilePath>);

impl Section for StoreTable {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        Self(reader.required("file", "\"PATH\""))
    }
}
