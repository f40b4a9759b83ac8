//! The harness on subjects whose order and figures are known.

use std::cell::RefCell;
use std::rc::Rc;

use super::*;

fn milliseconds(pairs: &[(u64, u64)]) -> Vec<(Duration, Duration)> {
    pairs
        .iter()
        .map(|(subject, control)| (Duration::from_millis(*subject), Duration::from_millis(*control)))
        .collect()
}

/// Work of a known length that writes down that it was done.
fn noted(name: char, length: u64, diary: &Rc<RefCell<String>>) -> Work {
    let diary = Rc::clone(diary);
    Box::new(move |watch| {
        watch.add(Duration::from_secs(length));
        diary.borrow_mut().push(name);
        Ok(())
    })
}

fn three_to_one() -> Pair {
    let diary = Rc::default();
    Pair::new(noted('s', 30, &diary), noted('c', 10, &diary))
}

fn value(measured: &Measured) -> f64 {
    measured.result.as_ref().unwrap().0
}

#[test]
fn the_figure_is_the_median_of_the_pairs_ratios_not_the_ratio_of_the_medians() {
    let times = milliseconds(&[(10, 10), (20, 10), (90, 30)]);

    let (value, timing) = summary(&times, |ours, theirs| ours / theirs).unwrap();

    let timing = timing.unwrap();
    assert!((value - 2.0).abs() < 1e-9, "{value}");
    assert_eq!((timing.subject, timing.control), (Duration::from_millis(20), Duration::from_millis(10)));
    assert!((timing.min - 1.0).abs() < 1e-9 && (timing.max - 3.0).abs() < 1e-9, "{timing:?}");
    assert_eq!(timing.pairs, 3);
}

#[test]
fn one_disturbed_pair_does_not_move_the_figure() {
    let times = milliseconds(&[(10, 10), (10, 10), (5_000, 10), (10, 10), (10, 10)]);

    let (value, _) = summary(&times, |ours, theirs| ours / theirs).unwrap();

    assert!((value - 1.0).abs() < 1e-9, "{value}");
}

#[test]
fn subject_and_control_take_turns_and_the_order_is_swapped_after_a_warm_up() {
    let diary = Rc::new(RefCell::new(String::new()));
    let pair = Pair::new(noted('s', 1, &diary), noted('c', 1, &diary));

    compare(pair, |ours, theirs| ours / theirs).unwrap();

    assert_eq!(*diary.borrow(), "sc cs sc cs sc cs sc cs".replace(' ', ""));
}

#[test]
fn short_pairs_are_repeated_until_they_add_up_to_a_while() {
    let pairs = |millis| {
        (0..1_000).find(|count| !wants_more(&milliseconds(&vec![(millis, millis); *count]))).unwrap()
    };

    assert_eq!((pairs(1_000), pairs(100), pairs(10), pairs(1)), (7, 40, 101, 101));
}

#[test]
fn a_slowdown_and_a_throughput_look_at_the_same_pair_from_both_sides() {
    let slowdown = Bench::slowdown("a", 3.0, || Ok(three_to_one())).measure();
    let throughput = Bench::throughput("b", 0.5, || Ok(three_to_one())).measure();

    assert_eq!((slowdown.verdict(), throughput.verdict()), (Verdict::Met, Verdict::Missed));
    assert!((value(&slowdown) - 3.0).abs() < 1e-9, "{slowdown:?}");
    assert!((value(&throughput) - 1.0 / 3.0).abs() < 1e-9, "{throughput:?}");
}

#[test]
fn a_count_is_held_against_its_bar_without_a_clock() {
    let met = Bench::count("fsyncs", "per commit", Bar::AtMost(1.02), || Ok(1.01)).measure();
    let missed = Bench::count("fsyncs", "per commit", Bar::AtMost(1.02), || Ok(1.03)).measure();

    assert_eq!((met.verdict(), missed.verdict()), (Verdict::Met, Verdict::Missed));
    assert!(matches!(met.result, Ok((_, None))));
}

#[test]
fn a_bench_that_times_nothing_is_broken_and_says_so() {
    let idle = || Ok(Pair::new(noted('s', 1, &Rc::default()), |_| Ok(())));

    let measured = Bench::slowdown("idle", 1.0, idle).measure();

    assert_eq!(measured.verdict(), Verdict::Broken);
    let error = measured.result.unwrap_err().to_string();
    assert_eq!(error, "the control timed nothing; wrap its work in Stopwatch::time");
}

#[test]
fn a_failure_in_preparation_or_work_is_the_benchs_own() {
    let unprepared = Bench::slowdown("a", 1.0, || Err("no disk".into())).measure();
    let uncounted = Bench::count("b", "rows", Bar::AtMost(1.0), || Err("no rows".into())).measure();

    assert_eq!((unprepared.verdict(), uncounted.verdict()), (Verdict::Broken, Verdict::Broken));
    assert_eq!(unprepared.result.unwrap_err().to_string(), "no disk");
}
