//! `oauthlens simulate` over real HTTP: faults, the control API, several requests on one connection.

use crate::*;

/// Sends one request on a connection that stays open, and reads its answer: status line and headers, and the body.
fn ask(
    connection: &mut BufReader<TcpStream>,
    method: &str,
    path: &str,
    more: &str,
    body: &str,
) -> (String, String) {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nContent-Length: {}\r\n{more}\r\n{body}",
        body.len()
    );
    connection
        .get_mut()
        .write_all(request.as_bytes())
        .expect("it reads");
    let mut head = String::new();
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).expect("a line");
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line.to_ascii_lowercase());
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.trim().parse().expect("a number"))];
    connection.read_exact(&mut body).expect("a body");
    (head, String::from_utf8(body).expect("text"))
}

fn connect(simulated: &Simulated) -> BufReader<TcpStream> {
    let address = simulated.value("base_url").strip_prefix("http://").expect("http");
    BufReader::new(TcpStream::connect(address).expect("it listens"))
}

#[test]
fn a_test_asks_for_faults_moves_the_clock_and_reads_what_was_asked() {
    let arguments = ["--approve", "yes", "--seed", "s", "--fault", "rate_limited,nth=3"];
    let simulated = Simulated::start(&arguments, 4);
    let (id, secret) = (simulated.value("client_id"), simulated.value("client_secret"));
    let mut connection = connect(&simulated);
    let mut exchange = |more: &str| {
        let authorize = format!("/login/oauth/authorize?client_id={id}&scope=repo");
        let (redirect, _) = ask(&mut connection, "GET", &authorize, "", "");
        let code = redirect
            .split_once("code=")
            .expect("a code")
            .1
            .split('&')
            .next()
            .expect("its value");
        let form = format!("client_id={id}&client_secret={secret}&code={code}");
        ask(&mut connection, "POST", "/login/oauth/access_token", more, &form)
    };
    let (_, refused) = exchange("X-Oauthlens-Fault: code_expired\r\n");
    assert!(refused.contains("bad_verification_code"), "{refused}");
    let (_, good) = exchange("");
    assert!(good.contains("\"access_token\":\"gho_"), "{good}");
    let (third, _) = exchange("");
    assert!(third.starts_with("http/1.1 429"), "{third}");
    let (near, told) = exchange("X-Oauthlens-Fault: code_expird\r\n");
    assert!(
        near.starts_with("http/1.1 400") && told.contains("code_expired"),
        "{told}"
    );

    let (_, health) = ask(&mut connection, "GET", "/_health", "", "");
    assert_eq!(health, "{\"status\":\"ok\"}");
    let (_, tokens) = ask(
        &mut connection,
        "GET",
        "/_control/requests?endpoint=token",
        "",
        "",
    );
    let tokens: Value = serde_json::from_str(&tokens).expect("JSON");
    let outcomes: Vec<_> = tokens
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["outcome"])
        .collect();
    assert_eq!(outcomes, ["bad_verification_code", "token", "429"]);
    assert!(!tokens.to_string().contains(secret));
    let (reset, _) = ask(&mut connection, "POST", "/_control/reset", "", "");
    assert!(reset.starts_with("http/1.1 204"), "{reset}");
}

#[test]
fn a_connection_is_closed_or_an_answer_late_on_request() {
    let simulated = Simulated::start(&["--fault", "slow_answer,ms=1,every=2"], 4);
    let mut connection = connect(&simulated);
    for _ in 0..2 {
        let (head, _) = ask(&mut connection, "GET", "/meta", "", "");
        assert!(head.starts_with("http/1.1 200"), "{head}");
    }
    let request = "GET /meta HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Oauthlens-Fault: connection_closed\r\n\r\n";
    connection
        .get_mut()
        .write_all(request.as_bytes())
        .expect("it reads");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("the end");
    assert_eq!(answer, "");
}

#[test]
fn equal_seeds_give_equal_secrets() {
    let of = |seed| {
        Simulated::start(&["--seed", seed], 4)
            .value("client_secret")
            .to_owned()
    };
    assert_eq!(of("one"), of("one"));
    assert_ne!(of("one"), of("two"));
}

#[test]
fn a_file_says_what_it_is_and_what_is_wrong_with_it() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let path = format!("{folder}/testbed.toml");
    let good = "approve = \"yes\"\n[[app]]\nclient_id = \"shop\"\nclient_secret = \"made up\"\nredirect_uris = [\"https://shop.example/cb\"]\n";
    std::fs::write(&path, good).expect("a file");
    let simulated = Simulated::start(&["--config", &path], 4);
    assert_eq!(simulated.value("client_id"), "shop");
    assert_eq!(simulated.value("client_secret"), "made up");
    assert_eq!(simulated.value("redirect_uri"), "https://shop.example/cb");
    for (text, place, said) in [
        (
            "\n[[fault]]\nname = \"code_expird\"\n",
            ":3:8: ",
            "did you mean “code_expired”?",
        ),
        (
            "[[app]]\nclient_id = \"a\"\nclient_secrt = \"b\"\n",
            ":3:1: ",
            "client_secrt",
        ),
        ("approve = maybe\n", ":1:11: ", ""),
    ] {
        let path = format!("{folder}/bad_testbed.toml");
        std::fs::write(&path, text).expect("a file");
        let output = run(&["simulate", "--config", &path]);
        assert_eq!(status(&output), 2);
        let told = err(&output);
        assert!(told.contains(place) && told.contains(said), "{text}: {told}");
    }
}

#[test]
fn other_computers_reach_it_only_when_that_was_said() {
    let remote = [
        "--listen",
        "0.0.0.0:0",
        "--allow-remote",
        "--base-url",
        "http://auth.test:80",
    ];
    let (closed, open) = (
        Simulated::start(&remote, 4),
        [&remote[..], &["--allow-remote-control"]].concat(),
    );
    assert_eq!(closed.value("base_url"), "http://auth.test:80");
    drop(closed);
    drop(Simulated::start(&open, 4));
    let output = run(&["simulate", "--allow-remote-control"]);
    assert_eq!(status(&output), 2);
    let output = run(&["simulate", "--fault", "code_expird"]);
    assert!(err(&output).contains("code_expired"), "{}", err(&output));
}
