//! What a probe sends, and why that does no harm: said before it is sent.

use crate::{
    flow::{configuration::Configuration, requests::probe::JUNK_CODE, transcript::Purpose},
    render::text::{
        layout::{hanging, paragraph},
        line::{Line, Tone},
    },
    text::{catalog::Messages, template::filled},
};

/// Says what the probe is. `refusals` is how often in a row these credentials were refused already.
pub fn draw(
    configuration: &Configuration,
    purpose: Purpose,
    refusals: usize,
    messages: &Messages,
    width: usize,
) -> Vec<Line> {
    let words = messages.probe();
    let provider = &configuration.provider;
    let mut lines;
    if purpose == Purpose::ProbeAuthorization {
        let text = filled(
            &words.authorization,
            &[("endpoint", &provider.authorization_endpoint)],
        );
        lines = paragraph(&text, Tone::Plain, width);
        lines.extend(paragraph(&words.authorization_harmless, Tone::Plain, width));
    } else {
        let sent = [
            ("client_id", true),
            ("client_secret", configuration.client_secret.is_some()),
            ("redirect_uri", true),
        ];
        let names: Vec<&str> = sent
            .iter()
            .filter(|(_, sent)| *sent)
            .map(|(name, _)| *name)
            .collect();
        let names = names.join(&messages.pictures().units.names);
        let values = [
            ("values", names.as_str()),
            ("endpoint", provider.token_endpoint.as_str()),
            ("code", JUNK_CODE),
        ];
        lines = paragraph(&filled(&words.credentials, &values), Tone::Plain, width);
        lines.extend(paragraph(&words.credentials_harmless, Tone::Plain, width));
        let warning = match refusals {
            0 => words.lock.clone(),
            count => filled(&words.refused_before, &[("count", &count.to_string())]),
        };
        lines.extend(hanging(
            Line::new("!", Tone::Warn),
            &warning,
            Tone::Warn,
            2,
            width,
        ));
    }
    lines
}
