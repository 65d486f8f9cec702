//! What the drawings may claim: green for what was checked and is right, a mark for what is wrong in what was sent.

use oauthlens::{
    diagnosis::examine_facts,
    flow::transcript::Transcript,
    oauth::secret::Secret,
    providers::Provider,
    render::{explanation::findings::evidence, text::line::Tone},
    sources::scenario::Scenario,
};

use super::{
    stories::{SECRET, Story, registered},
    *,
};

fn toned(lines: &[Line], tone: Tone) -> String {
    let spans = lines.iter().flat_map(|line| &line.0);
    spans
        .filter(|span| span.tone == tone)
        .map(|span| span.text.as_str())
        .collect()
}

fn explained(transcript: &Transcript, messages: &Messages) -> Explanation {
    let facts = Facts::of(transcript);
    explain(&facts, &examine_facts(&facts), messages, Style::of_width(118))
}

/// A refused exchange whose redirect URI was sent twice and may not be the registered one.
fn refused_uri(sent: &str, known: Option<&str>) -> Transcript {
    let mut story = Story::live();
    story.configuration.redirect_uri = sent.into();
    story.configuration.registration.redirect_uris =
        known.map(|known| registered(known, false)).into_iter().collect();
    story
        .with_code()
        .exchange(4_200, "", None)
        .refusal(4_412, "redirect_uri_mismatch")
        .told()
}

#[test]
fn a_gap_is_marked_where_characters_are_missing_and_the_registered_value_never() {
    for (sent, known, marked) in [
        (
            "http://127.0.0.1/callback",
            "http://127.0.0.1/auth/callback",
            "▯▯▯▯▯",
        ),
        ("http://app.example.com/cb", "https://app.example.com/cb", "http"),
        ("https://app.example.com/cb/", "https://app.example.com/cb", "/"),
    ] {
        let transcript = refused_uri(sent, Some(known));
        let facts = Facts::of(&transcript);
        for language in Language::ALL {
            let messages = Messages::new(language);
            // Both requests sent it.
            for width in WIDTHS {
                let table = redirect_comparison::draw(&facts, &messages, width, false);
                assert_eq!(toned(&table, Tone::Mark), marked.repeat(2), "{}", text(&table));
            }
            let found = examine_facts(&facts);
            let why = evidence(&found[0].evidence, &messages, 78);
            assert_eq!(toned(&why, Tone::Mark), marked, "{}", text(&why));
            // The page has it once, in the table.
            let explanation = explained(&transcript, &messages);
            let why = &explanation.section(SectionKind::Causes).expect("a cause").lines;
            assert_eq!(toned(why, Tone::Mark), "", "{}", text(why));
        }
    }
    let transcript = refused_uri(
        "http://127.0.0.1/callback",
        Some("http://127.0.0.1/auth/callback"),
    );
    let table = redirect_comparison::draw(&Facts::of(&transcript), &EN, 118, false);
    assert!(text(&table).contains("/▯▯▯▯▯callback"), "{}", text(&table));
}

#[test]
fn nothing_is_green_where_there_was_nothing_to_compare_with() {
    let transcript = refused_uri("http://127.0.0.1:8914/callback", None);
    let facts = Facts::of(&transcript);
    for language in Language::ALL {
        let messages = Messages::new(language);
        let lines = redirect_comparison::draw(&facts, &messages, 118, false);
        assert_eq!(toned(&lines, Tone::Good), "", "{}", text(&lines));
        let remark = &messages.pictures().comparison.nothing_to_compare;
        assert!(
            toned(&lines, Tone::Dim).contains(remark.as_str()),
            "{}",
            text(&lines)
        );
    }
    let transcript = refused_uri("http://127.0.0.1/callback", Some("http://127.0.0.1/callback"));
    let lines = redirect_comparison::draw(&Facts::of(&transcript), &EN, 118, false);
    assert!(toned(&lines, Tone::Good).contains("These values match."));
}

