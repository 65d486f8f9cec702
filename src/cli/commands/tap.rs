//! `oauthlens tap`: the sockets in a thread of their own, what passed them explained in this one.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

use crate::{
    cli::{
        AppOptions, FlowOptions, LookOptions, TapOptions,
        commands::{Exit, Streams, not_bound, run::save, signals},
        settings::{self, Problem, Settings, SettingsError, Surroundings},
    },
    diagnosis::{Diagnosis, outcome::Outcome, rule::Code},
    flow::transcript::Transcript,
    io::{self, clock::Clock, files, http_client::extra_certificates, http_server, tap as edge},
    render::reports::{TEXT, json},
    sources::tap::{Passed, Recorder, routes::Routes},
    text::{catalog::Messages, template::filled},
};

/// So many flows are taken in at once before the attempts that they changed are explained.
const AT_ONCE: usize = 64;

/// The provider and what else `tap` takes from options, the environment and the settings file.
///
/// # Errors
/// The first value that cannot be understood.
pub fn tap_settings(
    options: &TapOptions,
    look: &LookOptions,
    surroundings: &Surroundings<'_>,
) -> Result<Settings, SettingsError> {
    let flow = FlowOptions {
        server: options.server.clone(),
        app: AppOptions {
            registered_redirect_uri: options.registered_redirect_uri.clone(),
            ..AppOptions::default()
        },
        lang: look.lang.clone(),
        theme: look.theme.clone(),
        no_motion: look.no_motion,
        json: options.json,
    };
    settings::settle(&flow, surroundings)
}

/// Runs `oauthlens tap` until Ctrl-C, or until the system asks it to end.
///
/// # Errors
/// What is wrong with the options, or why something could not be written: exit status 2.
pub fn tap(
    options: &TapOptions,
    settings: &Settings,
    messages: &Messages,
    mut streams: Streams<'_>,
) -> Result<Exit, SettingsError> {
    let words = &messages.command_line().tap;
    let address = settings::loopback_address("--listen", &options.listen)?;
    if let Some(path) = &settings.ca_file {
        extra_certificates(Some(path.as_path()))
            .map_err(|failure| SettingsError::new(Problem::BadCertificates).with("reason", failure.detail))?;
    }
    if let Some(path) = &options.save {
        files::private_folder(path).map_err(|error| {
            SettingsError::new(Problem::Unwritable)
                .with("path", path)
                .with("reason", error.to_string())
        })?;
    }
    let cannot_bind = |error: std::io::Error| not_bound(&options.listen, &error, Problem::TappedElsewhere);
    let listener = http_server::reserve(address).map_err(cannot_bind)?;
    let own = edge::base_url(listener.local_addr().map_err(cannot_bind)?);
    let provider = settings.configuration.provider.clone();
    let addresses = addresses(&Routes::of(&provider), &own);
    let (sender, mut passed) = mpsc::channel(edge::QUEUE);
    let edge_options = edge::TapOptions {
        provider: provider.clone(),
        ca_file: settings.ca_file.clone(),
        unreachable: words.unreachable.clone(),
        clock: Clock::default(),
    };
    let runtime = io::runtime().map_err(|error| not_bound("tokio", &error, Problem::TappedElsewhere))?;
    let tap = {
        let _inside = runtime.enter();
        edge::Tap::new(listener, edge_options, sender).map_err(cannot_bind)?
    };
    if settings.json {
        streams.remark(&addresses);
    } else {
        streams.result(&addresses)?;
    }
    streams.remark(&words.set);
    let (ended, end) = std::sync::mpsc::channel::<()>();
    let sockets = std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                () = tap.serve() => {}
                () = signals::ended() => {}
            }
        });
        // Closes every connection: what was under way is told as ended.
        runtime.shutdown_background();
        // Whoever reads the output may have stopped reading; that does not keep the program from ending.
        let waited = end.recv_timeout(std::time::Duration::from_secs(2));
        if waited == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            io::exit(Exit::Unanswered as i32);
        }
    });
    let registered = settings.configuration.registration.redirect_uris.clone();
    let mut watcher = Watcher {
        recorder: Recorder::new(provider, registered),
        told: BTreeMap::new(),
        options,
        as_json: settings.json,
        messages,
    };
    let result = watcher.watch(&mut passed, &mut streams);
    let seen = watcher.recorder.seen().to_string();
    if result.is_ok() {
        let template = if seen == "0" {
            &words.seen_none
        } else {
            &words.seen
        };
        streams.remark(&filled(template, &[("n", &seen)]));
    }
    drop(ended);
    if result.is_ok() {
        let _ = sockets.join();
    }
    result.map(|()| Exit::Good)
}

fn addresses(routes: &Routes, own: &str) -> String {
    ["authorization_endpoint", "token_endpoint", "api_url"]
        .into_iter()
        .zip(routes.to_set(own))
        .filter_map(|(name, url)| Some(format!("{name}={}", url?)))
        .collect::<Vec<_>>()
        .join("\n")
}

/// What was told of an attempt, as far as it decides whether there is something new to tell.
type Told = (Outcome, Option<Code>);

/// Takes in what passed and explains it.
struct Watcher<'w> {
    recorder: Recorder,
    told: BTreeMap<u64, Told>,
    options: &'w TapOptions,
    as_json: bool,
    messages: &'w Messages,
}

/// The document of an attempt: that of any flow, and its number.
#[derive(serde::Serialize)]
struct Document {
    attempt: u64,
    #[serde(flatten)]
    document: json::Document,
}

impl Watcher<'_> {
    /// Until the sockets are closed.
    fn watch(
        &mut self,
        passed: &mut mpsc::Receiver<Passed>,
        streams: &mut Streams<'_>,
    ) -> Result<(), SettingsError> {
        while let Some(first) = passed.blocking_recv() {
            let mut changed: Vec<u64> = self.recorder.record(first).into_iter().collect();
            for _ in 1..AT_ONCE {
                let Ok(more) = passed.try_recv() else { break };
                if let Some(number) = self
                    .recorder
                    .record(more)
                    .filter(|number| !changed.contains(number))
                {
                    changed.push(number);
                }
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
            streams.result(&format!("\n{}\n", filled(heading, &[("n", &number.to_string())])))?;
            streams.report(&diagnosis, self.messages, &TEXT, self.options.plain)?;
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
}
