//! The simulator as a test wants it: each statement of docs/simulator.md as requests and their answers.

mod apps;
mod control;
mod faults;

use serde_json::Value;

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
        random::Entropy,
        redirect_matching::Registered,
        token::TokenRequest,
    },
    simulator::{
        Simulator,
        testbed::{
            Delivery, FAULT_HEADER, FAULTS_HEADER, Served, Testbed,
            schedule::Scheduled,
            settings::{Approve, TestbedFile},
        },
        tests::{BASE, CALLBACK, NOW, authorize_url, exchange_of, outcome, params_of},
    },
};

/// A testbed that approves at once and can be controlled.
fn testbed() -> Testbed {
    let simulator = Simulator::demo(BASE, CALLBACK, Entropy::from_seed([3; 32]));
    let mut testbed = Testbed::new(simulator);
    testbed.set_approve(Approve::Yes);
    testbed.open_control(false);
    testbed
}

/// The same after it read a file.
fn testbed_of(file: &str) -> Testbed {
    let mut testbed = Testbed::new(Simulator::demo(BASE, CALLBACK, Entropy::from_seed([3; 32])));
    let file: TestbedFile = toml::from_str(file).unwrap();
    testbed.configure(file, NOW).unwrap();
    testbed.open_control(false);
    testbed
}

fn with_fault(request: HttpRequest, names: &str) -> HttpRequest {
    request.with_header(FAULT_HEADER, names)
}

fn answer(testbed: &mut Testbed, request: &HttpRequest) -> HttpResponse {
    let Served { response, delivery } = testbed.respond(request, NOW);
    assert_eq!(delivery, Delivery::AtOnce);
    response
}

fn authorization(testbed: &mut Testbed) -> HttpRequest {
    HttpRequest::get(authorize_url(testbed.simulator(), "state=s&scope=repo%20gist"))
}

/// A code that was approved at once.
fn code(testbed: &mut Testbed) -> String {
    let request = authorization(testbed);
    let redirect = answer(testbed, &request);
    let location = redirect.header("location").unwrap().to_owned();
    params_of(&location).get("code").unwrap().to_owned()
}

/// The right token request for a new code.
fn exchange(testbed: &mut Testbed) -> TokenRequest {
    let code = code(testbed);
    TokenRequest {
        grant: crate::oauth::token::AuthorizationCode {
            redirect_uri: None,
            ..exchange_of(testbed.simulator(), &code).grant
        },
        ..exchange_of(testbed.simulator(), &code)
    }
}

fn control(testbed: &mut Testbed, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = HttpRequest {
        method: method.into(),
        url: format!("/_control{path}"),
        body: body.into(),
        ..HttpRequest::default()
    };
    let response = answer(testbed, &request);
    let told = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
    (response.status, told)
}
