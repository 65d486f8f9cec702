//! The drawings and reports of transcripts told by hand: reviewed as text at three widths in both languages, and held
//! to their promises at every width.

mod once;
mod reports;
mod stories;
mod truth;

use std::fmt::Write as _;

use oauthlens::{
    diagnosis::{
        context::Facts,
        finding::{Certainty, Code, Evidence, Finding, Picture, RemedyCode},
    },
    flow::redaction::Redactor,
    render::{
        self,
        drawings::{
            code_timeline, credential_ruler, http_message, parameters, redirect_comparison, sequence, token,
        },
        explanation::{self, Explanation, SectionKind, Style, explain},
        sentences,
        text::line::Line,
    },
    text::catalog::{Language, Messages},
};

const WIDTHS: [usize; 3] = [58, 78, 118];
static EN: Messages = Messages::new(Language::English);

fn text(lines: &[Line]) -> String {
    render::reports::text::lines(lines, false)
}

/// One snapshot: both languages, three widths.
fn review(name: &str, draw: impl Fn(&Messages, usize) -> Vec<Line>) {
    let mut out = String::new();
    for language in Language::ALL {
        let messages = Messages::new(language);
        for width in WIDTHS {
            let _ = writeln!(out, "──── {} {width} {}", language.tag(), "─".repeat(width - 12));
            out.push_str(&text(&draw(&messages, width)));
            out.push('\n');
        }
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, out);
    });
}

fn review_stories(
    picture: &str,
    stories: &[&str],
    draw: fn(&Facts<'_>, &Messages, usize, bool) -> Vec<Line>,
) {
    for story in stories {
        let transcript = stories::find(story);
        let facts = Facts::of(&transcript);
        review(&format!("{picture}__{story}"), |messages, width| {
            draw(&facts, messages, width, false)
        });
    }
}

#[test]
fn credential_rulers() {
    let stories = [
        "secret_with_newline",
        "secret_of_another_app",
        "secret_truncated_and_app_id",
        "secret_undefined",
        "secret_left_out",
        "pasted_error",
    ];
    review_stories("ruler", &stories, credential_ruler::draw);
}

#[test]
fn redirect_comparisons() {
    let stories = [
        "redirect_uri_differs_at_exchange",
        "redirect_uri_long",
        "redirect_uri_wildcard_off",
        "secret_with_newline",
    ];
    review_stories("redirect", &stories, redirect_comparison::draw);
}

#[test]
fn lives_of_codes() {
    let stories = ["code_reused", "code_expired", "many_exchanges", "pasted_error"];
    review_stories("life", &stories, code_timeline::draw);
}

/// The sequence shows no value, so there is nothing to reveal in it.
fn whole_sequence(facts: &Facts<'_>, messages: &Messages, width: usize, _reveal: bool) -> Vec<Line> {
    sequence::draw(facts, messages, width)
}

#[test]
fn sequences() {
    let stories = [
        "secret_with_newline",
        "code_reused",
        "token",
        "waiting",
        "port_taken_and_denied",
        "no_answer",
        "pasted_redirect",
        "pasted_stray_body",
    ];
    review_stories("sequence", &stories, whole_sequence);
}

#[test]
fn tokens() {
    review_stories("token", &["token"], token::draw);
}

#[test]
fn parameters_one_by_one() {
    let transcript = stories::find("waiting");
    let mut request = Facts::of(&transcript).authorization.unwrap().2.clone();
    request.params.push("audience", "api");
    review("parameters", |messages, width| {
        parameters::draw(&request, messages, width)
    });
}

#[test]
fn messages_byte_for_byte() {
    let transcript = stories::find("secret_with_newline");
    let facts = Facts::of(&transcript);
    let redactor = Redactor::of(&transcript);
    let exchange = facts.last().unwrap().exchange;
    review("message", |messages, width| {
        http_message::exchange(&exchange, &redactor, messages, width, false)
    });
}

#[test]
fn plain_sentences() {
    let mut out = String::new();
    for language in Language::ALL {
        let messages = Messages::new(language);
        for (story, picture) in [
            ("secret_with_newline", Picture::CredentialRuler),
            ("redirect_uri_differs_at_exchange", Picture::RedirectComparison),
            ("code_reused", Picture::CodeLife),
        ] {
            let transcript = stories::find(story);
            let facts = Facts::of(&transcript);
            let _ = writeln!(out, "{}", sentences::sequence(&facts, "", &messages));
            let _ = writeln!(out, "{}\n", sentences::picture(picture, &facts, &messages));
        }
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("plain", out);
    });
}

