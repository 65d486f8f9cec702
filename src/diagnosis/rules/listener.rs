//! The redirect listener itself: without one nothing else can have happened, so its rules come first.

use crate::{
    diagnosis::{
        Verdict,
        context::Facts,
        finding::{Action, Finding},
        rule::{Code, RemedyCode},
    },
    flow::{configuration::Field, transcript::Observation},
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The port of the redirect listener is taken.
        PortInUse = "port_in_use": Redirect, Cause, |f| listener(f, Code::PortInUse);

        /// The redirect listener could not be started for another reason.
        ListenerFailed = "listener_failed": Redirect, Cause, |f| listener(f, Code::ListenerFailed);
    } };
}
pub(crate) use rows;

rows! { as_checks }

fn listener(facts: &Facts<'_>, code: Code) -> Verdict {
    let Some(entry) = facts.listener_failed else {
        return Verdict::NotEnough;
    };
    let Observation::ListenerFailed {
        address,
        in_use,
        reason,
    } = &facts.transcript.entries[entry].observation
    else {
        return Verdict::NotEnough;
    };
    if *in_use != (code == Code::PortInUse) {
        return Verdict::Fine(None);
    }
    let finding = Finding::observed(code)
        .show("listen_address", address)
        .show("failure", reason)
        .mended_by(
            RemedyCode::AuthorizeOnAnotherPort,
            Some(Action::AuthorizeOnAnotherPort),
        )
        .authorize_again()
        .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect));
    Verdict::Found(if *in_use {
        finding.advise(RemedyCode::FreePort)
    } else {
        finding.edit(RemedyCode::SetListen, Field::Listen)
    })
}
