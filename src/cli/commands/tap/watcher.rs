//! Takes in what passed, and explains each attempt when it has come to something new.

use std::collections::{BTreeMap, BTreeSet};

use tokio::sync::mpsc;

use crate::{
    cli::{
        TapOptions,
        commands::{Streams, run::save},
        settings::{Settings, SettingsError},
    },
    diagnosis::{Diagnosis, outcome::Outcome, rule::Code},
    flow::transcript::Transcript,
    io::log,
    render::reports::{self, TEXT, json},
    sources::tap::{Event, Recorder},
    text::{catalog::Messages, template::filled},
};

/// So many flows are taken in at once before the attempts that they changed are explained.
const AT_ONCE: usize = 64;

/// What was told of an attempt, as far as it decides whether there is something new to tell.
type Told = (Outcome, Option<Code>);

/// Takes in what passed and explains it.
pub(super) struct Watcher<'w> {
    recorder: Recorder,
    told: BTreeMap<u64, Told>,
    /// Hosts whose certificate a program did not take, and hosts that it left without a request.
    untrusted: BTreeSet<(String, Option<String>)>,
    options: &'w TapOptions,
    as_json: bool,
    messages: &'w Messages,
    certificate: Option<String>,
}

/// The document of an attempt: that of any flow, and its number.
#[derive(serde::Serialize)]
struct Document {
    attempt: u64,
    #[serde(flatten)]
    document: json::Document,
}

/// The alerts by which a program says that it does not accept a certificate (RFC 8446 §6.2).
const OF_CERTIFICATES: [&str; 6] = [
    "UnknownCA",
    "BadCertificate",
    "CertificateUnknown",
    "CertificateExpired",
    "UnsupportedCertificate",
    "CertificateRevoked",
];

impl<'w> Watcher<'w> {
    /// `certificate` is the file that the program which is run was given.
    pub(super) fn new(
        options: &'w TapOptions,
        settings: &Settings,
        messages: &'w Messages,
        certificate: Option<String>,
    ) -> Self {
        let configuration = &settings.configuration;
        Self {
            recorder: Recorder::new(
                configuration.provider.clone(),
                configuration.registration.redirect_uris.clone(),
            ),
            told: BTreeMap::new(),
            untrusted: BTreeSet::new(),
            options,
            as_json: settings.json,
            messages,
            certificate,
        }
    }

    /// Until the sockets are closed.
    pub(super) fn watch(
        &mut self,
        events: &mut mpsc::Receiver<Event>,
        streams: &mut Streams<'_>,
    ) -> Result<(), SettingsError> {
        while let Some(first) = events.blocking_recv() {
            let mut changed = Vec::new();
            self.take(first, &mut changed, streams);
            for _ in 1..AT_ONCE {
                let Ok(more) = events.try_recv() else { break };
                self.take(more, &mut changed, streams);
            }
            for number in changed {
                self.tell(number, false, streams)?;
            }
            let oldest = self
                .recorder
                .attempts()
                .next()
                .map_or(0, |attempt| attempt.number);
            self.told = self.told.split_off(&oldest);
        }
        let unfinished: Vec<u64> = self
            .recorder
            .attempts()
            .map(|attempt| attempt.number)
            .filter(|number| !self.told.contains_key(number))
            .collect();
        for number in unfinished {
            self.tell(number, true, streams)?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event, changed: &mut Vec<u64>, streams: &mut Streams<'_>) {
        match event {
            Event::Passed(passed) => {
                if let Some(log) = log::on() {
                    log.passed(&passed);
                }
                let number = self.recorder.record(*passed);
                if let Some(number) = number.filter(|number| !changed.contains(number)) {
                    changed.push(number);
                }
            }
            Event::Untrusted { host, alert } => {
                // Bounded by the provider's hosts and the alerts that there are.
                if !self.untrusted.insert((host.clone(), alert.clone())) {
                    return;
                }
                // Without a word it may have been a connection that was not needed after all.
                let Some(alert) = alert else { return };
                let words = &self.messages.command_line().tap;
                let template = if OF_CERTIFICATES.contains(&alert.as_str()) {
                    &words.untrusted
                } else {
                    &words.handshake
                };
                streams.remark(&self.of_host(template, &host, &alert));
            }
        }
    }

    fn of_host(&self, template: &str, host: &str, alert: &str) -> String {
        let certificate = self.certificate.as_deref().unwrap_or_default();
        filled(
            template,
            &[("host", host), ("alert", alert), ("certificate", certificate)],
        )
    }

    /// Explains an attempt that has ended, where its outcome is new; at the end of all also one that has not.
    fn tell(
        &mut self,
        number: u64,
        at_the_end: bool,
        streams: &mut Streams<'_>,
    ) -> Result<(), SettingsError> {
        let Some(attempt) = self.recorder.attempt(number) else {
            return Ok(());
        };
        if !at_the_end && !attempt.has_ended() {
            return Ok(());
        }
        let diagnosis = Diagnosis::of(&attempt.transcript);
        let told = (
            diagnosis.outcome,
            diagnosis.findings.first().map(|finding| finding.code),
        );
        let before = self.told.insert(number, told);
        if before == Some(told) {
            return Ok(());
        }
        if self.as_json {
            let document = Document {
                attempt: number,
                document: json::document(&diagnosis.context, &diagnosis.findings, self.messages),
            };
            streams.result(&json::line(&document))?;
        } else {
            let words = &self.messages.command_line().tap;
            let heading = if before.is_none() {
                &words.attempt
            } else {
                &words.again
            };
            let options = reports::Options {
                width: streams.width,
                color: streams.color,
                plain: self.options.plain,
            };
            let text = format!(
                "\n{}\n{}",
                filled(heading, &[("n", &number.to_string())]),
                (TEXT.write)(&diagnosis, self.messages, options)
            );
            if self.options.command.is_empty() {
                streams.result(&text)?;
            } else {
                // Standard output is the program's.
                streams.remark(text.trim_end());
            }
        }
        if let Some(folder) = &self.options.save {
            self.save(folder, number, &attempt.transcript, streams)?;
        }
        Ok(())
    }

    fn save(
        &self,
        folder: &str,
        number: u64,
        transcript: &Transcript,
        streams: &mut Streams<'_>,
    ) -> Result<(), SettingsError> {
        let path = format!("{}/attempt-{number:04}.json", folder.trim_end_matches('/'));
        save(&path, transcript, false)?;
        let values = [("n", number.to_string()), ("path", path)];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        streams.remark(&filled(&self.messages.command_line().tap.saved, &values));
        Ok(())
    }

    /// How many attempts were seen, and what may have kept them from being seen.
    /// `requests` to the provider came in all, whatever they were for.
    pub(super) fn sum_up(&self, requests: u64, hosts: &str, streams: &mut Streams<'_>) {
        let words = &self.messages.command_line().tap;
        let seen = self.recorder.seen();
        if seen > 0 {
            streams.remark(&filled(&words.seen, &[("n", &seen.to_string())]));
        } else if self.options.command.is_empty() || requests > 0 {
            streams.remark(&words.seen_none);
        } else if self.untrusted.is_empty() {
            streams.remark(&filled(&words.seen_none_of_program, &[("hosts", hosts)]));
        } else {
            for (host, _) in self.untrusted.iter().filter(|(_, alert)| alert.is_none()) {
                streams.remark(&self.of_host(&words.closed, host, ""));
            }
        }
    }
}
