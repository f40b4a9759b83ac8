//! What the timer should say, reckoned plainly: it adds up what really happened between two looks at the clocks.
//! It knows no sample, no segment, no span and no table, so it can't be wrong in the same way as the timer.

use std::{collections::BTreeMap, mem};

use stint_domain::timer::{
    Event::{self, Deleted, Paused, Resumed, Started, Stopped},
    OnIdle, Rules, State, Verb,
};

/// What became of the clocks since the last look, as the world knows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending {
    pub(crate) awake: u64,
    pub(crate) asleep: u64,
    pub(crate) stepped: i64,
    pub(crate) rebooted: bool,
}

/// One entry, as sums.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) number: usize,
    pub(crate) project: usize,
    pub(crate) worked: u64,
    pub(crate) slept: u64,
    pub(crate) idle: u64,
    pub(crate) interrupted: u64,
}

/// The timer and all entries.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    pub(crate) running: bool,
    pub(crate) current: Option<Account>,
    pub(crate) finished: BTreeMap<usize, Account>,
    /// Whether a host watches the running stretch, or did when it crashed.
    watched: bool,
    /// Time awake since the running stretch was last cut.
    open: u64,
    pub(crate) pending: Pending,
}

/// The whole reckoning.
#[derive(Clone, Debug)]
pub(crate) struct Reckoning {
    pub(crate) rules: Rules,
    pub(crate) host: bool,
    pub(crate) book: Book,
    /// Where `undo` leads: time goes by there as well.
    pub(crate) before: Option<Book>,
    /// What targets should have been told: the event, the entry's number, what it counted.
    pub(crate) told: Vec<(Event, usize, u64)>,
    pub(crate) noted: Vec<&'static str>,
    /// Whether the last verb changed anything; nothing where it was refused.
    pub(crate) changed: Option<bool>,
    entries: usize,
    last_project: Option<usize>,
}

impl Book {
    pub(crate) fn state(&self) -> State {
        match (&self.current, self.running) {
            (None, _) => State::Idle,
            (Some(_), true) => State::Running,
            (Some(_), false) => State::Paused,
        }
    }

    fn has(&self, number: usize) -> bool {
        self.finished.contains_key(&number) || self.is_current(number)
    }

    fn is_current(&self, number: usize) -> bool {
        self.current.as_ref().is_some_and(|account| account.number == number)
    }

    /// Takes account of what is pending. Says whether that ended the running stretch.
    fn look(&mut self, rules: &Rules, crashed: bool, noted: &mut Vec<&'static str>) -> bool {
        let Pending { awake, asleep, stepped, rebooted } = mem::take(&mut self.pending);
        let (true, Some(account)) = (self.running, &mut self.current) else { return false };
        if rebooted {
            noted.push("rebooted");
            self.running = false;
            return true;
        }
        let slept = asleep > 2_000;
        let stepped = stepped.unsigned_abs() > 2_000 + (awake + asleep) / 2_000;
        if crashed && (slept || awake > 30_000) {
            noted.extend(stepped.then_some("stepped"));
            noted.push("interrupted");
            account.interrupted += awake;
            account.slept += if slept { asleep } else { 0 };
            self.running = false;
            return true;
        }
        if crashed {
            noted.push("recovered");
        } else if self.watched && awake > 15_000 && !slept && !stepped {
            noted.push("stalled");
        }
        noted.extend(stepped.then_some("stepped"));
        account.worked += awake;
        self.open = if stepped { 0 } else { self.open + awake };
        if slept {
            noted.push("slept");
            account.slept += asleep;
            account.worked += if rules.keep_sleep { asleep } else { 0 };
            self.open = awake;
        }
        false
    }

    /// From here on a host watches, or nobody does.
    fn watch(&mut self, host: bool) {
        if self.running && self.watched != host {
            self.open = 0;
        }
        self.watched = host;
    }
}

impl Reckoning {
    pub(crate) fn new(rules: Rules) -> Self {
        let book = Book {
            running: false,
            current: None,
            finished: BTreeMap::new(),
            watched: false,
            open: 0,
            pending: Pending::default(),
        };
        Self {
            rules,
            host: true,
            book,
            before: None,
            told: Vec::new(),
            noted: Vec::new(),
            changed: None,
            entries: 0,
            last_project: None,
        }
    }

