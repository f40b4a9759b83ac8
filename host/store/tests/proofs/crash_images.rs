//! Power cuts: the data directory is rebuilt as it may have been at many moments of a run, and must balance each
//! time. The controls show that this can fail.

use std::path::Path;

use stint_store::Synchronous;

use crate::child::{Place, Role, quick_folder};
use crate::disk::Disk;
use crate::image;
use crate::oracle::{Told, judge};
use crate::rng::Rng;
use crate::script::Size;
use crate::trace::{self, ARGUMENTS, Call, Event};

/// Several threads, so that several jobs share a commit, and so many pages that the log begins anew in between.
const CROWD: Size = Size { sessions: 2, threads: 3, steps: 24 };

/// What came of looking at many images.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// How many images there were.
    pub(crate) images: usize,
    /// How many of them hold something that was acknowledged.
    pub(crate) with_news: usize,
    /// What did not balance, image by image.
    pub(crate) wrong: Vec<String>,
}

/// Runs the script under `strace`, with more arguments if some call is to fail.
pub(crate) fn run(more: &[&str], synchronous: Synchronous, size: Size) -> (Place, Vec<Event>) {
    let place = Place::new();
    let status = place.strace(&[&ARGUMENTS, more].concat(), Role::Script(synchronous), size);
    assert!(status.success(), "{status}");
    let events = trace::read(&place.log());
    (place, events)
}

/// Looks at so many images of a run.
pub(crate) fn look(
    place: &Place,
    events: &[Event],
    size: Size,
    seed: u64,
    images: usize,
    deaf: fn(&Path) -> bool,
) -> Findings {
    let mut rng = Rng::new(seed);
    let mut moments: Vec<usize> = (0..images).map(|_| moment(events, &mut rng)).collect();
    moments.sort_unstable();
    let mut disk = Disk::new(&place.data(), deaf);
    let mut told = Told::default();
    let mut findings = Findings::default();
    let mut done = 0;
    let ground = quick_folder();
    let path = ground.path().join("data");
    for moment in moments {
        for event in &events[done..moment] {
            disk.apply(&event.call);
        }
        done = moment;
        // A line counts from the moment its writing began: the script held the acknowledgement in its hand.
        told = heard(place, events, moment, told);
        image::write(&disk, &path, &mut rng);
        let wrong = judge(&path, &told, size);
        findings.images += 1;
        findings.with_news += usize::from(!told.done.is_empty());
        findings
            .wrong
            .extend(wrong.into_iter().map(|wrong| format!("seed {seed}, after call {moment}: {wrong}")));
        image::remove(&path);
    }
    findings
}

/// What the script had been told when the call at `moment` was about to happen.
fn heard(place: &Place, events: &[Event], moment: usize, mut told: Told) -> Told {
    let cut = events.get(moment).map_or(usize::MAX, |event| event.ended);
    for event in events.iter().filter(|event| event.began < cut) {
        if let Call::Append { path, bytes } = &event.call
            && *path == place.lines()
        {
            String::from_utf8_lossy(bytes).lines().for_each(|line| told.hear(line));
        }
    }
    told
}

/// A moment of the run: mostly around a call after which more, or something else, is certain.
fn moment(events: &[Event], rng: &mut Rng) -> usize {
    let any = rng.below(events.len() + 1);
    if rng.below(3) == 0 {
        return any;
    }
    let telling = |event: &Event| !matches!(event.call, Call::Write { .. });
    let found = events[..any].iter().rposition(telling).unwrap_or(0);
    (found + rng.below(3)).min(events.len())
}

fn faithful(_: &Path) -> bool {
    false
}

#[test]
fn after_a_power_cut_everything_acknowledged_is_there_and_nothing_is_half_there() {
    let (place, events) = run(&[], Synchronous::Full, CROWD);
    let told = place.told();
    assert_eq!(told.refused, [""; 0]);
    assert!(told.done.len() > 150, "{}", told.done.len());
    assert_eq!(judge(&place.data(), &told, CROWD), [""; 0]);
    let resets = events.iter().filter(|event| is_new_log(event)).count();
    assert!(resets > 2, "the log has to begin anew within a session: {resets}");
    let findings = look(&place, &events, CROWD, 1, 150, faithful);
    assert_eq!(findings.wrong, [""; 0]);
    assert!(findings.images == 150 && findings.with_news > 75, "{findings:?}");

    // What shows that the images can tell: the same run on a disk that does not do what it is asked.
    let no_files =
        look(&place, &events, CROWD, 2, 20, |path| path.to_string_lossy().contains("/unfinished/"));
    assert!(no_files.wrong.iter().any(|wrong| wrong.contains("what was stored")), "{:?}", no_files.wrong);
    let no_folders =
        look(&place, &events, CROWD, 3, 40, |path| path.parent().is_some_and(|up| up.ends_with("blobs")));
    assert!(no_folders.wrong.iter().any(|wrong| wrong.contains("nothing is at")), "{:?}", no_folders.wrong);
    let no_log = look(&place, &events, CROWD, 4, 20, |path| path.to_string_lossy().ends_with("-wal"));
    assert!(no_log.wrong.iter().any(|wrong| wrong.contains("acknowledged and lost")), "{:?}", no_log.wrong);
}

/// The log's head is written when it is made, and whenever it begins anew.
fn is_new_log(event: &Event) -> bool {
    matches!(&event.call, Call::Write { path, offset: 0, .. } if path.to_string_lossy().ends_with("-wal"))
}

#[test]
fn the_control_without_syncs_loses_what_was_acknowledged() {
    let (place, events) = run(&[], Synchronous::Off, CROWD);
    assert_eq!(judge(&place.data(), &place.told(), CROWD), [""; 0], "without a power cut nothing is missing");
    let findings = look(&place, &events, CROWD, 1, 40, faithful);
    let lost = findings.wrong.iter().filter(|wrong| wrong.contains("acknowledged and lost")).count();
    assert!(lost > 0, "the proof can not fail: {findings:?}");
}
