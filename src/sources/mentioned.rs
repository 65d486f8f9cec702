//! A token request that a program only mentions, with the status of its answer: the message of an HTTP client, a line of a log.
//! The answer itself is not in such a text, and that is what there is to say.

use crate::{
    oauth::http::HttpRequest,
    sources::{
        Seen, Source,
        exchange::{Came, Exchange, asks_for_a_token, seen, without_body},
    },
};

/// Mentions of a token request, where nothing else was found in a text.
pub(crate) const SOURCE: Source = Source {
    name: "mentioned",
    recognises: |input| input.text.contains("POST"),
    read: |input| Some(read(&input.text)),
};

/// How many lines behind a request its status may stand.
const NEAR: usize = 6;

fn read(text: &str) -> Vec<Seen> {
    let lines: Vec<&str> = text.lines().collect();
    let found = lines.iter().enumerate().filter_map(|(index, line)| {
        let at = line.find("POST")?;
        let address = line[at + 4..]
            .split(|c: char| c.is_whitespace() || "\"'<>[](),".contains(c))
            .find(|word| word.starts_with('/') || word.contains("://"))?;
        let request = HttpRequest::get(address.trim_end_matches([':', '.']));
        if !asks_for_a_token(&request) && !request.path().contains("/oauth") {
            return None;
        }
        let near = &lines[index + 1..lines.len().min(index + 1 + NEAR)];
        let (before, behind) = line.split_once(address)?;
        let told = status(behind)
            .or_else(|| status(before))
            .or_else(|| near.iter().find_map(|line| received(line)));
        Some(Exchange {
            came: Some(Came::Response(without_body(told?))),
            ..Exchange::default()
        })
    });
    seen(found)
}

/// The status in a line that names a request: a number by itself.
fn status(line: &str) -> Option<u16> {
    line.split(|c: char| c.is_whitespace() || "\"'()[],:;".contains(c))
        .filter(|word| word.len() == 3)
        .find_map(|word| word.parse().ok().filter(|status| (200..600).contains(status)))
}

/// The status in a line that speaks of what was received.
fn received(line: &str) -> Option<u16> {
    let lower = line.to_ascii_lowercase();
    (lower.contains("response") || lower.contains("received") || lower.contains("status"))
        .then(|| status(line))?
}

#[cfg(test)]
mod tests {
    use crate::{
        flow::transcript::Observation,
        sources::{Input, mentioned::SOURCE},
    };

    #[test]
    fn a_mention_tells_the_status_and_that_the_answer_is_not_shown() {
        for text in [
            "FetchError: [POST] \"https://h.example/login/oauth/access_token\": 400 Bad Request\n    at x",
            "HTTPError: Request failed with status code 400 Bad Request: POST https://h.example/login/oauth/access_token",
            "connectionpool: https://h.example:443 \"POST /login/oauth/access_token HTTP/1.1\" 400 236",
            "INFO:httpx:HTTP Request: POST https://h.example/login/oauth/access_token \"HTTP/1.1 400 Bad Request\"",
            "info: Client[100]\n   Start processing HTTP request POST https://h.example/login/oauth/access_token\ninfo: Client[101]\n   Received HTTP response headers after 120.5ms - 400",
        ] {
            let seen = (SOURCE.read)(&Input::new(text.as_bytes())).expect(text);
            let [told] = seen.as_slice() else {
                panic!("{text}\n{seen:?}");
            };
            let Observation::ResponseReceived { response, .. } = &told.observation else {
                panic!("{text}");
            };
            assert_eq!((response.status, response.body_cut_at), (400, Some(0)), "{text}");
        }
        for text in [
            "POST /upload 200",
            "I POST to https://h.example/token and nothing comes",
            "GET /login/oauth/access_token 404",
        ] {
            assert!(
                (SOURCE.read)(&Input::new(text.as_bytes()))
                    .unwrap_or_default()
                    .is_empty(),
                "{text}"
            );
        }
    }
}
