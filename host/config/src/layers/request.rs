//! What a configuration is loaded from. Everything that surrounds the process comes in here, so that loading is a
//! function of its arguments and of the files.

use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use super::Flag;

/// What a configuration is loaded from.
#[derive(Clone, Default)]
pub struct Request {
    /// The file.
    pub file: Option<ConfigFile>,
    /// The environment.
    pub env: Vec<(OsString, OsString)>,
    /// What the command line says about the configuration.
    pub flags: Vec<Flag>,
    /// The current folder.
    pub cwd: PathBuf,
}

/// A configuration file, and who asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    /// The file.
    pub path: PathBuf,
    /// Who asked for it.
    pub asked: Asked,
}

/// Who asked for a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `--config`: it has to be there.
    Flag,
    /// The argument of a verb: it has to be there.
    Argument,
    /// `STINT_CONFIG`: it has to be there.
    Variable,
    /// Nobody: it is where such files are, and may be absent.
    Nobody,
    /// It was there when the running host read it: if it is gone, that is an accident.
    Before,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The environment holds secrets.
        f.debug_struct("Request")
            .field("file", &self.file)
            .field("flags", &self.flags)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// The request of a process with this environment. `file` is what `--config` says; without it `STINT_CONFIG`
    /// counts, then `stint/stint.toml` in the folders of XDG: the person's own, then the system's.
    pub fn new(
        file: Option<PathBuf>,
        flags: Vec<Flag>,
        env: impl IntoIterator<Item = (OsString, OsString)>,
        cwd: PathBuf,
    ) -> Self {
        let env = env.into_iter().collect();
        let mut request = Self { file: None, env, flags, cwd };
        request.file = match (file, request.variable("STINT_CONFIG")) {
            (Some(path), _) => Some(ConfigFile { path, asked: Asked::Flag }),
            (None, Some(path)) => Some(ConfigFile { path: path.into(), asked: Asked::Variable }),
            (None, None) => request.usual_file().map(|path| ConfigFile { path, asked: Asked::Nobody }),
        };
        request
    }

    /// The same for a host that reads its file again.
    pub fn again(mut self) -> Self {
        if let Some(file) = &mut self.file
            && file.asked == Asked::Nobody
            && file.path.exists()
        {
            file.asked = Asked::Before;
        }
        self
    }

    /// The home folder.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        self.folder("HOME")
    }

    /// Where the data is kept unless it is written: `$XDG_DATA_HOME/stint`, or `~/.local/share/stint`.
    pub(crate) fn usual_data_dir(&self) -> Option<PathBuf> {
        let data = self.folder("XDG_DATA_HOME").or_else(|| Some(self.home()?.join(".local/share")));
        data.map(|data| data.join("stint"))
    }

    fn usual_file(&self) -> Option<PathBuf> {
        let own = self.folder("XDG_CONFIG_HOME").or_else(|| Some(self.home()?.join(".config")));
        let own = own.map(|folder| folder.join("stint/stint.toml"));
        if own.as_deref().is_some_and(Path::exists) {
            return own;
        }
        let system = self.variable("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".into());
        let mut system = std::env::split_paths(&system).filter(|folder| folder.is_absolute());
        system.find_map(|folder| Some(folder.join("stint/stint.toml")).filter(|path| path.exists())).or(own)
    }

    /// A folder that a variable names; XDG has relative ones ignored.
    fn folder(&self, name: &str) -> Option<PathBuf> {
        self.variable(name).map(PathBuf::from).filter(|folder| folder.is_absolute())
    }

    /// The value of a variable; an empty one counts as not set.
    fn variable(&self, name: &str) -> Option<OsString> {
        let found = self.env.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(file: Option<&str>, env: &[(&str, &str)]) -> Request {
        let env = env.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Request::new(file.map(PathBuf::from), Vec::new(), env, "/cwd".into())
    }

    fn chosen(file: Option<&str>, env: &[(&str, &str)]) -> (String, Asked) {
        let file = request(file, env).file.unwrap();
        (file.path.to_string_lossy().into_owned(), file.asked)
    }

    #[test]
    fn the_flag_counts_before_the_variable_and_that_before_the_usual_place() {
        let both = [("STINT_CONFIG", "/v.toml"), ("HOME", "/h")];
        assert_eq!(chosen(Some("/f.toml"), &both), ("/f.toml".into(), Asked::Flag));
        assert_eq!(chosen(None, &both), ("/v.toml".into(), Asked::Variable));
        let empty = [("STINT_CONFIG", ""), ("HOME", "/h"), ("XDG_CONFIG_DIRS", "/nowhere")];
        assert_eq!(chosen(None, &empty), ("/h/.config/stint/stint.toml".into(), Asked::Nobody));
        let xdg = [("XDG_CONFIG_HOME", "/x"), ("HOME", "/h"), ("XDG_CONFIG_DIRS", "/nowhere")];
        assert_eq!(chosen(None, &xdg).0, "/x/stint/stint.toml");
        let relative = [("XDG_CONFIG_HOME", "x"), ("HOME", "/h"), ("XDG_CONFIG_DIRS", "/nowhere")];
        assert_eq!(chosen(None, &relative).0, "/h/.config/stint/stint.toml");
        assert_eq!(request(None, &[("XDG_CONFIG_DIRS", "/nowhere")]).file, None);
    }

    #[test]
    fn a_systems_file_counts_where_the_person_has_none() {
        let system = tempfile::tempdir().unwrap();
        std::fs::create_dir(system.path().join("stint")).unwrap();
        let file = system.path().join("stint/stint.toml");
        std::fs::write(&file, "").unwrap();
        let dirs = format!("/nowhere:{}", system.path().display());
        let env = [("HOME", "/nowhere"), ("XDG_CONFIG_DIRS", dirs.as_str())];
        assert_eq!(chosen(None, &env), (file.to_string_lossy().into_owned(), Asked::Nobody));
        let again = request(None, &env).again();
        assert_eq!(again.file.unwrap().asked, Asked::Before);
    }

    #[test]
    fn the_data_lies_where_xdg_says() {
        assert_eq!(request(None, &[("HOME", "/h")]).usual_data_dir(), Some("/h/.local/share/stint".into()));
        assert_eq!(request(None, &[("XDG_DATA_HOME", "/x")]).usual_data_dir(), Some("/x/stint".into()));
        assert_eq!(request(None, &[]).usual_data_dir(), None);
    }
}