/// Every drawing of a story at a width.
fn everything(facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    let redactor = Redactor::of(facts.transcript);
    let mut lines = sequence::draw(facts, messages, width);
    for picture in [
        Picture::CredentialRuler,
        Picture::RedirectComparison,
        Picture::CodeLife,
    ] {
        lines.extend(render::draw(picture, facts, messages, width, false));
    }
    lines.extend(token::draw(facts, messages, width, false));
    if let Some((_, _, request)) = facts.authorization {
        lines.extend(parameters::draw(request, messages, width));
    }
    if let Some(last) = facts.last() {
        lines.extend(http_message::exchange(
            &last.exchange,
            &redactor,
            messages,
            width,
            false,
        ));
    }
    lines.extend(explain(facts, &findings(), messages, Style::of_width(width)).lines());
    lines
}

fn findings() -> Vec<Finding> {
    vec![
        Finding::new(Code::CredentialsRefused, Certainty::Observed)
            .with(Evidence::secret("client_secret_sent", &format!("{}\n", stories::SECRET)).marked(40, 41))
            .with(Evidence::new("status", "200"))
            .mended_by(RemedyCode::EditClientSecret, None)
            .mended_by(RemedyCode::AuthorizeAgain, None),
        Finding::new(Code::RedirectUriRefused, Certainty::Possible)
            .mended_by(RemedyCode::AuthorizeAgain, None),
        Finding::new(Code::CodeRefused, Certainty::RuledOut).with(Evidence::new("status", "200")),
    ]
}

#[test]
fn every_line_fits_at_every_width_and_holds_no_control_character() {
    let stories: Vec<_> = stories::all()
        .into_iter()
        .filter(|(name, _)| *name != "many_exchanges")
        .collect();
    for language in Language::ALL {
        let messages = Messages::new(language);
        for (name, transcript) in &stories {
            let facts = Facts::of(transcript);
            for width in (56..=124).chain([150, 200]) {
                for line in everything(&facts, &messages, width) {
                    assert!(
                        line.width() <= width,
                        "{name} {width} {}: {}",
                        line.width(),
                        line.text()
                    );
                    assert!(
                        !line.text().contains(char::is_control),
                        "{name} {width}: {:?}",
                        line.text()
                    );
                }
            }
        }
    }
}

#[test]
fn no_secret_is_drawn_unless_it_is_revealed() {
    for (name, transcript) in stories::all() {
        let facts = Facts::of(&transcript);
        for width in [58, 118] {
            let drawn = text(&everything(&facts, &EN, width));
            assert!(!drawn.contains(&stories::SECRET[8..32]), "{name} {drawn}");
            assert!(!drawn.contains(&stories::TOKEN[8..32]), "{name} {drawn}");
        }
    }
    let transcript = stories::find("secret_with_newline");
    let facts = Facts::of(&transcript);
    let revealed = text(&credential_ruler::draw(&facts, &EN, 78, true));
    assert!(revealed.contains(stories::SECRET), "{revealed}");
}

#[test]
fn a_long_history_gives_no_longer_a_drawing() {
    let (many, few) = (stories::find("many_exchanges"), stories::find("code_reused"));
    let (many, few) = (Facts::of(&many), Facts::of(&few));
    let lines = |facts: &Facts<'_>, draw: fn(&Facts<'_>, &Messages, usize, bool) -> Vec<Line>| {
        draw(facts, &EN, 80, false).len()
    };
    assert!(
        lines(&many, whole_sequence) <= 40,
        "{}",
        lines(&many, whole_sequence)
    );
    assert!(lines(&many, code_timeline::draw) <= lines(&few, code_timeline::draw) + 8);
}

