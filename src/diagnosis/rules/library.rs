//! What a library said in place of the server: its message is not the answer, so nothing here is more certain than the message.

use std::{borrow::Cow, collections::BTreeSet};

use crate::{
    diagnosis::{
        Verdict,
        context::Facts,
        finding::{Certainty, Finding, SERVER_SAYS},
        libraries::{self, Kind, Library, Row},
        rule::{Code, RemedyCode},
    },
    flow::{
        configuration::Field,
        transcript::{LibraryMessage, Observation},
    },
    providers::error_table,
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// A library did not accept a good answer: its scopes, or its encoding.
        LibraryRefusesGoodAnswer = "library_refuses_a_good_answer": Answer, Statement of [RetryAfterParsing],
            |f| look(f, Code::LibraryRefusesGoodAnswer);

        /// A library refused the redirect for its `iss` (§1).
        LibraryRefusesIss = "library_refuses_iss": Redirect, Statement, |f| look(f, Code::LibraryRefusesIss);

        /// A library refused the redirect since its check of `state` failed.
        LibraryStateCheck = "library_state_check": Redirect, Statement, |f| look(f, Code::LibraryStateCheck);

        /// A proxy got the redirect and could not pass it on to the program, or not the program's answer back.
        RedirectNotPassedOn = "redirect_not_passed_on": Redirect, Statement,
            |f| look(f, Code::RedirectNotPassedOn);

        /// A library returns a refusal as if it were a token.
        LibraryReturnsError = "library_returns_the_error_as_token": Answer, Statement,
            |f| look(f, Code::LibraryReturnsError);

        /// A library sent the token request once more by itself.
        LibraryRepeatsRequest = "library_repeats_the_request": Answer, Remark, repeats;

        /// The word is a library's own and stands for several causes, or passes on a sentence without its code.
        LibraryWord = "library_word": Answer, Statement, |f| look(f, Code::LibraryWord);

        /// A library met an answer and does not show it.
        LibraryHidesAnswer = "library_hides_the_answer": Answer, Statement,
            |f| look(f, Code::LibraryHidesAnswer);

        /// An access log tells what came in, and not what the program sent.
        LogHoldsTooLittle = "log_holds_too_little": Answer, Remark, |f| look(f, Code::LogHoldsTooLittle);
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// A message with its row.
pub struct Said<'t> {
    message: &'t LibraryMessage,
    library: &'static Library,
    row: &'static Row,
}

/// The finding that a message leads to.
fn code_of(kind: Kind) -> Code {
    match kind {
        Kind::HidesTheAnswer => Code::LibraryHidesAnswer,
        Kind::Word | Kind::PassesOn => Code::LibraryWord,
        Kind::RefusesAGoodAnswer => Code::LibraryRefusesGoodAnswer,
        Kind::RefusesIss => Code::LibraryRefusesIss,
        Kind::StateCheck => Code::LibraryStateCheck,
        Kind::ReturnsTheErrorAsToken => Code::LibraryReturnsError,
        Kind::NotPassedOn => Code::RedirectNotPassedOn,
        Kind::HoldsTooLittle => Code::LogHoldsTooLittle,
    }
}

/// The messages of libraries in the latest attempt, oldest first. A row of another version of oauthlens is passed over.
fn said<'t>(facts: &Facts<'t>) -> impl DoubleEndedIterator<Item = Said<'t>> {
    let start = facts.authorization.map_or(0, |(index, ..)| index);
    facts.transcript.entries[start..]
        .iter()
        .filter_map(|entry| match &entry.observation {
            Observation::LibrarySaid { message } => {
                let (library, row) = libraries::row(&message.row)?;
                Some(Said {
                    message,
                    library,
                    row,
                })
            }
            _ => None,
        })
}

/// The message that a finding is made of: the latest, and rather a library's than that of a part of the language.
fn latest<'t>(facts: &Facts<'t>, code: Code) -> Option<Said<'t>> {
    let of_code = || said(facts).filter(|said| code_of(said.row.is) == code).rev();
    of_code()
        .find(|said| !said.library.part_of_the_language)
        .or_else(|| of_code().next())
}

/// Whether what a library said explains more than what else was seen. An answer that names its reason decides; one that says
/// nothing does not, nor does an error that is the library's own word.
pub fn decides(facts: &Facts<'_>, meaning: Option<Code>) -> bool {
    let mut said = said(facts)
        .filter(|said| said.row.is != Kind::HoldsTooLittle)
        .peekable();
    if said.peek().is_none() {
        return false;
    }
    let error = match facts.current() {
        Some(current) if current.exchange.failure.is_some() => return false,
        Some(current) => current.error().map(|error| error.error.as_str()),
        None => facts
            .taken_redirect()
            .and_then(|redirect| redirect.response.error.as_deref()),
    };
    match meaning {
        None
        | Some(
            Code::NotATokenResponse
            | Code::UnknownErrorCode
            | Code::EmptyAnswer
            | Code::AnswerNotShown
            | Code::TokenRequestPasted
            | Code::AuthorizationRequestPasted
            | Code::RedirectPasted,
        ) => true,
        Some(Code::InvalidRequest) => said.any(|said| said.row.is == Kind::RefusesIss),
        Some(_) => said.any(|said| !said.row.word.is_empty() && error == Some(said.row.word.as_str())),
    }
}

