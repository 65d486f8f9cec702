//! Inputs that once did harm, each named after what happened. Most were found by the targets in `fuzz/`.

use std::time::{Duration, Instant};

use oauthlens::{
    diagnosis::{context::Facts, examine_facts},
    flow::{redaction::Redactor, transcript::Transcript},
    oauth::{
        http::HttpRequest,
        redirect_matching::{Registered, matches, nearest_match},
        redirect_uri::{RedirectUri, RedirectUriDefect},
        time::Moment,
    },
    render::{
        drawings::{code_timeline, http_message},
        explanation::{Style, explain},
        reports,
    },
    sources,
    text::catalog::{Language, Messages},
    text::defects::defects,
    ui::{
        model::text_field::TextField,
        view::field::{Look, draw},
    },
};

fn pasted(text: &str) -> Transcript {
    sources::read(text.as_bytes(), Moment(1_795_435_200_000)).expect("something that is recognised")
}

fn json(transcript: &Transcript) -> String {
    let facts = Facts::of(transcript);
    let findings = examine_facts(&facts);
    reports::json::write(&facts, &findings, &Messages::new(Language::English))
}

#[test]
fn a_masked_field_panicked_where_one_grapheme_is_wider_than_the_field() {
    let joiners = "\u{200d}".repeat(60);
    for (text, shown) in [
        (format!("x{joiners}"), "x··…"),
        (format!("0123456789x{joiners}9876543210"), "•••••••••…•••••••••"),
    ] {
        let field = TextField::new(text);
        for look in [Look::Value, Look::Words, Look::Masked] {
            for focused in [false, true] {
                for width in 0..40 {
                    let drawn = draw(&field, look, focused, width);
                    assert!(drawn.line.width() <= width.max(5), "{width}: {drawn:?}");
                    assert!(drawn.cursor < width.max(5), "{width}: {drawn:?}");
                }
            }
        }
        assert_eq!(draw(&field, Look::Masked, false, 20).line.text(), shown);
    }
}

#[test]
fn a_click_on_the_end_of_a_cut_masked_field_went_to_its_middle() {
    let field = TextField::new("a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e");
    let drawn = draw(&field, Look::Masked, false, 21);
    assert_eq!(drawn.line.text(), "a1b2•••••…••••••9f0e");
    for (column, grapheme) in [(0, 0), (8, 8), (9, 9), (10, 30), (19, 39), (20, 40), (99, 40)] {
        assert_eq!(drawn.grapheme_at(column), grapheme, "{column}");
    }
}

#[test]
fn a_field_with_a_long_paste_took_quadratic_time() {
    let soon = |what: &str, work: &dyn Fn()| {
        let started = Instant::now();
        work();
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "{what}: {:?}",
            started.elapsed()
        );
    };
    for damage in ["\u{200b}", "\u{e9}", "\n", "a\u{200d}", "%"] {
        let text = damage.repeat(200_000 / damage.len());
        soon("defects", &|| assert_ne!(defects(&text).len(), 1));
        let field = TextField::new(text);
        for look in [Look::Value, Look::Masked] {
            soon("drawing", &|| drop(draw(&field, look, false, 60)));
        }
    }
}

#[test]
fn the_json_document_held_characters_that_a_terminal_obeys() {
    let body = r#"{"error":"\u202ex\u009b31m","error_description":"\u200b\u007f\u2066 客户端 👩"}"#;
    let document = json(&pasted(body));
    assert!(document.contains(r"\u202ex\u009b31m"), "{document}");
    assert!(document.contains("客户端 👩"), "{document}");
    assert!(
        document.chars().all(|c| c == '\n' || !c.is_control()),
        "{document:?}"
    );
    let read: serde_json::Value = serde_json::from_str(&document).expect("JSON");
    assert_eq!(read["error"]["error"], "\u{202e}x\u{9b}31m");
    assert_eq!(
        read["error"]["error_description"],
        "\u{200b}\u{7f}\u{2066} 客户端 👩"
    );
}

