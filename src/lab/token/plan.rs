//! What is done with a token against the simulator: which token, by which client, in which requests.

use crate::{
    flow::{
        configuration::Configuration,
        grants::GrantKind,
        requests::token::{Subject, TokenAction},
        transcript::Purpose,
    },
    lab::token::TokenFault,
    oauth::{http::HttpRequest, secret::Secret, time::Moment, token::TokenResponse},
    simulator::{
        Dialect, Simulator,
        server::tokens::{INTROSPECT, REVOKE},
    },
};

/// The scopes of the token that the simulator has handed out.
const SCOPES: [&str; 2] = ["gist", "read:user"];

/// One request of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// What is done.
    pub action: TokenAction,
    /// The token and what goes with it.
    pub subject: Subject,
}

/// What is to be sent.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The values of the client.
    pub configuration: Configuration,
    /// The tokens that were handed out.
    pub token: TokenResponse,
    /// The requests in their order.
    pub sendings: Vec<Sending>,
    /// They are sent at once, and not one after the other.
    pub at_once: bool,
}

impl Plan {
    /// The requests with their purposes; one without an endpoint is left out.
    pub fn requests(&self) -> Vec<(HttpRequest, Purpose)> {
        let made = self.sendings.iter().filter_map(|sending| {
            let request = sending.action.request(&self.configuration, &sending.subject)?;
            Some((request, sending.action.purpose()))
        });
        made.collect()
    }

    pub(super) fn again(&mut self) {
        if let Some(first) = self.sendings.first().cloned() {
            self.sendings.push(first);
        }
    }

    pub(super) fn of_the_subject(&mut self, change: impl Fn(&str) -> String) {
        for sending in &mut self.sendings {
            sending.subject.token = Secret::new(change(sending.subject.token.reveal()));
        }
    }
}

/// Has the simulator hand out a token, and plans what is done with it. `None` where the simulator gives no token.
pub fn prepare(
    action: TokenAction,
    mut configuration: Configuration,
    simulator: &mut Simulator,
    fault: Option<&TokenFault>,
    now: Moment,
) -> Option<Plan> {
    let by_the_rfc = action == TokenAction::Introspect || fault.is_some_and(|fault| fault.by_the_rfc);
    if by_the_rfc {
        simulator.options_mut().habits.dialect = Dialect::Rfc6749;
        let base_url = simulator.options().base_url.clone();
        configuration.provider.profile = Dialect::Rfc6749.profile();
        configuration.provider.introspection_endpoint = format!("{base_url}{INTROSPECT}");
        configuration.provider.revocation_endpoint = format!("{base_url}{REVOKE}");
    }
    configuration.grant = GrantKind::HeldToken;
    let issued = fault.map_or(now, |fault| Moment(now.0.saturating_sub(fault.age)));
    let expiring = action == TokenAction::Refresh || fault.is_some_and(|fault| fault.age > 0);
    let token = simulator.hand_out(&SCOPES, expiring, issued)?;
    let subject = match action {
        TokenAction::Refresh => token.refresh_token.clone()?,
        _ => token.access_token.clone(),
    };
    let mut plan = Plan {
        configuration,
        token,
        sendings: vec![Sending {
            action,
            subject: Subject {
                token: subject,
                ..Subject::default()
            },
        }],
        at_once: false,
    };
    if let Some(fault) = fault {
        (fault.prepare)(&mut plan, simulator);
    }
    Some(plan)
}
