//! Entries as sheets of whole minutes: a minute is on a sheet or it isn't, and on two sheets it never is. Against
//! these, what people state about their time is judged; nobody moves the wall clock here.

use std::collections::{BTreeMap, BTreeSet};

use stint_domain::gap::GapKind;

/// Minutes since midnight.
pub(crate) type Minute = u64;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SheetGap {
    pub(crate) kind: GapKind,
    pub(crate) from: Minute,
    pub(crate) to: Minute,
    pub(crate) kept: bool,
}

/// One entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) started: Minute,
    pub(crate) counted: BTreeSet<Minute>,
    pub(crate) gaps: Vec<SheetGap>,
}

/// All entries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Binder {
    pub(crate) sheets: BTreeMap<usize, Sheet>,
    pub(crate) current: Option<usize>,
    pub(crate) running: bool,
}

impl Sheet {
    pub(crate) fn last_end(&self) -> Minute {
        self.counted.last().map_or(self.started, |last| self.started.max(last + 1))
    }

    pub(crate) fn claim(&mut self, from: Minute, to: Minute) {
        for gap in &mut self.gaps {
            if gap.from.max(from) < gap.to.min(to) {
                gap.to = gap.to.min(from);
            }
        }
        self.gaps.retain(|gap| gap.from < gap.to);
        self.counted.extend(from..to);
    }

    /// Leaves what lies from `from` to `to`.
    pub(crate) fn cut(&mut self, from: Minute, to: Minute) {
        self.counted.retain(|minute| (from..to).contains(minute));
        for gap in &mut self.gaps {
            (gap.from, gap.to) = (gap.from.max(from), gap.to.min(to));
        }
        self.gaps.retain(|gap| gap.from < gap.to);
    }

    pub(crate) fn set_gap(&mut self, place: usize, kept: bool) {
        let gap = &mut self.gaps[place];
        gap.kept = kept;
        let minutes = gap.from..gap.to;
        if kept {
            self.counted.extend(minutes);
        } else {
            self.counted.retain(|minute| !minutes.contains(minute));
        }
    }
}

impl Binder {
    pub(crate) fn sheet(&mut self) -> Option<&mut Sheet> {
        self.sheets.get_mut(&self.current?)
    }

    pub(crate) fn running_sheet(&mut self) -> Option<&mut Sheet> {
        if self.running { self.sheet() } else { None }
    }

    /// Whether no other sheet has any of these minutes.
    pub(crate) fn is_free(&self, from: Minute, to: Minute, of: Option<usize>) -> bool {
        self.sheets.iter().all(|(number, sheet)| {
            Some(*number) == of || from >= to || sheet.counted.range(from..to).next().is_none()
        })
    }

    /// The running stretch ends, and a gap lies behind it.
    pub(crate) fn gap(&mut self, kind: GapKind, from: Minute, to: Minute) {
        if let Some(sheet) = self.running_sheet().filter(|_| from < to) {
            sheet.gaps.push(SheetGap { kind, from, to, kept: false });
        }
    }
}
