//! `[capture]`

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    diagnose::{Code, Finding},
    value::{Monitors, Pattern, Period, Wording, words},
};

/// Screenshots. Off unless it is written here: nobody's screen is recorded by accident.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Capture {
    /// Whether screenshots are taken.
    pub enabled: bool,
    /// Where they come from.
    pub source: CaptureSource,
    /// The X display, such as `:0`, where the environment doesn't say it: a service has no DISPLAY. Idle time and focus
    /// are looked at there, too.
    pub display: Option<Wording>,
    /// How often one is taken.
    pub interval: Period,
    /// By how much each moment is moved at random, so that nobody can wait for it.
    pub jitter: Period,
    /// Which screens: `all`, `primary`, `active` (the one with the window in front), or a list of their names.
    pub monitors: Monitors,
    /// How pictures are stored.
    pub format: PictureFormat,
    /// The quality of JPEG, from 1 to 100.
    #[schemars(range(min = 1, max = 100))]
    pub quality: u32,
    /// Wider pictures are scaled down to so many pixels.
    #[schemars(range(min = 160, max = 16384))]
    pub max_width: u32,
    /// Whether a picture that looks like the one before is left out.
    pub skip_unchanged: bool,
    /// While what the timer does pictures are taken.
    pub only_while: OnlyWhile,
    /// What must not be seen: an item fits when its `app` and its `title` do.
    pub exclude: Vec<Exclusion>,
    /// What becomes of a picture with something on it that must not be seen.
    pub exclude_action: ExcludeAction,
    /// Parts of screens that are never to be seen: they are made unreadable.
    pub hide: Vec<HiddenArea>,
    /// How strongly every picture is blurred as a whole, in pixels; 0 is not at all.
    #[schemars(range(max = 200))]
    pub blur: u32,
}

/// A part of a screen that is never to be seen, in pixels from its upper left corner.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HiddenArea {
    /// The screen's name; all screens without one.
    pub monitor: Option<Wording>,
    /// The first column.
    #[serde(default)]
    #[schemars(range(max = 16384))]
    pub x: u32,
    /// The first row.
    #[serde(default)]
    #[schemars(range(max = 16384))]
    pub y: u32,
    /// The number of columns.
    #[schemars(range(min = 1, max = 16384))]
    pub width: u32,
    /// The number of rows.
    #[schemars(range(min = 1, max = 16384))]
    pub height: u32,
}

/// A window that must not be seen. At least one of the two has to be written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Exclusion {
    /// The application's name; capital and small letters are the same.
    pub app: Option<Wording>,
    /// A regular expression that is looked for in the window's title.
    pub title: Option<Pattern>,
}

words! {
    /// Where pictures come from.
    pub enum CaptureSource {
        /// The screens of the machine.
        Screen = "screen",
        /// A picture that is drawn: for machines without a screen, and for trying things out.
        Synthetic = "synthetic",
    }
}

words! {
    /// How pictures are stored.
    pub enum PictureFormat {
        /// JPEG.
        Jpeg = "jpeg",
        /// PNG.
        Png = "png",
    }
}

words! {
    /// While what the timer does pictures are taken.
    pub enum OnlyWhile {
        /// It runs.
        Running = "running",
        /// It runs or is paused.
        Open = "open",
        /// Always.
        Always = "always",
    }
}

words! {
    /// What becomes of a picture with something on it that must not be seen.
    pub enum ExcludeAction {
        /// It isn't taken.
        Skip = "skip",
        /// The window's part of it is made unreadable.
        Blur = "blur",
    }
}

impl Default for Capture {
    fn default() -> Self {
        Self {
            enabled: false,
            source: CaptureSource::Screen,
            display: None,
            interval: Period::from_mins(10),
            jitter: Period::from_mins(3),
            monitors: Monitors::All,
            format: PictureFormat::Jpeg,
            quality: 75,
            max_width: 1920,
            skip_unchanged: true,
            only_while: OnlyWhile::Running,
            exclude: Vec::new(),
            exclude_action: ExcludeAction::Skip,
            hide: Vec::new(),
            blur: 0,
        }
    }
}

impl Section for Capture {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let default = Self::default();
        let longest = Period::from_mins(24 * 60);
        Self {
            enabled: reader.value("enabled", default.enabled),
            source: reader.value("source", default.source),
            display: reader.optional("display"),
            interval: reader.within("interval", default.interval, Period::from_secs(1)..=longest),
            jitter: reader.within("jitter", default.jitter, Period::from_secs(0)..=longest),
            monitors: reader.value("monitors", default.monitors),
            format: reader.value("format", default.format),
            quality: reader.within("quality", default.quality, 1..=100),
            max_width: reader.within("max_width", default.max_width, 160..=16384),
            skip_unchanged: reader.value("skip_unchanged", default.skip_unchanged),
            only_while: reader.value("only_while", default.only_while),
            exclude: reader.sections("exclude"),
            exclude_action: reader.value("exclude_action", default.exclude_action),
            hide: reader.sections("hide"),
            blur: reader.within("blur", default.blur, 0..=200),
        }
    }
}

impl Section for HiddenArea {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        for side in ["width", "height"] {
            if !reader.has(side) {
                let finding = Finding::error(Code::Missing, format!("this area has no `{side}`"));
                reader.complain(side, finding.hint("for example { x = 0, y = 0, width = 400, height = 40 }"));
            }
        }
        let most = 16_384;
        Self {
            monitor: reader.optional("monitor"),
            x: reader.within("x", 0, 0..=most),
            y: reader.within("y", 0, 0..=most),
            width: reader.within("width", 1, 1..=most),
            height: reader.within("height", 1, 1..=most),
        }
    }
}

impl Section for Exclusion {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        if !reader.has("app") && !reader.has("title") {
            let finding = Finding::error(Code::Missing, "this rule says neither `app` nor `title`");
            reader.complain(
                "app",
                finding.hint("for example { app = \"KeePassXC\" } or { title = \"(?i)private\" }"),
            );
        }
        Self { app: reader.optional("app"), title: reader.optional("title") }
    }
}