#[test]
fn the_explanation_keeps_the_order_and_numbers_each_remedy_once() {
    let transcript = stories::find("secret_with_newline");
    let facts = Facts::of(&transcript);
    let Explanation {
        sections, remedies, ..
    } = explain(&facts, &findings(), &EN, Style::of_width(80));
    let kinds: Vec<SectionKind> = sections.iter().map(|section| section.kind).collect();
    let expected = [
        SectionKind::Sentence,
        SectionKind::Sequence,
        SectionKind::Picture(Picture::CredentialRuler),
        SectionKind::Causes,
        SectionKind::RuledOut,
        SectionKind::Remedies,
    ];
    assert_eq!(kinds, expected);
    let numbered: Vec<_> = remedies
        .iter()
        .map(|remedy| (remedy.number, remedy.remedy.code))
        .collect();
    assert_eq!(
        numbered,
        [(1, RemedyCode::EditClientSecret), (2, RemedyCode::AuthorizeAgain)]
    );
    let first = text(&sections[0].lines);
    assert!(
        first.starts_with("GitHub did not accept the client id and secret (incorrect_client_credentials)")
    );
    assert!(
        first
            .replace('\n', "")
            .contains("https://docs.github.com/apps/managing-oauth-apps/"),
        "{first}"
    );
}

#[test]
fn without_findings_the_answer_still_gets_its_picture() {
    for (story, kind) in [
        (
            "redirect_uri_differs_at_exchange",
            SectionKind::Picture(Picture::RedirectComparison),
        ),
        ("code_reused", SectionKind::Picture(Picture::CodeLife)),
        ("pasted_error", SectionKind::Picture(Picture::CredentialRuler)),
        ("token", SectionKind::Token),
        ("pasted_stray_body", SectionKind::Answer),
        ("no_answer", SectionKind::Answer),
    ] {
        let transcript = stories::find(story);
        let facts = Facts::of(&transcript);
        let explanation = explain(&facts, &[], &EN, Style::of_width(80));
        assert!(explanation.section(kind).is_some(), "{story}");
    }
}

#[test]
fn in_plain_style_nothing_is_drawn_with_lines() {
    let style = Style {
        plain: true,
        ..Style::of_width(80)
    };
    for (name, transcript) in stories::all() {
        let facts = Facts::of(&transcript);
        let drawn = text(&explain(&facts, &findings(), &EN, style).lines());
        assert!(!drawn.contains(['│', '─', '►', '└']), "{name}\n{drawn}");
    }
}

#[test]
fn evidence_is_cut_around_its_marks() {
    let value = format!("{}XY{}", "a".repeat(100), "b".repeat(100));
    let evidence = [Evidence::new("status", value).marked(100, 102)];
    let drawn = text(&explanation::findings::evidence(&evidence, &EN, 60));
    assert!(
        drawn.contains("XY") && drawn.contains('^') && drawn.contains('…'),
        "{drawn}"
    );
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]
    #[test]
    fn nothing_of_the_middle_of_any_secret_is_drawn(secret in "[ \"\n]{0,2}[0-9][0-9a-zA-Z+/%=_-]{11,60}[ \"\n]{0,2}") {
        let transcript =
            stories::Story::live().with_code().exchange(4_200, "client_secret", Some(&secret)).told();
        let facts = Facts::of(&transcript);
        let drawn = text(&credential_ruler::draw(&facts, &EN, 118, false));
        let proper: Vec<char> = secret.trim_matches([' ', '"', '\n']).chars().collect();
        let hidden = if proper.len() < 24 { &proper[..] } else { &proper[4..proper.len() - 4] };
        for window in hidden.windows(6) {
            let window: String = window.iter().collect();
            proptest::prop_assert!(!drawn.contains(&window), "{} in\n{}", window, drawn);
        }
    }
}
