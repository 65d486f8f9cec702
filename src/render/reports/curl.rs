//! A request as a curl command line that sends the same parameters, its secrets left to shell variables.

use std::fmt::Write as _;

use crate::{
    diagnosis::context::Facts,
    flow::{redaction::Redactor, secret_names::is_secret_name},
    oauth::{
        http::HttpRequest,
        params::{Params, encode_value},
        token::{basic_credentials, request_params},
    },
    render::text::line::clean_char,
    text::{catalog::Messages, template::fill},
};

/// A piece of a shell word.
enum Piece {
    /// Text, quoted when it is written.
    Text(String),
    /// A variable, in double quotes.
    Variable(String),
}

/// Writes each token request of a transcript as a command, in the order in which they were sent.
pub fn write(facts: &Facts<'_>, messages: &Messages) -> String {
    let prose = &messages.reports().curl;
    let redactor = facts.redactor();
    let requests: Vec<&HttpRequest> = facts
        .token_exchanges
        .iter()
        .filter_map(|exchange| exchange.exchange.request)
        .collect();
    if requests.is_empty() {
        return format!("# {}\n", prose.none);
    }
    let count = requests.len().to_string();
    let commands: Vec<String> = requests
        .iter()
        .enumerate()
        .map(|(at, request)| {
            let command = command(request, redactor, messages);
            if requests.len() == 1 {
                return command;
            }
            let number = (at + 1).to_string();
            let which = fill(&prose.which, |name| match name {
                "number" => Some(number.as_str()),
                "count" => Some(count.as_str()),
                _ => None,
            });
            format!("# {which}\n{command}")
        })
        .collect();
    commands.join("\n")
}

/// Writes the command, a comment above it that names the variables to set. The form body goes through
/// `--data-urlencode`, so that the variable holds the plain secret.
pub fn command(request: &HttpRequest, redactor: &Redactor, messages: &Messages) -> String {
    let secrets = secrets_of(request);
    let mut variables: Vec<String> = Vec::new();
    let mut word = |text: &str| {
        let pieces = split(text, &secrets, redactor);
        for piece in &pieces {
            if let Piece::Variable(name) = piece
                && !variables.contains(name)
            {
                variables.push(name.clone());
            }
        }
        quoted(&pieces)
    };
    let mut parts = vec![format!("curl -i -X {}", word(&request.method))];
    // curl would expand brackets and braces by itself.
    let glob = if request.url.contains(['[', ']', '{', '}']) {
        "--globoff "
    } else {
        ""
    };
    // What begins with a hyphen would be read as an option.
    let option = if request.url.starts_with('-') {
        "--url "
    } else {
        ""
    };
    parts[0] = format!("{} {glob}{option}{}", parts[0], word(&request.url));
    let form = is_form(request);
    for (name, value) in &request.headers {
        let basic = name
            .eq_ignore_ascii_case("authorization")
            .then(|| basic_credentials(value))
            .flatten();
        match basic {
            Some((id, secret)) => parts.push(format!("-u {}", word(&format!("{id}:{secret}")))),
            // curl names the form encoding itself and counts the body.
            None if form && name.eq_ignore_ascii_case("content-type") => {}
            None if name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("host") => {}
            // To curl, `@name` is a file to read header fields from.
            None if name.starts_with('@') => {}
            // A field without a value is written with a semicolon; a colon alone would take the field away.
            None if value.is_empty() => parts.push(format!("-H {}", word(&format!("{name};")))),
            None => parts.push(format!("-H {}", word(&format!("{name}: {value}")))),
        }
    }
    let body = String::from_utf8_lossy(&request.body).into_owned();
    if form {
        for (name, value) in Params::decode(&body).iter() {
            // curl encodes what follows the first `=`, not the name.
            let name = encode_value(name);
            // In its encoding a value with control characters is plain ASCII, also one with a NUL, which no argument can hold.
            let encoded = value.chars().any(|c| clean_char(c) != c) && !is_secret_name(&name);
            parts.push(if encoded {
                let value = encode_value(&redactor.redact(value));
                format!("--data-raw {}", word(&format!("{name}={value}")))
            } else {
                format!("--data-urlencode {}", word(&format!("{name}={value}")))
            });
        }
    } else if !body.is_empty() {
        parts.push(format!("--data-raw {}", word(&body)));
    }
    let command = parts.join(" \\\n  ");
    if variables.is_empty() {
        return format!("{command}\n");
    }
    let names = variables.join(", ");
    let comment = fill(&messages.reports().curl.set_variables, |name| {
        (name == "variables").then_some(names.as_str())
    });
    format!("# {comment}\n{command}\n")
}

