use proptest::prelude::*;

use crate::{
    oauth::token::{read_body, request_params},
    sources::{
        dump::{Object, Value, meaning, read},
        exchange::{Came, Exchange},
    },
};

fn said(text: &str) -> (String, String) {
    let body = meaning::answer(text).unwrap_or_else(|| panic!("no answer in {text}"));
    let members = read_body(&body).members;
    let get = |name| members.get(name).unwrap_or_default().to_owned();
    (get("error"), get("error_description"))
}

#[test]
fn an_answer_is_read_in_every_notation() {
    for dump in [
        r#"{'error': 'bad_verification_code', 'error_description': 'The code, or "grant", is old.'}"#,
        r#"{u'error': u'bad_verification_code', u'error_description': u'The code, or "grant", is old.'}"#,
        r#"OAuthError(error='bad_verification_code', description='The code, or "grant", is old.')"#,
        r#"{"error"=>"bad_verification_code", "error_description"=>"The code, or \"grant\", is old."}"#,
        r#"{"error" => "bad_verification_code", "error_description" => "The code, or \"grant\", is old."}"#,
        r#"{error: "bad_verification_code", error_description: "The code, or \"grant\", is old."}"#,
        r#"{:error=>"bad_verification_code", :error_description=>"The code, or \"grant\", is old."}"#,
        "#<OAuth2::Response:0x01 @parsed={\"error\"=>\"bad_verification_code\", \"error_description\"=>\"The code, or \\\"grant\\\", is old.\"}>",
        "{\n  error: 'bad_verification_code',\n  error_description: 'The code, or \"grant\", ' +\n    'is old.'\n}",
        "URLSearchParams { 'error' => 'bad_verification_code', 'error_description' => 'The code, or \"grant\", is old.' }",
        r#"map[error:bad_verification_code error_description:The code, or "grant", is old. error_uri:https://e.example/x]"#,
        r#"map[string]interface {}{"error":"bad_verification_code", "error_description":"The code, or \"grant\", is old."}"#,
        r#"&{ErrorCode:bad_verification_code ErrorDescription:The code, or "grant", is old. ErrorURI:}"#,
        "Array\n(\n    [error] => bad_verification_code\n    [error_description] => The code, or \"grant\", is old.\n)\n",
        "array(2) {\n  [\"error\"]=>\n  string(21) \"bad_verification_code\"\n  [\"error_description\"]=>\n  string(29) \"The code, or \"grant\", is old.\"\n}\n",
        "array (\n  'error' => 'bad_verification_code',\n  'error_description' => 'The code, or \"grant\", is old.',\n)",
        r#"{error=bad_verification_code, error_description=The code, or "grant", is old., error_uri=https://e.example}"#,
        r#"%{"error" => "bad_verification_code", "error_description" => "The code, or \"grant\", is old."}"#,
        r#"ServerResponse(Refused { error: bad_verification_code, error_description: Some("The code, or \"grant\", is old.") })"#,
        r#"body: "{\"error\":\"bad_verification_code\",\"error_description\":\"The code, or \\\"grant\\\", is old.\"}""#,
    ] {
        let text = format!("12:00:01 the exchange (attempt 1) didn't work: {dump}\nnext line");
        let (error, description) = said(&text);
        assert_eq!(error, "bad_verification_code", "{dump}");
        assert_eq!(description, "The code, or \"grant\", is old.", "{dump}");
    }
}

#[test]
fn an_answer_is_read_from_its_bytes() {
    let bytes = br#"{"error":"bad_verification_code","error_description":"Old."}"#;
    let text = format!("Error: Parse(Problem {{ line: 1, column: 60 }}, {bytes:?})");
    assert_eq!(said(&text), ("bad_verification_code".into(), "Old.".into()));
}

#[test]
fn what_only_names_an_error_is_no_answer() {
    for text in [
        "raise OAuthError(error=error, description=description)",
        "    return render(request, 'x.html', {'error': None, 'code': 5})",
        "{ error: true, message: 'x' }",
        "{'error': 'none'}",
        "{ error: [Function: error], code: 'ECONNRESET' }",
        "logger.info('state %s', (error, code))",
        "{'error': 12}",
        "{'error': 'Something went wrong while the page was made'}",
    ] {
        assert_eq!(meaning::answer(text), None, "{text}");
    }
}

fn only(text: &str) -> Exchange {
    let mut found = meaning::exchanges(text);
    assert_eq!(found.len(), 1, "{text}\n{found:?}");
    found.remove(0)
}

