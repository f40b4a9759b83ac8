//! A sync that fails is never acknowledged. What was acknowledged before and after is there, also when the power goes
//! afterwards: what a failed sync should have written is undecided for good.

use stint_store::Synchronous;

use crate::child::{Place, Role};
use crate::crash_images::{look, run};
use crate::oracle::judge;
use crate::script::Size;

const SMALL: Size = Size { sessions: 1, threads: 0, steps: 6 };

#[test]
fn a_sync_that_fails_is_refused_and_the_store_goes_on() {
    let mut refusals = 0;
    for number in 1.. {
        let place = Place::new();
        let inject = format!("inject=fsync:error=EIO:when={number}");
        let status =
            place.strace(&["-e", "trace=fsync", "-e", &inject], Role::Script(Synchronous::Full), SMALL);
        assert!(status.success(), "the script goes on: {status}");
        let told = place.told();
        assert_eq!(judge(&place.data(), &told, SMALL), [""; 0], "at sync {number}");
        for refused in &told.refused {
            assert!(
                refused.contains("Input/output error") || refused.contains("disk I/O error"),
                "{refused}"
            );
        }
        refusals += told.refused.len();
        if !std::fs::read_to_string(place.log()).unwrap().contains("(INJECTED)") {
            break;
        }
    }
    assert!(refusals > 15, "{refusals}");
}

#[test]
fn after_failed_syncs_and_a_power_cut_everything_acknowledged_is_there() {
    for (seed, when) in [(1, "8+7"), (2, "11+5"), (3, "12+3")] {
        let inject = format!("inject=fsync:error=EIO:when={when}");
        let (place, events) = run(&["-e", &inject], Synchronous::Full, SMALL);
        assert!(!place.told().refused.is_empty());
        let findings = look(&place, &events, SMALL, seed, 30, |_| false);
        assert_eq!(findings.wrong, [""; 0], "every {when} sync fails");
    }
}
