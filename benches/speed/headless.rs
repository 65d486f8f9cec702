//! A whole `oauthlens run --demo --approve`, beside the same three requests made by a shell script with curl: the redirect to
//! a listener, the token request, the reading of the user. oauthlens starts its own simulator on top of that.

use std::{
    process::{Command, Stdio},
    time::Instant,
};

use oauthlens::{
    io::{clock::Clock, http_server, simulator_server::ReadySimulator},
    oauth::{http::HttpResponse, random::Entropy},
    simulator::{Decision, Simulator},
};

use super::{Measured, median, terminal::oauthlens};

const SCRIPT: &str = r#"
set -eu
curl -s -o /dev/null "$LISTENER?code=$CODE&state=s"
token=$(curl -s -H 'Accept: application/json' -d "client_id=$CLIENT_ID" -d "client_secret=$CLIENT_SECRET" -d "code=$CODE" \
    -d "redirect_uri=$REDIRECT_URI" "$BASE/login/oauth/access_token" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -s -H "Authorization: Bearer $token" "$BASE/user" | grep -q octocat
"#;

pub fn measure(quick: bool) -> Vec<Measured> {
    let runtime = oauthlens::io::runtime().expect("a runtime");
    let handle = runtime.handle().clone();
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    let _inside = handle.enter();
    let clock = Clock::default();
    let redirect_uri = "http://127.0.0.1:8914/callback";
    let server = ReadySimulator::bind(([127, 0, 0, 1], 0).into(), clock.clone(), |base| {
        Simulator::demo(base, redirect_uri, Entropy::from_seed([5; 32]))
    })
    .and_then(ReadySimulator::serve)
    .expect("a loopback port");
    let listener = http_server::bind(([127, 0, 0, 1], 0).into()).expect("a loopback port");
    let callback = format!("http://{}/callback", listener.local_addr().expect("its address"));
    let nothing = |_| {
        std::future::ready(HttpResponse {
            status: 200,
            ..HttpResponse::default()
        })
    };
    let once = http_server::Connections::OneRequest;
    handle.spawn(http_server::serve(listener, once, nothing, || {}));

    let app = server
        .simulator()
        .with(|simulator| simulator.options().app.clone());
    let authorize = format!(
        "{}/login/oauth/authorize?client_id={}&redirect_uri={redirect_uri}",
        server.base_url(),
        app.client_id
    );
    let (mut ours, mut yardstick) = (Vec::new(), Vec::new());
    for run in 0..if quick { 5 } else { 40 } {
        let mut program = Command::new(oauthlens());
        program.args(["run", "--demo", "--approve"]);
        let ours_millis = millis(&mut program);

        // The script is spared signing in and consenting; oauthlens is not.
        let redirect = server
            .simulator()
            .with(|simulator| simulator.decide(&authorize, Decision::Approve, clock.now()))
            .expect("a redirect");
        let code = url::Url::parse(&redirect)
            .ok()
            .and_then(|url| {
                url.query_pairs()
                    .find(|(name, _)| name == "code")
                    .map(|(_, code)| code.into_owned())
            })
            .expect("a code");
        let mut script = Command::new("sh");
        script.args(["-c", SCRIPT]);
        for (name, value) in [
            ("LISTENER", callback.as_str()),
            ("BASE", &server.base_url()),
            ("CODE", &code),
            ("CLIENT_ID", &app.client_id),
            ("CLIENT_SECRET", app.client_secret.reveal()),
            ("REDIRECT_URI", redirect_uri),
        ] {
            script.env(name, value);
        }
        let script_millis = millis(&mut script);
        if run > 0 {
            ours.push(ours_millis);
            yardstick.push(script_millis);
        }
    }
    let (ours, yardstick) = (median(ours), median(yardstick));
    vec![Measured {
        what: "whole `oauthlens run --demo --approve`".into(),
        value: format!("{ours:.1} ms"),
        yardstick: format!("three requests by curl, {yardstick:.1} ms"),
        ratio: Some(ours / yardstick),
        kept: ours < yardstick,
    }]
}

fn millis(command: &mut Command) -> f64 {
    let started = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(
        status.as_ref().is_ok_and(std::process::ExitStatus::success),
        "{command:?}: {status:?}"
    );
    started.elapsed().as_secs_f64() * 1e3
}