#[test]
fn a_credential_without_a_known_format_is_neither_right_nor_wrong() {
    let refused = |secret: &str, on_record: Option<&str>| {
        let mut story = Story::live();
        let provider = Provider::simulator("http://127.0.0.1:4567");
        story.configuration.provider = Provider {
            simulated: false,
            profile: &oauthlens::providers::rfc6749::RFC6749,
            ..provider
        };
        story.configuration.registration.client_secret = on_record.map(Secret::new);
        story
            .with_code()
            .exchange(4_200, "client_secret", Some(secret))
            .refusal(4_412, "invalid_client")
            .told()
    };
    for language in Language::ALL {
        let messages = Messages::new(language);
        let ruler =
            |transcript: &Transcript| credential_ruler::draw(&Facts::of(transcript), &messages, 200, false);
        let lines = ruler(&refused(SECRET, None));
        assert_eq!(toned(&lines, Tone::Good), "", "{}", text(&lines));
        let remark = &messages.pictures().ruler.no_fixed_shape;
        assert!(
            toned(&lines, Tone::Dim).contains(remark.as_str()),
            "{}",
            text(&lines)
        );
        // What is on record was compared.
        assert_ne!(toned(&ruler(&refused(SECRET, Some(SECRET))), Tone::Good), "");
        assert_ne!(toned(&ruler(&refused("a line break\n", None)), Tone::Bad), "");
        let page = text(
            &explained(&refused(SECRET, None), &messages)
                .section(SectionKind::Causes)
                .unwrap()
                .lines,
        );
        assert!(!page.contains("shape") && !page.contains("格式"), "{page}");
    }
}

/// A code is for the client that asked for it.
#[test]
fn a_client_id_that_is_not_the_one_of_the_authorization_request_is_marked() {
    let asked = Story::live().configuration.client_id.clone();
    let other = format!("{}!", &asked[..asked.len() - 1]);
    let told = |id: &str| {
        let mut story = Story::live();
        story.configuration.registration.client_id = None;
        story
            .with_code()
            .exchange(4_200, "client_id", Some(id))
            .refusal(4_412, "incorrect_client_credentials")
            .told()
    };
    for language in Language::ALL {
        let messages = Messages::new(language);
        let ruler = |id: &str| credential_ruler::draw(&Facts::of(&told(id)), &messages, 200, false);
        let fits = other.replace('!', if asked.ends_with('Z') { "Y" } else { "Z" });
        let (lines, last) = (ruler(&fits), &fits[fits.len() - 1..]);
        assert_eq!(toned(&lines, Tone::Mark), last, "{}", text(&lines));
        let lines = ruler(&asked);
        assert_eq!(toned(&lines, Tone::Mark), "", "{}", text(&lines));
    }
}

#[test]
fn a_cause_that_is_likely_is_called_so_in_the_headline() {
    let likely = Finding::new(Code::ClientSecretTooShort, Certainty::Likely);
    let observed = Finding::new(Code::ClientSecretTooShort, Certainty::Observed);
    let transcript = stories::find("secret_truncated_and_app_id");
    let facts = Facts::of(&transcript);
    for (language, words) in [
        (Language::English, "Most likely: "),
        (Language::SimplifiedChinese, "最可能的原因："),
    ] {
        let messages = Messages::new(language);
        let headline = |finding: &Finding| {
            explain(
                &facts,
                std::slice::from_ref(finding),
                &messages,
                Style::of_width(78),
            )
            .sentence
        };
        assert!(headline(&likely).contains(words), "{}", headline(&likely));
        assert!(!headline(&observed).contains(words), "{}", headline(&observed));
    }
}

/// RFC 6749 §6: without `scope` a refresh asks for what was granted before.
#[test]
fn a_refresh_that_names_no_scope_was_not_given_too_much() {
    let scenario = Scenario::read(include_str!("../scenarios/refresh_good.toml")).expect("a scenario");
    let explanation = explained(&scenario.transcript, &EN);
    let token = &explanation.section(SectionKind::Token).expect("a token").lines;
    assert!(text(token).contains("✓ repo"), "{}", text(token));
    assert!(!text(token).contains("not asked for"), "{}", text(token));
}

#[test]
fn an_error_with_status_200_is_a_grey_remark() {
    let transcript = stories::find("secret_with_newline");
    let explanation = explained(&transcript, &EN);
    let causes = &explanation.section(SectionKind::Causes).expect("causes").lines;
    let remark = causes
        .iter()
        .position(|line| line.text().contains("An error with status 200"))
        .expect("the remark");
    assert_eq!(toned(&causes[remark..=remark], Tone::Bad), "", "{}", text(causes));
    // It is about the reader's program, and comes last.
    let is_cause = |line: &&Line| line.text().starts_with(" ●") || line.text().starts_with(" ○");
    assert_eq!(
        causes[remark + 1..].iter().filter(is_cause).count(),
        0,
        "{}",
        text(causes)
    );
    assert!(
        toned(&causes[remark..=remark], Tone::Dim).contains('●'),
        "{}",
        text(causes)
    );
}