fn is_form(request: &HttpRequest) -> bool {
    request
        .media_type()
        .is_some_and(|media_type| media_type == "application/x-www-form-urlencoded")
}

/// The secrets in a request, longest first, with the variable that stands for each.
fn secrets_of(request: &HttpRequest) -> Vec<(String, String)> {
    let mut secrets: Vec<(String, String)> = request_params(request)
        .iter()
        .filter(|(name, value)| is_secret_name(name) && !value.is_empty())
        .map(|(name, value)| (value.to_owned(), variable(name)))
        .collect();
    let named = request.headers.iter().filter(|(name, _)| {
        let is_cookie = name.eq_ignore_ascii_case("cookie");
        is_cookie || (is_secret_name(name) && !name.eq_ignore_ascii_case("authorization"))
    });
    secrets.extend(named.map(|(name, value)| (value.clone(), variable(name))));
    // A token without its scheme is one all the same.
    if let Some(value) = request.header("authorization")
        && let (scheme, token) = value.split_once(' ').unwrap_or(("", value))
        && !scheme.eq_ignore_ascii_case("basic")
    {
        secrets.push((token.to_owned(), "ACCESS_TOKEN".to_owned()));
    }
    secrets.retain(|(value, _)| !value.is_empty());
    secrets.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    secrets
}

/// The shell variable for the secret of that name: letters, digits and underscores only, whatever the name is made of.
fn variable(name: &str) -> String {
    let decoded = Params::decode(&format!("{name}="));
    let name = decoded.iter().next().map_or(name, |(name, _)| name).trim();
    name.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect()
}

/// Takes the secrets out of a text. What the redactor knows beyond them is masked.
fn split(text: &str, secrets: &[(String, String)], redactor: &Redactor) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    // A short secret may be in ordinary text: only behind `=` or `:` is it taken for one.
    while let Some((at, secret)) = secrets
        .iter()
        .filter_map(|secret| {
            let at = rest
                .match_indices(secret.0.as_str())
                .map(|(at, _)| at)
                .find(|at| secret.0.len() >= 8 || rest[..*at].ends_with(['=', ':', '"', ' ']))?;
            Some((at, secret))
        })
        .min_by_key(|(at, _)| *at)
    {
        pieces.push(Piece::Text(redactor.named(&rest[..at])));
        pieces.push(Piece::Variable(secret.1.clone()));
        rest = &rest[at + secret.0.len()..];
    }
    pieces.push(Piece::Text(redactor.named(rest)));
    pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    pieces
}

fn quoted(pieces: &[Piece]) -> String {
    let word: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => quote(text),
            Piece::Variable(name) => format!("\"${name}\""),
        })
        .collect();
    if word.is_empty() { "''".to_owned() } else { word }
}

/// Quotes for any POSIX shell. Every character stands for itself in single quotes; a character that a terminal would obey
/// is written by `printf` from its octal bytes, so that none reaches the terminal. No argument can hold a NUL: it is left out.
fn quote(text: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-._/:=@%+,".contains(c);
    // zsh takes a leading `=` for the path of a command.
    if !text.starts_with('=') && text.chars().all(harmless) {
        return text.to_owned();
    }
    // A line break is plain text in single quotes, and `$(…)` would drop it.
    let obeyed = |c: char| c != '\n' && clean_char(c) != c;
    let chars: Vec<char> = text.chars().filter(|c| *c != '\0').collect();
    chars
        .chunk_by(|a, b| obeyed(*a) == obeyed(*b))
        .map(|run| {
            let run_text: String = run.iter().collect();
            if obeyed(run[0]) {
                let octal = run_text.bytes().fold(String::new(), |mut out, byte| {
                    let _ = write!(out, "\\{byte:03o}");
                    out
                });
                format!("\"$(printf '{octal}')\"")
            } else {
                format!("'{}'", run_text.replace('\'', "'\\''"))
            }
        })
        .collect()
}
