//! Puts lines together: the configuration says what is wanted, the catalogue what is there.
//!
//! Invariant: what isn't ready holds its own target and no other, and says why and what to do.

use std::{
    collections::BTreeMap,
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::future::join_all;
use stint_clock::Clock;
use stint_config::{
    Loaded, Owner,
    model::Target,
    value::{FilePath, Name},
};
use stint_domain::item::Kind as ItemKind;
use stint_plugin_runtime::{
    Plugin, Surroundings,
    grants::Grants,
    registry::{Catalogue, Entry},
    services::{Folder, NoCredentials, NoNetwork},
};
use stint_store::Store;

use super::{
    Bound, Line, Lines, Outside, Unnetworked, Unready,
    allowed::{allowed, limits},
    checks::Checks,
    clock::HostClock,
    fingerprint,
    folders::Folders,
    memory::Memory,
    outside::Ways,
    users::User,
};

/// Puts lines together, and remembers what they are made of.
pub struct Wirer {
    pub(super) store: Arc<Store>,
    pub(super) clock: HostClock,
    pub(super) outside: Arc<dyn Outside>,
    pub(super) checks: Checks,
    folders: Mutex<Folders>,
    made: Mutex<BTreeMap<String, (String, Arc<Line>)>>,
}

/// What is there of a plugin.
enum Found<'c> {
    Ready(&'c Plugin),
    Missing(String),
    /// It is being looked at.
    NotYet,
}

/// A plugin in its place, or why it can't be called there.
type Wired = Result<Bound, Unready>;

impl Wirer {
    /// A wirer for a store, the machine's clocks and time zone, and its ways out.
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>, zone: &str, outside: Arc<dyn Outside>) -> Self {
        let clock = HostClock::new(clock, zone);
        Self {
            store,
            outside,
            checks: Checks::new(Arc::new(clock.clone())),
            clock,
            folders: Mutex::default(),
            made: Mutex::default(),
        }
    }

    /// The lines of this moment. Those in which nothing differs are the same as before. A target of which something is
    /// still being looked at has none yet.
    pub async fn wire(&self, loaded: &Loaded, catalogue: &Catalogue) -> Lines {
        let enabled = loaded.config.targets.iter().filter(|(_, target)| target.enabled);
        let lines = join_all(enabled.map(|(name, target)| self.line(loaded, catalogue, name, target))).await;
        let named: Vec<&Path> =
            loaded.config.targets.values().filter_map(|target| Some(target.files.as_ref()?.path())).collect();
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).keep_only(&named);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = std::mem::take(&mut *made);
        for (key, line) in lines.into_iter().flatten() {
            let kept = before.remove(&line.target).filter(|(known, _)| *known == key);
            let (name, line) = (line.target.clone(), kept.map_or_else(|| Arc::new(line), |(_, kept)| kept));
            made.insert(name, (key, line));
        }
        Arc::new(made.iter().map(|(name, (_, line))| (name.clone(), Arc::clone(line))).collect())
    }

    /// A target's line, and a name for all that it is made of.
    async fn line(
        &self,
        loaded: &Loaded,
        catalogue: &Catalogue,
        name: &Name,
        target: &Target,
    ) -> Option<(String, Line)> {
        let config = &loaded.config;
        let scene = Scene { loaded, catalogue, name, target };
        let user = User::target(config, name)?;
        let mut unready = BTreeMap::new();
        let mut noted = |user: &User<'_>, wired: Wired| {
            if let Err(why) = &wired {
                unready.insert(user.place(), why.clone());
            }
            wired
        };
        let uploader = noted(&user, self.bound(&scene, user).await?);
        let links: Vec<User<'_>> =
            target.transforms.iter().filter_map(|name| User::transform(config, name)).collect();
        let transforms: Option<Vec<Wired>> =
            join_all(links.iter().map(|user| self.bound(&scene, *user))).await.into_iter().collect();
        let transforms: Vec<Wired> =
            links.iter().zip(transforms?).map(|(user, wired)| noted(user, wired)).collect();
        let transforms: Result<Vec<Bound>, Unready> = transforms.into_iter().collect();
        let policy = match target.policy.as_ref().and_then(|name| User::policy(config, name)) {
            Some(user) => Some(noted(&user, self.bound(&scene, user).await?)),
            None => None,
        };
        let plugin = scene.plugin(target.plugin.as_str());
        let links = links.iter().map(|user| (*user, scene.plugin(user.plugin.as_str())));
        let most = plugin.and_then(|plugin| plugin.manifest().target.as_ref()?.max_in_flight);
        let line = Line {
            target: name.as_str().to_owned(),
            chain: fingerprint::of_chain(links),
            fingerprint: fingerprint::of_target(config, name, plugin, self.outside.version(loaded, name)),
            max_in_flight: target.max_in_flight.min(most.unwrap_or(u32::MAX)).max(1) as usize,
            uploader,
            transforms,
            policy,
            unready,
        };
        Some((key(target, &line), line))
    }

    /// A plugin in its place; nothing while it is being looked at.
    async fn bound(&self, scene: &Scene<'_>, user: User<'_>) -> Option<Wired> {
        let plugin = match scene.find(user.plugin.as_str()) {
            Found::Ready(plugin) => plugin,
            Found::Missing(why) => return Some(Err(Unready::Missing(why))),
            Found::NotYet => return None,
        };
        let fit = self.checks.fit(&scene.loaded.config, plugin, &user).await;
        if let Some(why) =
            fit.underlined(scene.loaded, &user).or_else(|| not_taken(plugin, &user, scene.target))
        {
            return Some(Err(Unready::Misconfigured(why)));
        }
        Some(self.surround(scene, plugin, &user).map_err(Unready::Misconfigured))
    }

    /// What the plugin's calls are given.
    fn surround(&self, scene: &Scene<'_>, plugin: &Plugin, user: &User<'_>) -> Result<Bound, String> {
        let settings = user.settings.to_value();
        let name = plugin.manifest().name.as_str();
        let grants = Arc::new(Grants::new(plugin.manifest(), &settings, allowed(user, scene.target)?));
        let is_target = matches!(user.owner, Owner::Target(_));
        let files = scene.target.files.as_ref().filter(|_| is_target);
        let ways = if is_target { self.outside.ways(scene.loaded, scene.name, &grants)? } else { nowhere() };
        let around = Surroundings {
            settings: settings.to_string().into(),
            grants,
            limits: Arc::new(limits(&scene.loaded.config, name)),
            clock: Arc::new(self.clock.clone()),
            state: Arc::new(Memory::new(Arc::clone(&self.store), scene.name.as_str(), name)),
            broker: Arc::new(NoNetwork),
            credentials: ways.credentials,
            folder: files.map(|files| self.folder(files, scene.name)).transpose()?,
        };
        Ok(Bound { plugin: plugin.clone(), around, network: ways.network })
    }

    /// What a target's candidate is given to be tried, if it can be: the ways out and the grants of its line.
    pub(super) fn bound_for_trial(
        &self,
        loaded: &Loaded,
        user: &User<'_>,
        candidate: &Plugin,
    ) -> Option<Bound> {
        let Owner::Target(name) = user.owner else { return None };
        let (catalogue, target) = (&Catalogue::default(), loaded.config.targets.get(name)?);
        self.surround(&Scene { loaded, catalogue, name, target }, candidate, user).ok()
    }

    fn folder(&self, files: &FilePath, target: &Name) -> Result<Arc<Folder>, String> {
        let opened: io::Result<Arc<Folder>> =
            self.folders.lock().unwrap_or_else(PoisonError::into_inner).open(files.path());
        opened.map_err(|error| {
            format!(
                "the folder {} can't be used: {error}; make it, or correct files in [targets.{target}]",
                files.path().display()
            )
        })
    }
}

