//! Deliberate defects of what is done with a token, as data.

use crate::{
    diagnosis::rule::Code,
    flow::{
        configuration::{Field, Origin},
        requests::token::TokenAction,
    },
    lab::token::{Plan, Sending},
    oauth::secret::Secret,
    simulator::Simulator,
};

/// A deliberate defect.
#[derive(Debug)]
pub struct TokenFault {
    /// The name, as `--fault` takes it.
    pub name: &'static str,
    /// What it is a defect of.
    pub action: TokenAction,
    /// What the diagnosis says first.
    pub says: Code,
    /// How long ago the token was issued, in milliseconds.
    pub age: u64,
    /// The simulator answers in the words of the RFCs.
    pub by_the_rfc: bool,
    /// Sets it wrong.
    pub prepare: fn(&mut Plan, &mut Simulator),
}

/// A second app.
const OTHER_CLIENT_ID: &str = "Ov23liAnotherAppXyz9";
/// Seven months.
const SEVEN_MONTHS: u64 = 7 * 30 * 86_400_000;
/// Nine hours.
const NINE_HOURS: u64 = 9 * 3_600_000;

const NOTHING: TokenFault = TokenFault {
    name: "",
    action: TokenAction::User,
    says: Code::UserRead,
    age: 0,
    by_the_rfc: false,
    prepare: |_, _| {},
};

/// All of them.
pub const FAULTS: &[TokenFault] = &[
    TokenFault {
        name: "refresh_used_twice",
        action: TokenAction::Refresh,
        says: Code::RefreshTokenReused,
        prepare: |plan, _| plan.again(),
        ..NOTHING
    },
    TokenFault {
        name: "refresh_race",
        action: TokenAction::Refresh,
        says: Code::RefreshRace,
        prepare: |plan, _| {
            plan.again();
            plan.at_once = true;
        },
        ..NOTHING
    },
    TokenFault {
        name: "refresh_expired",
        action: TokenAction::Refresh,
        says: Code::BadRefreshToken,
        age: SEVEN_MONTHS,
        ..NOTHING
    },
    TokenFault {
        name: "refresh_with_access_token",
        action: TokenAction::Refresh,
        says: Code::RefreshTokenIsAccessToken,
        prepare: |plan, _| {
            let token = plan.token.access_token.clone();
            plan.of_the_subject(|_| token.reveal().to_owned());
        },
        ..NOTHING
    },
    TokenFault {
        name: "refresh_with_newline",
        action: TokenAction::Refresh,
        says: Code::TokenDamaged,
        prepare: |plan, _| plan.of_the_subject(|token| format!("{token}\n")),
        ..NOTHING
    },
    TokenFault {
        name: "refresh_empty",
        action: TokenAction::Refresh,
        says: Code::RefreshTokenEmpty,
        prepare: |plan, _| plan.of_the_subject(|_| String::new()),
        ..NOTHING
    },
    TokenFault {
        name: "refresh_scope_wider",
        action: TokenAction::Refresh,
        says: Code::RefreshScopeWider,
        by_the_rfc: true,
        prepare: |plan, _| {
            for sending in &mut plan.sendings {
                sending.subject.scopes = vec!["gist".into(), "admin:org".into()];
            }
        },
        ..NOTHING
    },
    TokenFault {
        name: "check_revoked",
        action: TokenAction::Check,
        says: Code::TokenEnded,
        prepare: |plan, _| {
            if let Some(first) = plan.sendings.first().cloned() {
                let revoke = Sending {
                    action: TokenAction::Revoke,
                    ..first
                };
                plan.sendings.insert(0, revoke);
            }
        },
        ..NOTHING
    },
    TokenFault {
        name: "check_of_another_app",
        action: TokenAction::Check,
        says: Code::TokenUnknownToApp,
        prepare: |plan, simulator| simulator.give_to_another_app(&plan.token, OTHER_CLIENT_ID),
        ..NOTHING
    },
    TokenFault {
        name: "check_without_secret",
        action: TokenAction::Check,
        says: Code::TokenRequestUnauthenticated,
        prepare: |plan, _| {
            plan.configuration.client_secret = None;
            plan.configuration.origins.set(Field::ClientSecret, Origin::Fault);
        },
        ..NOTHING
    },
    TokenFault {
        name: "check_secret_newline",
        action: TokenAction::Check,
        says: Code::ClientSecretHasNewline,
        prepare: |plan, _| {
            let secret = plan.configuration.client_secret.take().unwrap_or_default();
            plan.configuration.client_secret = Some(Secret::new(format!("{}\n", secret.reveal())));
            plan.configuration.origins.set(Field::ClientSecret, Origin::Fault);
        },
        ..NOTHING
    },
    TokenFault {
        name: "reset_then_old_token",
        action: TokenAction::Reset,
        says: Code::TokenReplaced,
        prepare: |plan, _| plan.again(),
        ..NOTHING
    },
    TokenFault {
        name: "revoke_twice",
        action: TokenAction::Revoke,
        says: Code::TokenEnded,
        prepare: |plan, _| plan.again(),
        ..NOTHING
    },
    TokenFault {
        name: "revoke_type_unsupported",
        action: TokenAction::Revoke,
        says: Code::TokenTypeUnsupported,
        by_the_rfc: true,
        age: 1,
        prepare: |plan, simulator| {
            simulator.options_mut().habits.tokens.revokes_refresh_tokens = false;
            let token = plan.token.refresh_token.clone().unwrap_or_default();
            plan.of_the_subject(|_| token.reveal().to_owned());
        },
    },
    TokenFault {
        name: "introspect_expired",
        action: TokenAction::Introspect,
        says: Code::TokenInactive,
        age: NINE_HOURS,
        ..NOTHING
    },
    TokenFault {
        name: "introspect_without_secret",
        action: TokenAction::Introspect,
        says: Code::TokenRequestUnauthenticated,
        prepare: |plan, _| {
            plan.configuration.client_secret = None;
            plan.configuration.origins.set(Field::ClientSecret, Origin::Fault);
        },
        ..NOTHING
    },
    TokenFault {
        name: "user_expired",
        action: TokenAction::User,
        says: Code::TokenRefusedByApi,
        age: NINE_HOURS,
        ..NOTHING
    },
    TokenFault {
        name: "user_with_refresh_token",
        action: TokenAction::User,
        says: Code::TokenIsRefreshToken,
        age: 1,
        prepare: |plan, _| {
            let token = plan.token.refresh_token.clone().unwrap_or_default();
            plan.of_the_subject(|_| token.reveal().to_owned());
        },
        ..NOTHING
    },
];

impl TokenFault {
    /// The fault of that name.
    pub fn from_name(name: &str) -> Option<&'static Self> {
        FAULTS.iter().find(|fault| fault.name == name)
    }
}