    /// Something becomes of the clocks: in this world, and where `undo` would lead.
    pub(crate) fn pass(&mut self, happen: impl Fn(&mut Pending)) {
        happen(&mut self.book.pending);
        self.before.iter_mut().for_each(|book| happen(&mut book.pending));
    }

    fn tell(&mut self, event: Event) {
        let account = self.book.current.as_ref().expect("a current entry to tell about");
        self.told.push((event, account.number, account.worked));
    }

    pub(crate) fn look(&mut self, crashed: bool) {
        if self.book.look(&self.rules, crashed, &mut self.noted) {
            self.tell(Paused);
        }
    }

    /// A process takes over, as a host or for one verb.
    pub(crate) fn take_over(&mut self, host: bool) {
        self.host = host;
        self.look(self.book.watched);
        self.book.watch(host);
    }

    pub(crate) fn quit(&mut self) {
        self.host = false;
        self.look(false);
        self.book.watch(false);
    }

    /// What any process does before it carries out a person's word.
    fn arrive(&mut self) {
        if !self.host {
            self.take_over(false);
        }
        self.look(false);
    }

    pub(crate) fn idle_ended(&mut self, idle: u64) {
        self.look(false);
        let idle = idle.min(self.book.open);
        let (true, Some(account)) = (self.book.running && idle > 0, &mut self.book.current) else { return };
        self.noted.push("idle");
        account.idle += idle;
        if self.rules.on_idle == OnIdle::Drop {
            account.worked -= idle;
        }
        self.book.open = 0;
    }

    pub(crate) fn verb(&mut self, verb: Verb) {
        self.arrive();
        let before = self.book.clone();
        self.changed = Some(true);
        match (verb, self.book.state(), self.last_project) {
            (Verb::Start, State::Idle, _) => self.open(self.entries),
            (Verb::Start, ..) => {
                self.finish();
                self.open(self.entries);
            }
            (Verb::Continue, State::Idle, Some(project)) => self.open(project),
            (Verb::Continue, State::Paused, Some(project)) => {
                self.finish();
                self.open(project);
            }
            (Verb::Continue, State::Idle, None) => self.changed = None,
            (Verb::Pause, State::Running, _) => {
                self.book.running = false;
                self.tell(Paused);
            }
            (Verb::Resume, State::Paused, _) => self.run(Resumed),
            (Verb::Stop, State::Running | State::Paused, _) => self.finish(),
            (Verb::Cancel, State::Running | State::Paused, _) => {
                self.tell(Deleted);
                (self.book.current, self.book.running) = (None, false);
            }
            _ => self.changed = Some(false),
        }
        if self.changed == Some(true) {
            self.before = Some(before);
        }
        self.remember_project();
    }

    fn open(&mut self, project: usize) {
        let (number, worked, slept, idle, interrupted) = (self.entries, 0, 0, 0, 0);
        self.book.current = Some(Account { number, project, worked, slept, idle, interrupted });
        self.entries += 1;
        self.run(Started);
    }

    fn run(&mut self, event: Event) {
        (self.book.running, self.book.open, self.book.watched) = (true, 0, self.host);
        self.tell(event);
    }

    fn finish(&mut self) {
        self.tell(Stopped);
        let account = self.book.current.take().expect("a current entry to finish");
        self.book.finished.insert(account.number, account);
        self.book.running = false;
    }

    fn remember_project(&mut self) {
        let current = self.book.current.as_ref().map(|account| account.project);
        self.last_project = current.or(self.last_project);
    }

    /// Goes back to where the last change came from, as if it had not been made; from there, back again.
    pub(crate) fn undo(&mut self) {
        self.arrive();
        let to = self.before.take().expect("a change to take back");
        let from = mem::replace(&mut self.book, to);
        if let Some(left) = from.current.as_ref().filter(|left| !self.book.is_current(left.number)) {
            self.told.push(match self.book.finished.get(&left.number) {
                None => (Deleted, left.number, left.worked),
                Some(finished) => (Stopped, finished.number, finished.worked),
            });
        }
        (self.book.watched, self.book.open) = (false, 0);
        self.book.look(&self.rules, false, &mut self.noted);
        self.book.watch(self.host);
        if let Some(number) = self.book.current.as_ref().map(|account| account.number) {
            let known = from.has(number);
            if !known {
                self.tell(Started);
            }
            match (self.book.running, known) {
                (false, _) => self.tell(Paused),
                (true, true) => self.tell(Resumed),
                (true, false) => {}
            }
        }
        self.before = Some(from);
        self.remember_project();
    }
}
