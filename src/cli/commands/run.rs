//! `oauthlens run`.

use std::path::Path;

use tokio::sync::mpsc;

use crate::{
    cli::{
        FormOptions, RunOptions,
        commands::{Exit, Streams, cannot_bind, ready_demo, runner::Driver},
        settings::{self, Problem, Settings, SettingsError},
    },
    diagnosis::Diagnosis,
    flow::{
        autopilot::Walk,
        configuration::Configuration,
        machine::Flow,
        redaction::{Redactor, with_secrets_shown},
        transcript::{Source, Transcript},
    },
    io::{Edge, EdgeOptions, clock::Clock, files, http_client::extra_certificates, random},
    lab::faults::Fault,
    oauth::endpoint::is_in_the_clear,
    render::reports::{JSON, TEXT},
    text::{
        catalog::Messages,
        nearest::nearest,
        template::{fill, filled},
    },
};

/// How long `run` waits for the redirect unless told otherwise: a shell or a CI job must not wait for ever.
const REDIRECT_SECONDS: u64 = 300;

/// Runs `oauthlens run`.
///
/// # Errors
/// What is wrong with the settings, or why the result could not be written: exit status 2.
pub async fn run(
    options: &RunOptions,
    mut settings: Settings,
    messages: &Messages,
    mut streams: Streams<'_>,
) -> Result<Exit, SettingsError> {
    let fault = options.fault.as_deref().map(fault_named).transpose()?;
    check_certificates(settings.ca_file.as_deref())?;
    let clock = Clock::default();
    let entropy = random::from_system().map_err(|error| cannot_bind("getrandom", &error))?;
    let mut source = Source::Live;
    let mut server = None;
    if options.demo {
        source = Source::Simulator;
        let mut ready = ready_demo(&mut settings.configuration, &options.flow.app, clock.clone())?;
        if let Some(fault) = fault {
            fault.prepare(&mut settings.configuration, ready.simulator().options_mut());
        }
        server = Some(ready.serve().map_err(|error| cannot_bind("tokio", &error))?);
        settings.configuration.open_browser &= !options.approve;
    }
    settings.check_complete()?;
    let timeout = &mut settings.configuration.redirect_timeout;
    *timeout = Some(timeout.unwrap_or(REDIRECT_SECONDS));

    let (sender, mut events) = mpsc::channel(64);
    let flow = Flow::new(source, entropy, clock.now());
    let edge = Edge::new(edge_options(&settings, options.demo), sender);
    let mut driver = Driver::new(flow, edge, Walk::new(fault), clock, messages);
    if let Some(server) = server {
        driver = driver.with_simulator(server, options.approve);
    }
    if options.demo {
        streams.remark(&messages.command_line().run.simulated);
    }
    for warning in warnings(&settings.configuration, messages) {
        streams.remark(&warning);
    }
    if let Some(fault) = fault {
        let remark = fill(&messages.command_line().run.fault, |_| Some(fault.name()));
        streams.remark(&remark);
    }
    driver
        .walk_to_the_end(settings.configuration, &mut events, &mut streams)
        .await?;
    if options.probe {
        driver.probe(&mut events, &mut streams).await;
    }

    report(
        &mut driver,
        &Reported {
            save: options.save.as_deref(),
            with_secrets: options.with_secrets,
            form: options.form,
            json: settings.json,
        },
        messages,
        &mut streams,
    )
    .await
}

/// What is done with the transcript of a flow that has ended.
pub(super) struct Reported<'o> {
    /// Where it is saved.
    pub save: Option<&'o str>,
    /// As it stands.
    pub with_secrets: bool,
    /// How the result is printed.
    pub form: FormOptions,
    /// The settings ask for JSON.
    pub json: bool,
}