#[test]
fn requests_and_responses_are_read_with_headers_credentials_and_status() {
    for dump in [
        "AxiosError: failed {\n  code: 'ERR_BAD_REQUEST',\n  config: [Object: null prototype] {\n    headers: Object [AxiosHeaders] { Accept: 'application/json' },\n    method: 'post',\n    url: 'https://h.example/login/oauth/access_token',\n    auth: { username: 'Iv1.a', password: 'pw' },\n    data: 'code=abc&redirect_uri=http%3A%2F%2Flocalhost'\n  },\n  request: <ref *1> ClientRequest { _events: [Object: null prototype] { error: [Function] } },\n  response: {\n    status: 401,\n    statusText: 'Unauthorized',\n    headers: Object [AxiosHeaders] { 'content-type': 'application/json' },\n    data: { error: 'invalid_client' }\n  }\n}",
        r#"#<struct Faraday::Env method=:post, request_body="code=abc", url=#<URI::HTTPS https://h.example/login/oauth/access_token>, request_headers={"Authorization"=>"Basic SXYxLmE6cHc="}, response=#<Faraday::Response @status=401, @response_headers={"content-type"=>"application/json"}, @body="{\"error\":\"invalid_client\"}">>"#,
        r#"sent Request { method: "POST", url: "https://h.example/login/oauth/access_token", headers: {"authorization": "Basic SXYxLmE6cHc=", "x": "y"}, body: [99, 111, 100, 101, 61, 97, 98, 99] } got Response { status: 401, headers: {"content-type": "application/json"}, body: [123, 34, 101, 114, 114, 111, 114, 34, 58, 34, 105, 110, 118, 97, 108, 105, 100, 95, 99, 108, 105, 101, 110, 116, 34, 125] }"#,
        "%HTTPoison.Request{method: :post, url: \"https://h.example/login/oauth/access_token\", headers: [{\"Authorization\", \"Basic SXYxLmE6cHc=\"}], body: \"code=abc\"} -> %HTTPoison.Response{status_code: 401, headers: [{\"content-type\", \"application/json\"}], body: \"{\\\"error\\\":\\\"invalid_client\\\"}\"}",
        "{'method': 'POST', 'url': 'https://h.example/login/oauth/access_token', 'auth': ('Iv1.a', 'pw'), 'data': {'code': 'abc'}} {'status_code': 401, 'headers': {'Content-Type': 'application/json'}, 'text': '{\"error\": \"invalid_client\"}'}",
    ] {
        let Exchange { request, came, .. } = only(dump);
        let request = request.unwrap_or_else(|| panic!("no request in {dump}"));
        assert_eq!(request.method, "POST", "{dump}");
        let params = request_params(&request);
        assert_eq!(params.get("client_id"), Some("Iv1.a"), "{dump}");
        assert_eq!(params.get("client_secret"), Some("pw"), "{dump}");
        assert_eq!(params.get("code"), Some("abc"), "{dump}");
        let Some(Came::Response(response)) = came else {
            panic!("no response in {dump}");
        };
        assert_eq!(response.status, 401, "{dump}");
        assert_eq!(
            response.header("content-type"),
            Some("application/json"),
            "{dump}"
        );
        assert_eq!(
            read_body(&response.text()).members.get("error"),
            Some("invalid_client"),
            "{dump}"
        );
    }
}

#[test]
fn what_a_dump_leaves_out_is_not_absent() {
    // The rest of the request is not in the text: nothing can be said of its secret.
    assert!(meaning::exchanges("{'client_id': 'Iv1.a', 'code': 'abc', 'client_s").is_empty());
    // The body of the response was folded away.
    let Some(Came::Response(response)) =
        only("{ status: 400, headers: { 'x-error': 'y' }, data: [Object] }").came
    else {
        panic!("no response");
    };
    assert_eq!(response.body_cut_at, Some(0));
    // A value ends where the text does.
    let cut = &read("{'error': 'bad_verif")[0];
    assert_eq!(cut.get(&["error"]), Some(&Value::Cut("bad_verif".into())));
    assert!(!cut.whole);
    let longer = &read("{ code: 'abc'... 12 more characters }")[0];
    assert_eq!(longer.get(&["code"]), Some(&Value::Cut("abc".into())));
}

