//! How much more memory a host needs for a queue of a million than for one of a thousand. A process of its own
//! drains a part of each and says how large it was at most: memory that a process once had it seldom gives back.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::rc::Rc;

use stint_store::{queue, target};
use stint_tests::ratio::{Bar, Bench, Failure};

use super::{
    claim::{LARGE, SMALL},
    yard::{Load, NOW, Yard, Yards, data, wanted},
};

/// Names the folder that the process of its own drains.
const ASKED: &str = "STINT_BENCH_DRAIN";
const PASSES: usize = 100;

pub(crate) fn growth(yards: Rc<Yards>) -> Bench {
    Bench::count("queue: memory from 1,000 to 1,000,000", "MiB more", Bar::AtMost(16.0), move || {
        Ok((peak(&yards, LARGE)? - peak(&yards, SMALL)?) / 1024.0)
    })
}

/// The most memory, in KiB, that draining a part of a queue of this size took.
fn peak(yards: &Yards, size: u64) -> Result<f64, Failure> {
    let folder = yards.folder(size, Load::Blocked)?;
    let output = Command::new(std::env::current_exe()?).env(ASKED, data(&folder)).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// What the process of its own does.
pub(crate) fn drain_if_asked() -> Option<ExitCode> {
    use std::io::Write;
    let place = std::env::var_os(ASKED)?;
    Some(match drain(Path::new(&place)) {
        Ok(kib) => {
            let _ = writeln!(std::io::stdout(), "{kib}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    })
}

fn drain(place: &Path) -> Result<u64, Failure> {
    let mut yard = Yard::found(place)?;
    let pass = yard.pass()?;
    for _ in 0..PASSES {
        let wanted = wanted();
        let claimed = yard.write(move |transaction| queue::claim(transaction, &pass, &wanted, NOW))?;
        yard.deliver(claimed.ok_or("nothing to claim")?)?;
        yard.store.read(|reader| target::statuses(reader))?;
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
