//! The request that a route makes of an item.

use stint_plugin_sdk::http::{self, Request};
use stint_plugin_sdk::{Attachment, Chunk, Failure, Undelivered};

use crate::fill::Filler;
use crate::settings::{Method, Named, Part, Rest, Route};
use crate::template::Template;

const ACCEPT: &str = "accept";
const CONTENT_TYPE: &str = "content-type";
const JSON: &str = "application/json";

impl Rest {
    /// The request that a route makes of an item.
    pub(crate) fn request<'a>(&self, route: &Route, filler: &Filler<'a>) -> Result<Request<'a>, Undelivered> {
        let mut request = self.base(route.method, &filler.path(&route.path)?);
        if !sets(&self.headers, ACCEPT) && !sets(&route.headers, ACCEPT) {
            request = request.header(ACCEPT, JSON);
        }
        if !self.idempotency_header.is_empty() {
            request = request.header(self.idempotency_header.as_str(), filler.header("{key}")?);
        }
        let mut mime = None;
        // A route's own header takes the place of the one for all routes.
        let common = self.headers.iter().filter(|(name, _)| !sets(&route.headers, name));
        for (name, value) in common.chain(&route.headers) {
            let value = filler.header(value)?;
            if name.eq_ignore_ascii_case(CONTENT_TYPE) {
                mime = Some(value);
            } else {
                request = request.header(name.as_str(), value);
            }
        }
        body(route, filler, request, mime.as_deref())
    }

    /// A request that asks and changes nothing. The headers of all requests go along; where it is not about an item,
    /// those that want one stay away.
    pub(crate) fn question(
        &self,
        path: &str,
        filler: Option<&Filler<'_>>,
    ) -> Result<Request<'static>, Undelivered> {
        let mut request = self.base(Method::Get, path);
        if !sets(&self.headers, ACCEPT) {
            request = request.header(ACCEPT, JSON);
        }
        for (name, value) in self.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(CONTENT_TYPE))
        {
            let value = match filler {
                Some(filler) => Some(filler.header(value)?),
                None => Template::parse(value).ok().and_then(Template::fixed),
            };
            if let Some(value) = value {
                request = request.header(name.as_str(), value);
            }
        }
        Ok(request)
    }

    fn base<'a>(&self, method: Method, path: &str) -> Request<'a> {
        let url = format!("{}{path}", self.url.trim_end_matches('/'));
        let request = http::request(method.word(), url).redirects(self.redirects);
        if self.credential { request.credential("default") } else { request }
    }
}

/// Whether a header is among these.
fn sets(headers: &Named<String>, wanted: &str) -> bool {
    headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted))
}

fn body<'a>(
    route: &Route,
    filler: &Filler<'a>,
    request: Request<'a>,
    mime: Option<&str>,
) -> Result<Request<'a>, Undelivered> {
    let typed = |usual: &str| mime.unwrap_or(usual).to_owned();
    if let Some(json) = &route.json {
        return Ok(request.content(typed(JSON), filler.json(json)?));
    }
    if let Some(text) = &route.text {
        return Ok(request.content(typed("text/plain; charset=utf-8"), vec![Chunk::Text(filler.text(text)?)]));
    }
    if route.file {
        let file = file(filler)?;
        return Ok(request.content(typed(&file.mime()), vec![file.into()]));
    }
    match &route.form {
        Some(parts) => {
            let parts: Result<Vec<_>, _> = parts.iter().map(|part| form_part(part, filler)).collect();
            Ok(request.multipart(parts?))
        }
        None => Ok(request),
    }
}

fn form_part<'a>(part: &Part, filler: &Filler<'a>) -> Result<http::Part<'a>, Undelivered> {
    match &part.text {
        Some(text) => Ok(http::Part::text(part.name.as_str(), filler.text(text)?)),
        None => Ok(http::Part::file(part.name.as_str(), file(filler)?)),
    }
}

fn file<'a>(filler: &Filler<'a>) -> Result<&'a Attachment, Undelivered> {
    filler.fields.file.ok_or_else(|| Failure::plugin_bug("only a screenshot has a picture").into())
}