/// One target and what surrounds it.
struct Scene<'c> {
    loaded: &'c Loaded,
    catalogue: &'c Catalogue,
    name: &'c Name,
    target: &'c Target,
}

impl<'c> Scene<'c> {
    fn plugin(&self, name: &str) -> Option<&'c Plugin> {
        self.catalogue.entries.get(name)?.plugin.as_ref()
    }

    fn find(&self, name: &str) -> Found<'c> {
        match self.catalogue.entries.get(name) {
            Some(Entry { plugin: Some(plugin), .. }) => Found::Ready(plugin),
            Some(Entry { error, .. }) => {
                let why = error.clone().unwrap_or_else(|| format!("plugin `{name}` is missing"));
                let named = why.starts_with("plugin ");
                Found::Missing(if named { why } else { format!("plugin `{name}` was refused: {why}") })
            }
            // The catalogue isn't of this configuration yet, or of this moment.
            None => Found::NotYet,
        }
    }
}

/// A target that is told of kinds of items that its plugin doesn't know would fail each of them.
pub(super) fn not_taken(plugin: &Plugin, user: &User<'_>, target: &Target) -> Option<String> {
    let takes =
        &plugin.manifest().target.as_ref().filter(|_| matches!(user.owner, Owner::Target(_)))?.accepts;
    let strange: Vec<&str> = target
        .accepts
        .iter()
        .map(|kind: &ItemKind| kind.word())
        .filter(|word| takes.iter().all(|taken| taken != word))
        .collect();
    (!strange.is_empty()).then(|| {
        format!(
            "[{}] accepts {}, which the plugin `{}` doesn't take: it takes {}; take it out of accepts",
            user.place(),
            strange.join(" and "),
            plugin.manifest().name,
            takes.join(", ")
        )
    })
}

fn nowhere() -> Ways {
    Ways { network: Arc::new(Unnetworked), credentials: Arc::new(NoCredentials) }
}

/// Names all that a line is made of.
fn key(target: &Target, line: &Line) -> String {
    let place = |wired: &Wired| match wired {
        Ok(bound) => format!(
            "{} {} {:?} {:?}",
            bound.plugin.sha256(),
            bound.around.settings,
            bound.around.limits,
            bound.around.folder.as_ref().map(Arc::as_ptr)
        ),
        Err(why) => why.to_string(),
    };
    let transforms = match &line.transforms {
        Ok(all) => all.iter().map(|bound| place(&Ok(bound.clone()))).collect::<Vec<_>>().join(" "),
        Err(why) => why.to_string(),
    };
    fingerprint::of_parts(&[
        line.fingerprint.clone(),
        line.chain.clone(),
        line.max_in_flight.to_string(),
        place(&line.uploader),
        transforms,
        line.policy.as_ref().map(place).unwrap_or_default(),
        format!("{:?} {:?} {:?}", target.accepts, target.policy, line.unready),
    ])
}