#[test]
fn a_redirect_is_read_from_the_parameters_of_a_framework() {
    for text in [
        r#"  Parameters: {"code"=>"abc", "state"=>"s1"}"#,
        "<QueryDict: {'code': ['abc'], 'state': ['s1']}>",
        "Array\n(\n    [code] => abc\n    [state] => s1\n)\n",
        "ImmutableMultiDict([('x', 'y')]) {'code': 'abc', 'state': 's1'}",
    ] {
        let request = only(text).request.expect(text);
        assert_eq!(
            (request.method.as_str(), request.url.as_str()),
            ("GET", "?code=abc&state=s1"),
            "{text}"
        );
    }
}

/// A tree of names and values, to be printed in one notation after the other.
fn tree() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = "[a-z][a-z_]{0,11}";
    let value = "[ -~]{0,24}";
    prop::collection::vec((name, value), 1..6)
}

fn pairs(object: &Object) -> Vec<(String, String)> {
    let text = |value: &Value| value.text().unwrap_or("?").to_owned();
    object
        .members
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

fn quoted(text: &str, mark: char) -> String {
    let escaped = text.replace('\\', "\\\\").replace(mark, &format!("\\{mark}"));
    format!("{mark}{escaped}{mark}")
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(members in tree()) {
        let printed = |open: &str, assign: &str, mark: char, key: bool, close: &str| {
            let members = members.iter().map(|(name, value)| {
                let name = if key { quoted(name, mark) } else { name.clone() };
                format!("{name}{assign}{}", quoted(value, mark))
            });
            format!("{open}{}{close}", members.collect::<Vec<_>>().join(", "))
        };
        let php = members.iter().map(|(name, value)| format!("  [\"{name}\"]=>\n  string({}) \"{value}\"\n", value.len()));
        for text in [
            printed("{", ": ", '\'', true, "}"),
            printed("{", "=>", '"', true, "}"),
            printed("{ ", ": ", '\'', false, " }"),
            printed("%{", " => ", '"', true, "}"),
            printed("Name(", "=", '"', false, ")"),
            printed("Name { ", ": ", '"', false, " }"),
            serde_json::to_string(&printed("{", ":", '"', true, "}")).unwrap_or_default(),
            format!("array({}) {{\n{}}}\n", members.len(), php.collect::<String>()),
        ] {
            // In a string of its own the object is found behind the quotation mark.
            let found = read(&text);
            prop_assert_eq!(found.last().map(pairs), Some(members.clone()), "{}", text);
            prop_assert!(found[found.len() - 1].whole, "{}", text);
        }
    }

    #[test]
    fn any_text_is_read_without_losing_its_way(text in "([{}\\[\\]()<>#'\"`\\\\:=, \n]|[a-z0-9.é]|=>|\\.\\.\\.|string\\(3\\)){0,200}") {
        for object in read(&text) {
            prop_assert!(object.start <= object.end && object.end <= text.len());
        }
        meaning::exchanges(&text);
    }
}

#[test]
fn depth_and_length_cost_no_more_than_they_hold() {
    let deep = "{\"a\":".repeat(100_000) + "{\"error\":\"bad_verification_code\"}" + &"}".repeat(100_000);
    assert_eq!(said(&deep).0, "bad_verification_code");
    for part in [
        "'", "{'", "[\"\\", "(a ", "{a:", "{ a, ", "#<a", "<<", "'a'+", "string(9", "{\\\"",
    ] {
        let long = part.repeat(400_000 / part.len());
        let begun = std::time::Instant::now();
        read(&long);
        // Quadratic reading takes minutes; what a loaded machine makes of a linear one stays far below.
        assert!(begun.elapsed().as_secs() < 20, "{part}");
    }
}

#[test]
fn an_error_that_carries_its_request_tells_what_came_of_it() {
    let Exchange { request, came, .. } = only(
        "Error { code: 'ECONNREFUSED', config: { method: 'post', url: 'https://h.example/login/oauth/access_token', data: 'client_id=i&code=c' } }",
    );
    assert_eq!(request.expect("a request").body, b"client_id=i&code=c");
    assert!(matches!(came, Some(Came::Failure(_))));
    // The answer may stand before the request that it answers.
    let Exchange { request, came, .. } = only(
        "{ status: 400, response: { status: 200, data: { error: 'bad_verification_code' } }, request: { method: 'POST', url: 'https://h.example/token', body: 'code=c' } }",
    );
    assert!(request.is_some());
    assert!(matches!(came, Some(Came::Response(response)) if response.status == 200));
}
