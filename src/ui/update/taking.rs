//! Taking something out of the program: onto the clipboard, or into a file.

use crate::{
    diagnosis::{Diagnosis, context::Facts},
    oauth::{http::HttpRequest, time::Moment},
    render::reports::{self, REPORTS, Report},
    text::{catalog::Messages, time::rfc3339},
    ui::{
        effect::Effect,
        model::{Model, Notice, Overlay},
        update::navigation::open,
    },
};

/// What is chosen from a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// What goes onto the clipboard.
    Copy,
    /// The form of a file.
    Export,
    /// A profile of the settings file.
    Profile,
}

/// What can go onto the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The authorization URL; with a device, the address where the user code is typed.
    Url,
    /// The command by which a browser on the person's own machine reaches the listener over SSH.
    Tunnel,
    /// The authorization code that came back; with a device, the user code.
    Code,
    /// The token request as a curl command line, secrets left to shell variables.
    Curl,
    /// The error code and its sentence.
    Error,
    /// What was found, as Markdown.
    Finding,
    /// The access token itself.
    Token,
}

/// What there is to copy here.
pub fn copied(model: &Model) -> Vec<Copied> {
    let facts = Facts::of(model.shown());
    let all = [
        Copied::Url,
        Copied::Tunnel,
        Copied::Code,
        Copied::Curl,
        Copied::Error,
        Copied::Finding,
        Copied::Token,
    ];
    let mut all = all.to_vec();
    all.retain(|what| match what {
        Copied::Url => url(model, &facts).is_some(),
        Copied::Tunnel => tunnel(model).is_some(),
        Copied::Code => code(model, &facts).is_some(),
        Copied::Curl => last_request(&facts).is_some(),
        Copied::Error => facts.error().is_some(),
        Copied::Finding => !model.findings.is_empty(),
        Copied::Token => token(&facts).is_some(),
    });
    all
}

fn tunnel(model: &Model) -> Option<String> {
    model.seat.tunnel(model.flow.attempt()?.listening?)
}

/// Where the user goes with a browser.
fn url(model: &Model, facts: &Facts<'_>) -> Option<String> {
    let page = model.flow.page();
    let asked = || facts.authorization.filter(|_| !facts.is_device());
    page.or_else(|| Some(asked()?.2.url()))
}

/// What was brought back from there; with a device, what is typed there.
fn code(model: &Model, facts: &Facts<'_>) -> Option<String> {
    if let Some(codes) = model.flow.device().and_then(|device| device.codes()) {
        return Some(codes.user_code.clone());
    }
    facts.taken_redirect()?.response.code.clone()
}

fn last_request<'t>(facts: &Facts<'t>) -> Option<&'t HttpRequest> {
    let mut requests = facts.token_exchanges.iter().rev();
    requests.find_map(|exchange| exchange.exchange.request)
}

fn token<'f>(facts: &'f Facts<'_>) -> Option<&'f str> {
    let token = facts.current()?.token()?;
    Some(token.access_token.reveal())
}

/// The text that goes onto the clipboard.
fn text(model: &Model, what: Copied) -> Option<String> {
    let facts = Facts::of(model.shown());
    let messages = Messages::new(model.language);
    Some(match what {
        Copied::Url => url(model, &facts)?,
        Copied::Tunnel => tunnel(model)?,
        Copied::Code => code(model, &facts)?,
        Copied::Curl => reports::curl::command(last_request(&facts)?, facts.redactor(), &messages),
        Copied::Error => {
            let error = facts.error()?;
            let said = error.error_description.iter().chain(&error.error_uri);
            let lines = std::iter::once(&error.error).chain(said);
            let text = lines.map(String::as_str).collect::<Vec<_>>().join("\n");
            facts.redactor().named(&text)
        }
        Copied::Finding => reports::markdown::write(&facts, &model.findings, &messages),
        Copied::Token => token(&facts)?.to_owned(),
    })
}

/// How many rows a window of choices has.
pub(crate) fn count(model: &Model, choice: Choice) -> usize {
    match choice {
        Choice::Copy => copied(model).len(),
        Choice::Export => REPORTS.len(),
        Choice::Profile => model.profiles.len(),
    }
}

/// Opens a window of choices, if there is anything to take.
pub(crate) fn open_choice(model: &mut Model, choice: Choice) {
    if model.flow.transcript.entries.is_empty() && model.flow.configuration().is_none() {
        model.notice = Some(Notice::NothingToTake);
        return;
    }
    model.export_at = model.now;
    open(model, Overlay::Choose(choice, 0));
}

/// Moves among the choices.
pub(crate) fn move_choice(model: &mut Model, by: isize) {
    if let Some(Overlay::Choose(choice, at)) = model.overlay {
        let last = count(model, choice).saturating_sub(1);
        model.overlay = Some(Overlay::Choose(choice, at.saturating_add_signed(by).min(last)));
    }
}

/// Takes what was chosen. A token is asked about first.
pub(crate) fn take(model: &mut Model, choice: Choice, at: usize) -> Vec<Effect> {
    match choice {
        Choice::Copy => match copied(model).get(at) {
            Some(Copied::Token) => {
                open(model, Overlay::ConfirmToken);
                Vec::new()
            }
            Some(what) => copy(model, *what),
            None => Vec::new(),
        },
        Choice::Profile => {
            let name = model.profiles.get(at).cloned();
            model.overlay = None;
            name.map(Effect::UseProfile).into_iter().collect()
        }
        Choice::Export => {
            let Some(report) = REPORTS.get(at) else {
                return Vec::new();
            };
            model.overlay = None;
            let messages = Messages::new(model.language);
            let diagnosis = Diagnosis::of(&model.flow.transcript);
            let options = reports::Options {
                width: EXPORT_WIDTH,
                color: false,
                plain: false,
            };
            let text = (report.write)(&diagnosis, &messages, options);
            let name = file_name(report, model.export_at);
            vec![Effect::SaveReport { name, text }]
        }
    }
}

/// The width of drawings in a file.
const EXPORT_WIDTH: usize = 100;

/// Puts it onto the clipboard.
pub(crate) fn copy(model: &mut Model, what: Copied) -> Vec<Effect> {
    model.overlay = None;
    let Some(text) = text(model, what) else {
        return Vec::new();
    };
    model.notice = Some(Notice::Copied(what));
    vec![Effect::Copy(text)]
}

/// The file that a report is written to: named by the moment at which the window was opened, so that it can be said before.
pub fn file_name(report: &Report, at: Moment) -> String {
    let digits: String = rfc3339(at.0).chars().filter(char::is_ascii_digit).collect();
    let (date, time) = (
        &digits[..8.min(digits.len())],
        &digits[8.min(digits.len())..14.min(digits.len())],
    );
    format!("oauthlens-{date}-{time}.{}", report.extension)
}
