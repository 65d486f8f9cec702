//! Deliberate defects of a device flow, as data: what is wrong with the client, what with the server, what the person does,
//! and what the diagnosis says first.

use crate::{
    diagnosis::rule::Code,
    flow::configuration::{Configuration, Field, Origin},
    simulator::{Options, UnknownClientAnswer},
};

/// What the person with the user code does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// Types it and approves.
    Approves,
    /// Types it and refuses.
    Denies,
    /// Never comes.
    StaysAway,
}

/// A deliberate defect.
#[derive(Debug)]
pub struct DeviceFault {
    /// The name, as `--fault` takes it.
    pub name: &'static str,
    /// What the diagnosis says first.
    pub says: Code,
    /// What the client gets wrong.
    pub client: fn(&mut Configuration),
    /// How the server differs.
    pub server: fn(&mut Options),
    /// What the person does.
    pub person: Person,
}

/// A second app, which the simulator does not know.
const OTHER_CLIENT_ID: &str = "Ov23liAnotherAppXyz9";

const RIGHT_CLIENT: fn(&mut Configuration) = |_| {};
const RIGHT_SERVER: fn(&mut Options) = |_| {};

/// Seconds that codes are good where their time is to run out.
const SHORT_LIFE: u64 = 4;

/// All of them.
pub const FAULTS: &[DeviceFault] = &[
    DeviceFault {
        name: "device_flow_disabled",
        says: Code::DeviceFlowDisabled,
        client: RIGHT_CLIENT,
        server: |options| options.habits.device.enabled = false,
        person: Person::StaysAway,
    },
    DeviceFault {
        name: "device_client_unknown",
        says: Code::ClientUnknown,
        client: |configuration| {
            configuration.client_id = OTHER_CLIENT_ID.into();
            configuration.origins.set(Field::ClientId, Origin::Fault);
        },
        server: RIGHT_SERVER,
        person: Person::StaysAway,
    },
    DeviceFault {
        name: "device_endpoint_wrong",
        says: Code::DeviceEndpointNotFound,
        client: |configuration| configuration.provider.device_authorization_endpoint.push('s'),
        server: RIGHT_SERVER,
        person: Person::StaysAway,
    },
    DeviceFault {
        name: "device_code_expired",
        says: Code::DeviceCodeExpired,
        client: RIGHT_CLIENT,
        server: |options| {
            options.habits.device.lifetime = SHORT_LIFE;
            options.habits.device.interval = 1;
        },
        person: Person::StaysAway,
    },
    DeviceFault {
        name: "device_pending_for_ever",
        says: Code::DevicePendingAfterExpiry,
        client: RIGHT_CLIENT,
        server: |options| {
            options.habits.device.lifetime = SHORT_LIFE;
            options.habits.device.interval = 1;
            options.habits.device.forgets_expiry = true;
        },
        person: Person::StaysAway,
    },
    DeviceFault {
        name: "device_denied",
        says: Code::AccessDenied,
        client: RIGHT_CLIENT,
        server: RIGHT_SERVER,
        person: Person::Denies,
    },
    DeviceFault {
        name: "device_code_altered",
        says: Code::DeviceCodeNotTheIssued,
        client: |configuration| configuration.poll.alters_device_code = true,
        server: RIGHT_SERVER,
        person: Person::Approves,
    },
    DeviceFault {
        name: "device_grant_type_short",
        says: Code::DeviceGrantTypeWrong,
        client: |configuration| configuration.poll.grant_type = Some("device_code".into()),
        server: RIGHT_SERVER,
        person: Person::Approves,
    },
    DeviceFault {
        name: "device_client_differs",
        says: Code::DeviceClientDiffers,
        client: |configuration| configuration.poll.client_id = Some(OTHER_CLIENT_ID.into()),
        server: |options| options.habits.unknown_client = UnknownClientAnswer::IncorrectClientCredentials,
        person: Person::Approves,
    },
    DeviceFault {
        name: "device_polled_too_fast",
        says: Code::DevicePolledTooFast,
        client: |configuration| configuration.poll.interval = Some(1),
        server: |options| options.habits.device.interval = 5,
        person: Person::Approves,
    },
    DeviceFault {
        name: "device_interval_missing",
        says: Code::DeviceIntervalMissing,
        client: RIGHT_CLIENT,
        server: |options| options.habits.device.names_interval = false,
        person: Person::Approves,
    },
    DeviceFault {
        name: "device_verification_url",
        says: Code::DeviceOldMemberName,
        client: RIGHT_CLIENT,
        server: |options| options.habits.device.old_name = true,
        person: Person::Approves,
    },
];

impl DeviceFault {
    /// The fault of that name.
    pub fn from_name(name: &str) -> Option<&'static Self> {
        FAULTS.iter().find(|fault| fault.name == name)
    }

    /// Sets both sides wrong.
    pub fn prepare(&self, configuration: &mut Configuration, server: &mut Options) {
        (self.client)(configuration);
        (self.server)(server);
    }
}
