//! The person whose browser walks from the authorization URL to where it ends.

use oauthlens::{
    io::http_client::Client,
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
    },
    text::html::unescape,
};

/// The request, the sign-in form, the request again, the decision.
const STEPS: usize = 6;

/// Requests this and gives the answer.
pub fn request(request: &HttpRequest) -> HttpResponse {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let answer = runtime
        .expect("a runtime")
        .block_on(Client::new(None).send(request));
    answer
        .0
        .unwrap_or_else(|failure| panic!("{}: {failure:?}", request.url))
}

/// Signs in at `base`, approves, and gives the address that the browser is sent to.
pub fn approves(base: &str, authorization_url: &str) -> String {
    let mut cookie = None;
    let mut next = HttpRequest::get(authorization_url);
    for _ in 0..STEPS {
        if let Some(cookie) = &cookie {
            next = next.with_header("Cookie", cookie);
        }
        let answer = request(&next);
        if let Some(set) = answer.header("set-cookie") {
            cookie = set.split(';').next().map(str::to_owned);
        }
        next = match answer.header("location") {
            Some(target) if target.starts_with('/') => HttpRequest::get(format!("{base}{target}")),
            Some(target) => return target.to_owned(),
            None => filled_in(base, &answer.text())
                .unwrap_or_else(|| panic!("no form at {}:\n{}", next.url, answer.text())),
        };
    }
    panic!("{authorization_url} leads nowhere");
}

fn filled_in(base: &str, page: &str) -> Option<HttpRequest> {
    let form = page.split_once("<form ")?.1.split_once("</form>")?.0;
    let mut params = Params::default();
    for input in form.split("<input ").skip(1) {
        let tag = input.split('>').next()?;
        params.push(
            &attribute(tag, "name")?,
            attribute(tag, "value").unwrap_or_default(),
        );
    }
    if form.contains("name=\"authorize\"") {
        params.push("authorize", "1");
    }
    let post = HttpRequest {
        method: "POST".into(),
        url: format!("{base}{}", attribute(form, "action")?),
        body: params.encode().into_bytes(),
        ..HttpRequest::default()
    };
    Some(post.with_header("Content-Type", "application/x-www-form-urlencoded"))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!("{name}=\""))?.1.split_once('"')?.0;
    Some(unescape(value))
}