/// Saves the transcript where that was asked for, and prints the result.
pub(super) async fn report(
    driver: &mut Driver<'_>,
    options: &Reported<'_>,
    messages: &Messages,
    streams: &mut Streams<'_>,
) -> Result<Exit, SettingsError> {
    let transcript = &driver.flow.transcript;
    let saved = options.save.map(|path| {
        save(path, transcript, options.with_secrets).map(|()| {
            let words = &messages.command_line().run;
            let remark = if options.with_secrets {
                &words.saved_with_secrets
            } else {
                &words.saved
            };
            let path = crate::cli::errors::told(path);
            streams.remark(&fill(remark, |_| Some(&path)));
        })
    });
    // Whatever became of the file: the result is not lost, and the tab gets its answer.
    let diagnosis = Diagnosis::of(transcript);
    let outcome = diagnosis.outcome;
    let from_settings = if options.json { &JSON } else { &TEXT };
    let report = options.form.asked_for().unwrap_or(from_settings);
    let printed = streams.report(&diagnosis, messages, report, options.form.plain);
    driver.end().await;
    saved.transpose()?;
    printed?;
    Ok(outcome.into())
}

/// What a person should know before anything is sent.
pub(super) fn warnings(configuration: &Configuration, messages: &Messages) -> Vec<String> {
    let prose = &messages.command_line().run;
    let token_endpoint = &configuration.provider.token_endpoint;
    let in_the_clear =
        is_in_the_clear(token_endpoint).then(|| fill(&prose.in_the_clear, |_| Some(token_endpoint)));
    let mixed_pair = settings::mixed_pair(configuration)
        .map(|(id, secret)| filled(&prose.mixed_pair, &[("id", &id), ("secret", &secret)]));
    in_the_clear.into_iter().chain(mixed_pair).collect()
}

fn fault_named(name: &str) -> Result<Fault, SettingsError> {
    Fault::from_name(name).ok_or_else(|| {
        unknown_fault(
            name,
            &Fault::ALL.iter().map(|fault| fault.name()).collect::<Vec<_>>(),
        )
    })
}

/// There is no fault of that name: the nearest one there is, or all of them.
pub(super) fn unknown_fault(name: &str, names: &[&str]) -> SettingsError {
    let expected = nearest(name, names.iter().copied()).map_or_else(|| names.join(", "), str::to_owned);
    SettingsError::new(Problem::UnknownFault)
        .with("value", name)
        .with("expected", expected)
}

/// The certificates that were named can be read.
pub(super) fn check_certificates(ca_file: Option<&Path>) -> Result<(), SettingsError> {
    extra_certificates(ca_file)
        .map(|_| ())
        .map_err(|failure| SettingsError::new(Problem::BadCertificates).with("reason", failure.detail))
}

/// What the edge has to know of the settings.
pub(super) fn edge_options(settings: &Settings, simulated: bool) -> EdgeOptions {
    EdgeOptions {
        language: settings.language,
        simulated,
        ca_file: settings.ca_file.clone(),
    }
}

pub(super) fn save(path: &str, transcript: &Transcript, with_secrets: bool) -> Result<(), SettingsError> {
    let unwritable = |reason: String| {
        SettingsError::new(Problem::Unwritable)
            .with("path", path)
            .with("reason", reason)
    };
    let text = if with_secrets {
        with_secrets_shown(transcript)
    } else {
        serde_json::to_string_pretty(&Redactor::of(transcript).transcript(transcript))
    };
    let text = text.map_err(|error| unwritable(error.to_string()))?;
    let mut text = crate::render::text::line::harmless_json(&text).into_owned();
    text.push('\n');
    files::write_private(path, &text).map_err(|error| unwritable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{providers::Provider, text::catalog::Language};

    #[test]
    fn a_secret_that_would_go_out_in_the_clear_is_warned_of_before_it_goes() {
        for (endpoint, warned) in [
            ("http://id.example/token", true),
            ("https://id.example/token", false),
            ("http://127.0.0.1:8080/token", false),
        ] {
            let configuration = Configuration {
                provider: Provider::custom("https://id.example/authorize", endpoint, ""),
                ..Configuration::default()
            };
            for language in Language::ALL {
                let said = warnings(&configuration, &Messages::new(language));
                assert_eq!(said.len(), usize::from(warned), "{endpoint}");
                assert!(said.iter().all(|text| text.contains(endpoint)), "{said:?}");
            }
        }
    }
}
