//! A walkthrough as written in its file: read, checked, and refused with the line and the reason.

use serde::Deserialize;
use toml::Spanned;

use crate::{faults::Fault, locale::Language, rehearsal::Stage, simulator::Habits};

/// A text in one language or in several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// The same for every reader.
    One(String),
    /// By language.
    Each {
        /// English.
        en: String,
        /// Simplified Chinese.
        #[serde(rename = "zh-CN")]
        zh_cn: String,
    },
}

impl Text {
    /// The text for a reader.
    pub fn in_language(&self, language: Language) -> &str {
        match (self, language) {
            (Self::One(text), _) | (Self::Each { en: text, .. }, Language::English) => text,
            (Self::Each { zh_cn, .. }, Language::SimplifiedChinese) => zh_cn,
        }
    }
}

/// What the rehearsed app and server are; everything has a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ProviderTable {
    name: Option<String>,
    base_url: Option<String>,
    app_name: Option<String>,
    client_id: Option<String>,
    redirect_uri: Option<String>,
    scopes: Option<Vec<String>>,
    iss: Option<bool>,
    pkce: Option<bool>,
    expiring_tokens: Option<bool>,
}

/// A drawing of the rehearsed flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// The three parties and what they hold.
    Parties,
    /// The messages up to here.
    Sequence,
    /// The last message in full.
    Message,
    /// The parameters of the authorization request, one by one.
    Parameters,
    /// Id and secret, character by character.
    CredentialRuler,
    /// Redirect URIs, part by part.
    RedirectComparison,
    /// The life of the code.
    CodeLife,
    /// The token and what it may do.
    Token,
}

/// The message at which a good flow pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// The authorization request.
    AuthorizationRequest,
    /// The redirect.
    Redirect,
    /// The token request.
    TokenRequest,
    /// Its answer.
    TokenResponse,
    /// The end.
    End,
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The answer.
    pub text: Text,
    /// Why it is right, or why it is not.
    pub why: Text,
    /// Exactly one choice of a question is right.
    #[serde(default)]
    pub right: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepTable {
    title: Spanned<Text>,
    text: Text,
    run: Option<Spanned<String>>,
    until: Option<Until>,
    #[serde(default)]
    show: Vec<Show>,
    question: Option<Spanned<Text>>,
    #[serde(default)]
    choice: Vec<Choice>,
    mend: Option<Spanned<Text>>,
    #[serde(default)]
    own_app: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Spanned<u32>,
    name: Spanned<String>,
    title: Text,
    #[serde(default)]
    provider: ProviderTable,
    #[serde(default)]
    step: Vec<StepTable>,
}

/// A question about a broken flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: Text,
    /// Two to nine answers, one of them right.
    pub choices: Vec<Choice>,
    /// What is said when the flow was mended and runs through.
    pub mend: Option<Text>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its title.
    pub title: Text,
    /// What is told; paragraphs are separated by empty lines.
    pub text: Text,
    /// Which flow is shown: `None` for the good one.
    pub fault: Option<Fault>,
    /// Up to which message.
    pub until: Until,
    /// What is drawn of it, in order.
    pub show: Vec<Show>,
    /// What is asked.
    pub question: Option<Question>,
    /// From here a person goes on with an app of their own.
    pub own_app: bool,
}

/// A walkthrough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Names it in the record of progress.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// The app and server that are rehearsed.
    pub stage: Stage,
    /// Its steps, at least one.
    pub steps: Vec<Step>,
}

/// Why a file is no walkthrough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Not the form that is read: the parser's words.
    Form(String),
    /// A format number that this version does not know.
    Format(u32),
    /// The name is empty or holds something else than letters, digits, `-` and `_`.
    Name(String),
    /// There is no step.
    NoSteps,
    /// `run` names no fault; the nearest name there is.
    UnknownFault(String, String),
    /// A question has that many answers; two to nine are read.
    Choices(usize),
    /// A question has that many right answers; one is needed.
    RightChoices(usize),
    /// Answers stand without a question, or `mend` does.
    WithoutQuestion,
}

/// A file that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The line it is about, counted from 1.
    pub line: usize,
    /// That line, as it stands in the file.
    pub excerpt: String,
    /// Why.
    pub reason: Reason,
}

/// The format that is read.
pub const FORMAT: u32 = 1;

impl Script {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing that is wrong with it, and where.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let refuse = |at: usize, reason| {
            let line = text
                .get(..at.min(text.len()))
                .unwrap_or(text)
                .matches('\n')
                .count()
                + 1;
            let excerpt = text.lines().nth(line - 1).unwrap_or_default().to_owned();
            Refusal {
                line,
                excerpt,
                reason,
            }
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            refuse(at, Reason::Form(error.message().to_owned()))
        })?;
        if *file.format.get_ref() != FORMAT {
            return Err(refuse(
                file.format.span().start,
                Reason::Format(*file.format.get_ref()),
            ));
        }
        let name = file.name.get_ref();
        if name.is_empty()
            || !name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        {
            return Err(refuse(file.name.span().start, Reason::Name(name.clone())));
        }
        if file.step.is_empty() {
            return Err(refuse(0, Reason::NoSteps));
        }
        let mut steps = Vec::with_capacity(file.step.len());
        for step in file.step {
            steps.push(checked(step).map_err(|(at, reason)| refuse(at, reason))?);
        }
        Ok(Self {
            name: name.clone(),
            title: file.title,
            stage: stage(file.provider),
            steps,
        })
    }
}