/// True where a library did not take the redirect.
pub fn refused_a_redirect(facts: &Facts<'_>) -> bool {
    said(facts).any(|said| matches!(said.row.is, Kind::StateCheck | Kind::RefusesIss))
}

fn look(facts: &Facts<'_>, code: Code) -> Verdict {
    let Some(said) = latest(facts, code) else {
        return Verdict::NotEnough;
    };
    let decides = facts.library_decides;
    let finding = match code {
        Code::LibraryHidesAnswer if !decides => return Verdict::Fine(None),
        Code::LogHoldsTooLittle if decides || facts.current().is_some() => return Verdict::Fine(None),
        Code::LogHoldsTooLittle => return Verdict::Noted(holds_too_little(&said)),
        Code::RedirectNotPassedOn => not_passed_on(&said),
        Code::LibraryHidesAnswer => hides(&said),
        Code::LibraryWord => word(&said),
        Code::LibraryRefusesGoodAnswer => refuses_a_good_answer(&said),
        Code::LibraryRefusesIss => refuses_iss(&said),
        Code::LibraryStateCheck => state_check(&said),
        _ => returns_the_error(&said),
    };
    if decides {
        Verdict::Found(finding)
    } else {
        Verdict::Noted(finding)
    }
}

fn finding(said: &Said<'_>, code: Code, certainty: Certainty) -> Finding {
    Finding::new(code, certainty)
        .show("library", &said.message.library)
        .show("library_says", &said.message.words)
}

/// Shows the line of code that makes the answer visible, or mends the cause.
fn shown_by(finding: Finding, said: &Said<'_>) -> Finding {
    match said.shows() {
        "" => finding,
        line => finding.show("shows_it", line),
    }
}

impl Said<'_> {
    fn shows(&self) -> &'static str {
        if self.row.shows.is_empty() {
            &self.library.shows
        } else {
            &self.row.shows
        }
    }

    fn part(&self, name: &str) -> Option<&str> {
        self.message
            .parts
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The error codes that the message may stand for, those that a quoted beginning excludes left out.
    fn stands_for(&self) -> String {
        let codes: Cow<'_, [String]> = match self.part("beginning").and_then(error_begun) {
            Some(codes) => codes.into(),
            None => self.row.means.as_slice().into(),
        };
        codes.join(", ")
    }
}

/// The codes of GitHub's token endpoint that begin as a form-encoded answer was quoted to begin (`error=bad_`); of none but
/// the web flow, since who runs another one knows it.
fn error_begun(beginning: &str) -> Option<Vec<String>> {
    const CODES: [&str; 4] = [
        "incorrect_client_credentials",
        "redirect_uri_mismatch",
        "bad_verification_code",
        "unverified_user_email",
    ];
    let begun = beginning.trim_end_matches(['.', '…']).strip_prefix("error=")?;
    let found: Vec<String> = CODES
        .iter()
        .filter(|code| code.starts_with(begun))
        .map(|code| (*code).to_owned())
        .collect();
    (!found.is_empty()).then_some(found)
}

fn hides(said: &Said<'_>) -> Finding {
    let mut found = finding(said, Code::LibraryHidesAnswer, Certainty::Likely);
    found = match said
        .part("beginning")
        .filter(|begun| error_begun(begun).is_some())
    {
        Some(begun) => found.show(SERVER_SAYS, begun),
        None => found.show("hidden_answer", said.more_or("without_token")),
    };
    let stands_for = said.stands_for();
    if !stands_for.is_empty() {
        found = found.show("stands_for", stands_for);
    }
    let found = shown_by(found, said).advise(RemedyCode::PrintTheAnswer);
    match said.row.more.as_str() {
        "not_json" | "begins_as_a_refusal" => {
            found.put(RemedyCode::AskForJson, Field::Accept, "application/json")
        }
        _ => found,
    }
    .advise(RemedyCode::ReadErrorFirst)
}

fn word(said: &Said<'_>) -> Finding {
    let mut found = finding(said, Code::LibraryWord, Certainty::Likely);
    if said.row.is == Kind::PassesOn {
        found = found.show(SERVER_SAYS, said.part("sentence").unwrap_or(&said.message.words));
    } else {
        found = found.show("word_for", said.more_or("any_refusal"));
    }
    shown_by(found.show("stands_for", said.stands_for()), said).advise(RemedyCode::PrintTheAnswer)
}

