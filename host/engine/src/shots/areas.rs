//! Areas to hide on screens that aren't there. A monitor that was unplugged stops nothing; a name that was mistyped
//! hides nothing, and that has to be said.

use std::collections::BTreeSet;

use stint_config::model::Capture;

/// One warning for each screen that `hide` names and that isn't among those that are there. As long as nobody has looked
/// at any, nothing is known.
pub(crate) fn unknown_areas(capture: &Capture, there: &[String]) -> Vec<String> {
    if !capture.enabled || there.is_empty() {
        return Vec::new();
    }
    let named = capture.hide.iter().filter_map(|area| area.monitor.as_ref()).map(ToString::to_string);
    let unknown: BTreeSet<String> = named.filter(|name| !there.contains(name)).collect();
    let screens = there.join(", ");
    let warn = |name| {
        format!("an area to hide is on screen {name}, which isn't there; the screens here are {screens}")
    };
    unknown.into_iter().map(warn).collect()
}

#[cfg(test)]
mod tests {
    use stint_config::Request;

    use super::*;

    fn capture(text: &str) -> Capture {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("stint.toml"), text).unwrap();
        let request =
            Request::new(Some(dir.path().join("stint.toml")), Vec::new(), [], dir.path().to_owned());
        stint_config::load(&request).unwrap().config.capture.clone()
    }

    #[test]
    fn an_area_on_a_screen_that_is_not_there_is_told_once() {
        let area = |screen: &str| format!("{{ {screen}width = 4, height = 4 }}");
        let areas = [
            area(""),
            area("monitor = \"DP-1\", "),
            area("monitor = \"DP-9\", "),
            area("monitor = \"DP-9\", "),
        ];
        let text = format!("[capture]\nenabled = true\nhide = [{}]\n", areas.join(", "));
        let there = ["DP-1".to_owned(), "HDMI-1".to_owned()];
        assert_eq!(
            unknown_areas(&capture(&text), &there),
            ["an area to hide is on screen DP-9, which isn't there; the screens here are DP-1, HDMI-1"]
        );
        assert!(unknown_areas(&capture(&text), &[]).is_empty(), "nobody has looked yet");
        assert!(unknown_areas(&capture(&text.replace("true", "false")), &there).is_empty());
    }
}