fn checked(step: StepTable) -> Result<Step, (usize, Reason)> {
    let at = step.title.span().start;
    let fault = match &step.run {
        None => None,
        Some(run) if run.get_ref() == "good" => None,
        Some(run) => Some(Fault::from_name(run.get_ref()).ok_or_else(|| {
            let names = Fault::ALL.iter().map(|fault| fault.name());
            let nearest = crate::settings::nearest(run.get_ref(), names).unwrap_or("good");
            (
                run.span().start,
                Reason::UnknownFault(run.get_ref().clone(), nearest.to_owned()),
            )
        })?),
    };
    let question = match step.question {
        None if !step.choice.is_empty() => return Err((at, Reason::WithoutQuestion)),
        None => match step.mend {
            Some(mend) => return Err((mend.span().start, Reason::WithoutQuestion)),
            None => None,
        },
        Some(question) => {
            let at = question.span().start;
            if !(2..=9).contains(&step.choice.len()) {
                return Err((at, Reason::Choices(step.choice.len())));
            }
            let right = step.choice.iter().filter(|choice| choice.right).count();
            if right != 1 {
                return Err((at, Reason::RightChoices(right)));
            }
            Some(Question {
                text: question.into_inner(),
                choices: step.choice,
                mend: step.mend.map(Spanned::into_inner),
            })
        }
    };
    Ok(Step {
        title: step.title.into_inner(),
        text: step.text,
        fault,
        until: step.until.unwrap_or(Until::End),
        show: step.show,
        question,
        own_app: step.own_app,
    })
}

fn stage(table: ProviderTable) -> Stage {
    let default = Stage::default();
    let habits = Habits::default();
    Stage {
        provider_name: table.name.unwrap_or(default.provider_name),
        base_url: table
            .base_url
            .unwrap_or(default.base_url)
            .trim_end_matches('/')
            .to_owned(),
        app_name: table.app_name.unwrap_or(default.app_name),
        client_id: table.client_id.unwrap_or(default.client_id),
        redirect_uri: table.redirect_uri.unwrap_or(default.redirect_uri),
        scopes: table.scopes.unwrap_or(default.scopes),
        habits: Habits {
            iss: table.iss.unwrap_or(habits.iss),
            pkce: table.pkce.unwrap_or(habits.pkce),
            expiring_tokens: table.expiring_tokens.unwrap_or(habits.expiring_tokens),
            ..habits
        },
        seed: default.seed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "format = 1\nname = \"team\"\ntitle = \"T\"\n";

    #[test]
    fn the_built_in_one_is_read() {
        let script = Script::read(crate::walkthrough::BUILT_IN).unwrap();
        assert!(script.steps.len() >= 10);
        assert!(script.steps.iter().filter(|step| step.question.is_some()).count() >= 3);
        assert!(script.steps.last().unwrap().own_app);
    }

    #[test]
    fn a_bad_file_is_refused_with_its_line_and_the_reason() {
        let step = "[[step]]\ntitle = \"S\"\ntext = \"x\"\n";
        for (rest, line, reason) in [
            (String::new(), 1, Reason::NoSteps),
            (
                format!("{step}run = \"code_reusd\"\n"),
                7,
                Reason::UnknownFault("code_reusd".into(), "code_reused".into()),
            ),
            (format!("{step}question = \"Q\"\n"), 7, Reason::Choices(0)),
            (format!("{step}mend = \"M\"\n"), 7, Reason::WithoutQuestion),
            (
                format!(
                    "{step}question = \"Q\"\n[[step.choice]]\ntext=\"a\"\nwhy=\"b\"\n[[step.choice]]\ntext=\"c\"\nwhy=\"d\"\n"
                ),
                7,
                Reason::RightChoices(0),
            ),
        ] {
            let refusal = Script::read(&format!("{HEAD}{rest}")).unwrap_err();
            assert_eq!((refusal.line, refusal.reason), (line, reason), "{rest}");
        }
        let refusal = Script::read(&format!("{HEAD}{step}shwo = []\n")).unwrap_err();
        assert!(
            matches!(&refusal.reason, Reason::Form(words) if words.contains("shwo")),
            "{refusal:?}"
        );
        assert_eq!((refusal.line, refusal.excerpt.as_str()), (7, "shwo = []"));
        assert_eq!(
            Script::read("format = 2\nname = \"a\"\ntitle = \"\"")
                .unwrap_err()
                .reason,
            Reason::Format(2)
        );
        assert!(Script::read("= =").is_err());
    }

    #[test]
    fn texts_are_in_one_language_or_in_each() {
        let each: Text =
            toml::from_str::<std::collections::BTreeMap<String, Text>>("t = { en = \"a\", zh-CN = \"b\" }")
                .unwrap()
                .remove("t")
                .unwrap();
        assert_eq!(each.in_language(Language::SimplifiedChinese), "b");
        assert_eq!(
            Text::One("a".into()).in_language(Language::SimplifiedChinese),
            "a"
        );
    }
}
