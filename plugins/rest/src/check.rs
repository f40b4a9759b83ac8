//! What is wrong with settings that a type can't say. Every problem at once, each with its exact place, so that the
//! host underlines the operator's own line.

use serde_json::Value;
use stint_plugin_sdk::Problem;

use crate::answer::LOCATION;
use crate::check_template::{Templates, Where};
use crate::fields::Subject;
use crate::pointer;
use crate::settings::{ErrorSign, Lookup, Method, Named, Part, Rest, Route, Verdict};

const REDIRECTS_MAX: u8 = 5;
const EVERY: [Subject; 4] = [Subject::TimeEntry, Subject::Screenshot, Subject::Activity, Subject::Custom];
/// Headers that are not for settings to set, and whose they are.
const TAKEN: [(&str, &str); 8] = [
    ("authorization", "the host attaches the credential; name one under `credentials` of the target"),
    ("proxy-authorization", "the host speaks to the proxy; see [network] of the configuration"),
    ("cookie", "no request carries cookies; name a credential under `credentials` of the target"),
    ("host", "the host sets it from `url`"),
    ("content-length", "the host knows the length"),
    ("transfer-encoding", "the host chooses how a body is sent"),
    ("connection", "the host keeps the connections"),
    ("expect", "the host chooses how a body is sent"),
];

/// All problems.
pub(crate) fn problems(rest: &Rest) -> Vec<Problem> {
    let mut check = Check { templates: Templates::default(), key_header: rest.idempotency_header.clone() };
    check.whole(rest);
    for (name, route) in rest.routes.time_entry.all() {
        check.route(&format!("/routes/time-entry/{name}"), route, Subject::TimeEntry);
    }
    if let Some(route) = &rest.routes.screenshot {
        check.route("/routes/screenshot", route, Subject::Screenshot);
    }
    if let Some(route) = &rest.routes.activity {
        check.route("/routes/activity", route, Subject::Activity);
    }
    for (kind, route) in &rest.routes.custom {
        check.route(&format!("/routes/custom/{}", pointer::escaped(kind)), route, Subject::Custom);
    }
    check.remote_id_is_told(rest);
    check.templates.problems
}

struct Check {
    templates: Templates,
    key_header: String,
}

impl Check {
    fn found(&mut self, path: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) {
        self.templates.problems.push(Problem::new(path, message).hint(hint));
    }

    fn whole(&mut self, rest: &Rest) {
        if let Some((message, hint)) = address_complaint(&rest.url) {
            self.found("/url", message, hint);
        }
        if !rest.idempotency_header.is_empty() {
            self.header_name("/idempotency_header", &rest.idempotency_header);
        }
        if rest.redirects > REDIRECTS_MAX {
            self.found("/redirects", "the host follows no more than 5 redirects", "write 0 to 5");
        }
        self.headers("/headers", &rest.headers, &EVERY);
        self.statuses("/statuses", &rest.statuses);
        self.errors("/errors", &rest.errors);
        if let Some(probe) = &rest.probe {
            self.templates.look("/probe/path", &probe.path, &[], Where::Path);
        }
        let routes = &rest.routes;
        let some_event = routes.time_entry.all().next().is_some();
        if !some_event && routes.screenshot.is_none() && routes.activity.is_none() && routes.custom.is_empty()
        {
            let hint = "add [….settings.routes.time-entry.stopped] with method and path, for example";
            self.found("/routes", "there is no route, so nothing would be sent", hint);
        }
    }

    fn route(&mut self, place: &str, route: &Route, subject: Subject) {
        let subjects = [subject];
        self.templates.look(&format!("{place}/path"), &route.path, &subjects, Where::Path);
        self.headers(&format!("{place}/headers"), &route.headers, &subjects);
        self.body(place, route, subject);
        self.statuses(&format!("{place}/statuses"), &route.statuses);
        self.errors(&format!("{place}/errors"), &route.errors);
        if let Some(remote_id) = &route.remote_id {
            self.remote_id(&format!("{place}/remote_id"), remote_id, subject);
        }
        if let Some(Lookup { path, found }) = &route.lookup {
            self.templates.look(&format!("{place}/lookup/path"), path, &subjects, Where::Path);
            self.pointer(&format!("{place}/lookup/found"), found);
        }
    }