#[test]
fn a_har_file_holds_no_character_that_a_terminal_obeys() {
    let text = "curl https://github.com/login/oauth/access_token -d 'client_id=i&code=a%C2%9B31m%E2%80%AE'\n\
                {\"error\":\"invalid_grant\",\"error_description\":\"\u{202e}x\u{9b}31m\u{7f}\u{2066}\"}";
    let transcript = pasted(text);
    let facts = Facts::of(&transcript);
    let har = reports::har::write(&facts);
    assert!(har.contains(r"\u202ex\u009b31m\u007f\u2066"), "{har}");
    let is_obeyed = |c: char| {
        c != '\n' && (c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    };
    assert!(!har.contains(is_obeyed), "{har:?}");
    serde_json::from_str::<serde_json::Value>(&har).expect("JSON");
}

#[test]
fn a_masked_placeholder_let_its_newline_through() {
    let drawn = draw(&TextField::new("your_secret\n"), Look::Masked, false, 60);
    assert_eq!(drawn.line.text(), "your_secret␊");
}

#[test]
fn the_words_of_a_refusal_let_a_control_character_through() {
    let text = "oauthlib: {'error': 'bad_verification_co\0\u{202e}de', 'error_description': '";
    let refusal = sources::read(text.as_bytes(), Moment(0)).expect_err("nothing that is recognised");
    let said = reports::text::not_recognised(&refusal, &Messages::new(Language::English));
    assert!(
        !said.contains(['\0', '\u{202e}']) && said.contains("␀·"),
        "{said:?}"
    );
}

#[test]
fn a_variation_selector_made_a_line_wider_than_asked_for() {
    let transcript = pasted(&format!("<html>{}", "4\u{fe0f}".repeat(100)));
    let facts = Facts::of(&transcript);
    let findings = examine_facts(&facts);
    for width in [40, 56, 80] {
        let style = Style::of_width(width);
        let explanation = explain(&facts, &findings, &Messages::new(Language::English), style);
        for line in explanation.lines() {
            assert!(line.width() <= width, "{width}: {:?}", line.text());
        }
    }
}

#[test]
fn a_token_in_the_place_of_a_code_was_drawn_in_full() {
    let token = "gho_Xw7Qk2Zp9Rv4Ns8Tc6Yb3Mf5Hj1Ld0GaEuVq";
    let transcript = pasted(&format!("http://127.0.0.1:8914/callback?code={token}&state=s1"));
    let drawn = |reveal| {
        let lines = code_timeline::draw(
            &Facts::of(&transcript),
            &Messages::new(Language::English),
            80,
            reveal,
        );
        reports::text::lines(&lines, false)
    };
    assert!(
        drawn(false).contains("gho_••••") && !drawn(false).contains(token),
        "{}",
        drawn(false)
    );
    assert!(drawn(true).contains(token), "{}", drawn(true));
}

#[test]
fn a_token_in_an_answer_s_words_was_drawn_in_full() {
    let token = "gho_Xw7Qk2Zp9Rv4Ns8Tc6Yb3Mf5Hj1Ld0GaEuVq";
    for text in [
        format!(r#"{{"error":"no {token}","error_uri":"https://h/{token}"}}"#),
        format!("/callback?error=no+{token}&state=s&error_uri=https://h/{token}"),
        format!(r#"{{"access_token":"x","scope":"repo {token}","token_type":"{token}"}}"#),
    ] {
        let transcript = pasted(&text);
        let facts = Facts::of(&transcript);
        let findings = examine_facts(&facts);
        for language in [Language::English, Language::SimplifiedChinese] {
            let messages = Messages::new(language);
            let explanation = explain(&facts, &findings, &messages, Style::of_width(60));
            // A line break inside hides nothing.
            let mut drawn = reports::text::explanation(&explanation, false);
            drawn.retain(|c| !c.is_whitespace());
            assert!(!drawn.contains(token), "{drawn}");
        }
        assert!(!json(&transcript).contains(token), "{text}");
    }
}

#[test]
fn a_header_with_a_long_name_made_a_line_wider_than_asked_for() {
    let name = "s".repeat(200);
    let transcript = pasted(&format!("HTTP/1.1 500 Error\n{name}: x\n\nno answer"));
    let facts = Facts::of(&transcript);
    let exchange = &facts.token_exchanges[0].exchange;
    let messages = Messages::new(Language::English);
    let lines = http_message::exchange(exchange, &Redactor::default(), &messages, 56, false);
    assert!(lines.iter().all(|line| line.width() <= 56), "{lines:?}");
    let names: usize = lines.iter().map(|line| line.text().matches('s').count()).sum();
    assert!(names >= 200, "nothing of the name is dropped: {lines:?}");
}

#[test]
fn a_long_masked_beginning_did_not_say_that_it_goes_on() {
    let refusal = sources::read("q".repeat(70).as_bytes(), Moment(0)).expect_err("nothing");
    assert_eq!(refusal.beginning, format!("qqqq{}…", "•".repeat(56)));
}

/// Each pair was found by the target `redirect_uri`: what was sent, what is registered, what is suggested now.
#[test]
fn the_nearest_redirect_uri_was_one_that_does_not_match() {
    for (sent, registered, nearest) in [
        // An empty path left a scheme and nothing else.
        ("https://example.com", "com.example.app:/", "com.example.app:/"),
        ("hts://a", "Htps:/", "Htps:/"),
        // A path of two slashes became a host that nobody had registered.
        (
            "https://example.com//evil",
            "com.example.app:/",
            "com.example.app:/",
        ),
        ("hthtt://h//h/m", "hps:/", "hps:/"),
        (
            "https://example.com/below",
            "com.example.app:/",
            "com.example.app:/below",
        ),
        // A port that is not written is another one under another scheme.
        (
            "https://example.com/path/",
            "app://example.com:443/path",
            "app://example.com:443/path/",
        ),
        (
            "http://example.com:8080/p",
            "https://example.com:8080/p",
            "https://example.com:8080/p",
        ),
    ] {
        for wildcard in [true, false] {
            let one = Registered {
                uri: registered.into(),
                wildcard,
            };
            let found = nearest_match(std::slice::from_ref(&one), sent).expect("one is registered");
            assert!(matches(&one, &found), "{found} for {sent} against {registered}");
            if wildcard {
                assert_eq!(found, nearest, "{sent} against {registered}");
            }
        }
    }
}

#[test]
fn a_host_with_a_colon_in_it_was_a_host() {
    for uri in [
        "https://a:65535E.com:443/path",
        "https://a:1:2/",
        "https://u:p@h:80/",
    ] {
        assert_eq!(RedirectUri::parse(uri), Err(RedirectUriDefect::BadPort), "{uri}");
    }
    for uri in ["https://[::1]:443/path", "http://[::1]/", "https://a:443/"] {
        assert!(RedirectUri::parse(uri).is_ok(), "{uri}");
    }
}

/// Found by the target `scenario_and_replay`.
#[test]
fn a_method_longer_than_the_screen_widened_its_line() {
    let messages = Messages::new(Language::English);
    let request = HttpRequest {
        method: format!("G{}<title>客户端</title>", "[".repeat(60)),
        ..HttpRequest::get("https://example.com/token?a=b")
    };
    for width in [40, 80] {
        let in_full = http_message::request(&request, &Redactor::default(), &messages, width, false);
        let values = http_message::request_values(&request, &Redactor::default(), width);
        for line in in_full.iter().chain(&values) {
            assert!(line.width() <= width, "{}", line.text());
        }
        assert!(in_full[0].text().starts_with("G[[["), "{}", in_full[0].text());
    }
}