fn refuses_a_good_answer(said: &Said<'_>) -> Finding {
    let mut found = finding(said, Code::LibraryRefusesGoodAnswer, Certainty::Observed)
        .show("good_answer", said.more_or("form_read_as_json"));
    for name in ["scope_requested", "scope_granted", "beginning"] {
        if let Some(value) = said.part(name) {
            found = found.show(name, value);
        }
    }
    let found = shown_by(found, said);
    if said.row.more == "scope_changed" {
        found.advise(RemedyCode::SplitAtCommas).authorize_again()
    } else {
        found
            .put(RemedyCode::AskForJson, Field::Accept, "application/json")
            .authorize_again()
    }
}

fn refuses_iss(said: &Said<'_>) -> Finding {
    let mut found = finding(said, Code::LibraryRefusesIss, Certainty::Observed);
    for name in ["issuer_expected", "issuer_received"] {
        if let Some(value) = said.part(name) {
            found = found.show(name, value);
        }
    }
    shown_by(found, said)
        .advise(RemedyCode::ExpectTheIssuer)
        .advise(RemedyCode::CheckIssuer)
}

fn state_check(said: &Said<'_>) -> Finding {
    let more = said.more_or("differs");
    let found = finding(said, Code::LibraryStateCheck, Certainty::Observed).show("state_check", more);
    match more {
        "not_sent_back" => found
            .advise(RemedyCode::SendState)
            .advise(RemedyCode::PasteAuthorizationRequest),
        "differs" => found
            .advise(RemedyCode::UseOneTab)
            .advise(RemedyCode::KeepTheState),
        _ => found
            .advise(RemedyCode::KeepTheState)
            .advise(RemedyCode::UseOneTab),
    }
    .authorize_again()
}

fn not_passed_on(said: &Said<'_>) -> Finding {
    let more = said.more_or("refused");
    let found = finding(said, Code::RedirectNotPassedOn, Certainty::Observed).show("not_passed_on", more);
    let found = shown_by(found, said);
    match more {
        "refused" => found.advise(RemedyCode::StartTheProgram),
        "header_too_big" => found.advise(RemedyCode::RaiseTheBuffer),
        _ => found.advise(RemedyCode::GiveProgramLog),
    }
    .authorize_again()
}

fn holds_too_little(said: &Said<'_>) -> Finding {
    finding(said, Code::LogHoldsTooLittle, Certainty::Observed)
        .advise(RemedyCode::GiveProgramLog)
        .advise(RemedyCode::WatchTheProgram)
}

fn returns_the_error(said: &Said<'_>) -> Finding {
    let found = finding(said, Code::LibraryReturnsError, Certainty::Likely);
    shown_by(found, said).advise(RemedyCode::ReadErrorFirst)
}

impl Said<'_> {
    fn more_or(&self, otherwise: &'static str) -> &'static str {
        if self.row.more.is_empty() {
            otherwise
        } else {
            &self.row.more
        }
    }
}

/// Two requests with one code from a client that is known to try again by itself: the first answer is the one that counts.
fn repeats(facts: &Facts<'_>) -> Verdict {
    /// A person who tries again takes longer.
    const AT_ONCE: u64 = 3000;
    let Some((last, earlier)) = facts.current().zip(facts.earlier().last()) else {
        return Verdict::NotEnough;
    };
    let (Some(request), Some(before)) = (last.exchange.request, earlier.exchange.request) else {
        return Verdict::NotEnough;
    };
    let Some(user_agent) = request.header("user-agent") else {
        return Verdict::NotEnough;
    };
    let Some(library) = libraries::repeats(user_agent) else {
        return Verdict::NotEnough;
    };
    let between = last.exchange.sent_at.saturating_sub(earlier.exchange.sent_at);
    let code = last.sent.get("code").filter(|code| !code.is_empty());
    let same_client = before.header("user-agent") == Some(user_agent);
    if code.is_none() || code != earlier.sent.get("code") || !same_client || between > AT_ONCE {
        return Verdict::Fine(None);
    }
    let mut found = Finding::observed(Code::LibraryRepeatsRequest)
        .show("library", &library.name)
        .show("user_agent", user_agent)
        .between(facts, earlier.exchange.sent_at, last.exchange.sent_at)
        .show("repeats", library.wire.repeats.as_deref().unwrap_or_default());
    if let Some(error) = earlier.error() {
        found = found.show("first_error", &error.error);
    }
    Verdict::Noted(shown_by_library(found, library).authorize_again())
}

fn shown_by_library(finding: Finding, library: &Library) -> Finding {
    finding
        .show("shows_it", &library.shows)
        .advise(RemedyCode::NameTheAuthenticationMethod)
}

/// The words in the tables that must mean something here: error codes that an answer may hold.
pub fn unknown_meanings() -> Vec<&'static str> {
    let known: BTreeSet<&str> = error_table::known_errors().collect();
    libraries::libraries()
        .flat_map(|library| &library.message)
        .flat_map(|row| &row.means)
        .map(String::as_str)
        .filter(|code| !known.contains(code))
        .collect()
}