    fn body(&mut self, place: &str, route: &Route, subject: Subject) {
        let bodies = [
            ("json", route.json.is_some()),
            ("form", route.form.is_some()),
            ("text", route.text.is_some()),
            ("file", route.file),
        ];
        let written: Vec<&str> =
            bodies.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name).collect();
        if let [_, second, ..] = written.as_slice() {
            let message = format!("a request has one body, and this one has {}", written.join(" and "));
            self.found(format!("{place}/{second}"), message, "take out all but one");
        }
        if let (Method::Get, Some(name)) = (route.method, written.first()) {
            self.found(
                format!("{place}/{name}"),
                "a GET request has no body",
                "write POST or PUT as its method",
            );
        }
        if route.file {
            self.picture(&format!("{place}/file"), subject);
        }
        if let Some(json) = &route.json {
            self.json(&format!("{place}/json"), json, subject);
        }
        if let Some(text) = &route.text {
            self.templates.look(&format!("{place}/text"), text, &[subject], Where::Text);
        }
        for (index, part) in route.form.iter().flatten().enumerate() {
            self.part(&format!("{place}/form/{index}"), part, subject);
        }
        let has_type = route.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if route.form.is_some() && has_type {
            let message = "the host writes the type of a form, with the boundary of its parts";
            self.found(format!("{place}/headers"), message, "take `content-type` out");
        }
    }

    fn part(&mut self, place: &str, part: &Part, subject: Subject) {
        if part.name.is_empty() || part.name.chars().any(char::is_control) {
            self.found(format!("{place}/name"), "a part of a form needs a name", "write the field's name");
        }
        match (&part.text, part.file) {
            (Some(text), false) => {
                self.templates.look(&format!("{place}/text"), text, &[subject], Where::Text);
            }
            (None, true) => self.picture(&format!("{place}/file"), subject),
            _ => self.found(
                place,
                "a part of a form is either text or the picture",
                "write text = \"…\" or file = true",
            ),
        }
    }

    fn picture(&mut self, place: &str, subject: Subject) {
        if subject != Subject::Screenshot {
            self.found(place, "only a screenshot has a picture", "take it out");
        }
    }

    /// Every text in a JSON body; names of fields are taken as they are.
    fn json(&mut self, place: &str, json: &Value, subject: Subject) {
        match json {
            Value::String(text) => self.templates.look(place, text, &[subject], Where::Json),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.json(&format!("{place}/{index}"), item, subject);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.json(&format!("{place}/{}", pointer::escaped(name)), field, subject);
                }
            }
            _ => {}
        }
    }

    fn headers(&mut self, place: &str, headers: &Named<String>, subjects: &[Subject]) {
        for (name, value) in headers {
            let place = format!("{place}/{}", pointer::escaped(name));
            self.header_name(&place, name);
            if name.eq_ignore_ascii_case(&self.key_header) {
                let message = "this header carries the item's key already";
                self.found(&place, message, "take it out, or set idempotency_header = \"\"");
            }
            self.templates.look(&place, value, subjects, Where::Header);
        }
    }

    fn header_name(&mut self, place: &str, name: &str) {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_token) {
            let message = format!("`{}` is no name for a header", name.escape_debug());
            self.found(place, message, "letters, digits and `-`, without spaces");
        } else if let Some((_, whose)) = TAKEN.iter().find(|(taken, _)| name.eq_ignore_ascii_case(taken)) {
            self.found(place, format!("`{name}` is not for settings to set"), *whose);
        }
    }

    fn statuses(&mut self, place: &str, statuses: &Named<Verdict>) {
        for (status, _) in statuses {
            let is_class =
                status.len() == 3 && status.ends_with("xx") && (b'1'..=b'5').contains(&status.as_bytes()[0]);
            let is_status =
                status.len() == 3 && status.parse().is_ok_and(|number: u16| (100..600).contains(&number));
            if !is_class && !is_status {
                let place = format!("{place}/{}", pointer::escaped(status));
                self.found(
                    place,
                    format!("`{}` is no status", status.escape_debug()),
                    "for example 409, or 4xx for all of them",
                );
            }
        }
    }

    fn errors(&mut self, place: &str, errors: &[ErrorSign]) {
        for (index, sign) in errors.iter().enumerate() {
            self.pointer(&format!("{place}/{index}/at"), &sign.at);
            if let Some(message) = &sign.message {
                self.pointer(&format!("{place}/{index}/message"), message);
            }
        }
    }

    fn pointer(&mut self, place: &str, text: &str) {
        if let Some(complaint) = pointer::complaint(text) {
            self.found(
                place,
                complaint,
                format!("write /{}, for example", text.trim_matches('/').replace('.', "/")),
            );
        }
    }

    fn remote_id(&mut self, place: &str, remote_id: &str, subject: Subject) {
        if subject != Subject::TimeEntry {
            let message = "what this answer names would be taken for the name of the time entry";
            self.found(place, message, "take it out: only answers to time-entry routes name the entry");
        } else if remote_id != LOCATION && pointer::complaint(remote_id).is_some() {
            let message = "this is neither a JSON pointer nor `location`";
            self.found(
                place,
                message,
                "write /id for {\"id\": …} in the answer, or location for that header",
            );
        }
    }

    /// Whoever uses the backend's id needs an answer that tells it.
    fn remote_id_is_told(&mut self, rest: &Rest) {
        if rest.routes.time_entry.all().any(|(_, route)| route.remote_id.is_some()) {
            return;
        }
        for place in std::mem::take(&mut self.templates.uses_remote_id) {
            let hint = "add remote_id = \"/id\" to the route of the event that makes the entry, such as time-entry.started";
            self.found(place, "no route says where the backend tells its id of the entry", hint);
        }
    }
}

/// What is wrong with a base address, and what to write.
fn address_complaint(url: &str) -> Option<(&'static str, &'static str)> {
    const EXAMPLE: &str = "write https://api.example.com, for example";
    let Some(rest) = url.strip_prefix("https://").or(url.strip_prefix("http://")) else {
        return Some(("an address begins with https:// or http://", EXAMPLE));
    };
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() {
        return Some(("this address names no host", EXAMPLE));
    }
    if host.contains('@') {
        return Some((
            "a user or a password doesn't belong into an address",
            "name a credential under `credentials` of the target",
        ));
    }
    if url.contains(['{', '}']) {
        return Some(("the address is the same for every item", "put placeholders into the paths of routes"));
    }
    if url.contains(['?', '#', '\\'])
        || url.chars().any(|letter| letter.is_whitespace() || letter.is_control())
    {
        return Some(("every path is put behind this address, so nothing may follow its own path", EXAMPLE));
    }
    None
}
