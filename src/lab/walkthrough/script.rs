//! A walkthrough as written in its file: read, checked, and refused with the line and the reason.

use toml::de::DeTable;

use crate::{
    lab::{
        dry_run::Stage,
        faults::{Expected, Fault},
        walkthrough::{
            NAME,
            error::{Mistake, Reason, Refusal},
            provider,
            toml_table::{Located, Place, Table, meaning},
        },
    },
    text::catalog::Language,
    text::nearest::nearest,
};

/// A text in one language or in several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The same for every reader.
    One(String),
    /// By language.
    Each {
        /// English.
        en: String,
        /// Simplified Chinese; where there is none, its readers get the English one.
        zh_cn: Option<String>,
    },
}

impl Text {
    /// The text for a reader.
    pub fn in_language(&self, language: Language) -> &str {
        match (self, language) {
            (
                Self::Each {
                    zh_cn: Some(zh_cn), ..
                },
                Language::SimplifiedChinese,
            ) => zh_cn,
            (Self::One(text) | Self::Each { en: text, .. }, _) => text,
        }
    }
}

/// A drawing of the rehearsed flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// The three parties and what they hold.
    Parties,
    /// The messages up to here.
    Sequence,
    /// What the last message says, name by name.
    Values,
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

impl Show {
    /// All of them with the words that a file has for them.
    pub const WORDS: [(&str, Self); 9] = [
        ("parties", Self::Parties),
        ("sequence", Self::Sequence),
        ("values", Self::Values),
        ("message", Self::Message),
        ("parameters", Self::Parameters),
        ("credential_ruler", Self::CredentialRuler),
        ("redirect_comparison", Self::RedirectComparison),
        ("code_life", Self::CodeLife),
        ("token", Self::Token),
    ];

    /// True when the flow with this fault, or the good one up to there, comes to what is to be drawn.
    pub fn is_reached(self, fault: Option<Fault>, until: Until) -> bool {
        match (self, fault.map(Fault::expected)) {
            (Self::Token, None) => until >= Until::TokenResponse,
            (Self::Token, Some(expected)) => expected == Expected::Token,
            (Self::CodeLife, None) => until >= Until::Redirect,
            (Self::CodeLife, Some(expected)) => matches!(
                expected,
                Expected::TokenError(_)
                    | Expected::NotATokenResponse
                    | Expected::Failure(_)
                    | Expected::Token
            ),
            _ => true,
        }
    }
}

/// The message at which a good flow pauses, in the order of the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

impl Until {
    const WORDS: [(&str, Self); 5] = [
        ("authorization_request", Self::AuthorizationRequest),
        ("redirect", Self::Redirect),
        ("token_request", Self::TokenRequest),
        ("token_response", Self::TokenResponse),
        ("end", Self::End),
    ];
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The answer.
    pub text: Text,
    /// Why it is right, or why it is not.
    pub why: Text,
    /// Exactly one choice of a question is right.
    pub right: bool,
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

/// The format that is read.
pub const FORMAT: u32 = 1;

/// The fewest and the most answers of a question: each is chosen by a digit.
const CHOICES: std::ops::RangeInclusive<usize> = 2..=9;

impl Script {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing that is wrong with it, and where.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        read(text, false).map_err(|mistake| mistake.in_text(text))
    }

    /// Reads the file of a team, which may not take the name of the built-in one.
    ///
    /// # Errors
    /// The first thing that is wrong with it, and where.
    pub fn of_a_team(bytes: &[u8]) -> Result<Self, Refusal> {
        match std::str::from_utf8(bytes) {
            Ok(text) => read(text, true).map_err(|mistake| mistake.in_text(text)),
            Err(error) => {
                let mistake = Mistake::new(error.valid_up_to(), Reason::NotUtf8);
                Err(mistake.in_text(&String::from_utf8_lossy(bytes)))
            }
        }
    }

    /// Ends it with a step that says so, unless it leads to a person's own app.
    pub fn close(&mut self, title: &str, text: &str) {
        if self.steps.last().is_some_and(|last| last.own_app) {
            return;
        }
        self.steps.push(Step {
            title: Text::One(title.into()),
            text: Text::One(text.into()),
            fault: None,
            until: Until::End,
            show: Vec::new(),
            question: None,
            own_app: false,
        });
    }
}

fn read(text: &str, of_a_team: bool) -> Result<Script, Mistake> {
    let document = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        stray_choice(text).unwrap_or_else(|| Mistake::new(at, Reason::NotToml).with("value", error.message()))
    })?;
    let file = Table::new(document.get_ref(), 0, Place::File);
    let format = file.needs("format", file.number("format")?)?;
    if format.value != FORMAT {
        return Err(Mistake::new(format.at, Reason::Format)
            .with("value", format.value.to_string())
            .with("expected", FORMAT.to_string()));
    }
    file.knows_only(&["format", "name", "title", "provider", "step"])?;
    let name = name(&file, of_a_team)?;
    let title = file.needs("title", file.text("title")?)?.value;
    let stage = provider::stage(file.table("provider")?.as_ref())?;
    let tables = file
        .tables("step", "step", Place::Step)
        .map_err(|mistake| stray_choice(text).unwrap_or(mistake))?;
    if tables.is_empty() {
        return Err(Mistake::new(text.len(), Reason::NoSteps));
    }
    let mut steps = Vec::with_capacity(tables.len());
    for (index, table) in tables.iter().enumerate() {
        let step = step(table, index + 1)?;
        if step.own_app && index + 1 < tables.len() {
            let at = table.key_at("own_app").unwrap_or(table.at);
            return Err(Mistake::new(at, Reason::OwnAppNotLast));
        }
        steps.push(step);
    }
    Ok(Script {
        name,
        title,
        stage,
        steps,
    })
}

/// A `[[step.choice]]` before the first `[[step]]`: to TOML it makes of `step` something else than a list.
fn stray_choice(text: &str) -> Option<Mistake> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let header: String = line
            .split('#')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        match header.as_str() {
            "[[step]]" => return None,
            "[[step.choice]]" | "[step.choice]" => return Some(Mistake::new(at, Reason::ChoiceBeforeStep)),
            _ => at += line.len(),
        }
    }
    None
}

fn name(file: &Table<'_>, of_a_team: bool) -> Result<String, Mistake> {
    let name = file.needs("name", file.word("name")?)?;
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if name.value.is_empty() || !name.value.bytes().all(good) {
        return Err(Mistake::new(name.at, Reason::Name).with("value", name.value));
    }
    if of_a_team && name.value == NAME {
        return Err(Mistake::new(name.at, Reason::NameTaken).with("value", name.value));
    }
    Ok(name.value)
}

fn step(table: &Table<'_>, number: usize) -> Result<Step, Mistake> {
    table.knows_only(&[
        "title", "text", "run", "until", "show", "question", "choice", "mend", "own_app",
    ])?;
    let title = table.needs("title", table.text("title")?)?.value;
    let text = table.needs("text", table.text("text")?)?.value;
    let run = table.word("run")?;
    let fault = run.as_ref().map(fault_named).transpose()?.flatten();
    let until = until(table, run.as_ref(), fault)?;
    Ok(Step {
        title,
        text,
        fault,
        until,
        show: show(table, run.as_ref(), fault, until)?,
        question: question(table, fault, number)?,
        own_app: table.switch("own_app")?.unwrap_or(false),
    })
}

fn fault_named(run: &Located<String>) -> Result<Option<Fault>, Mistake> {
    if run.value == "good" {
        return Ok(None);
    }
    Fault::from_name(&run.value).map(Some).ok_or_else(|| {
        let names = Fault::ALL.iter().map(|fault| fault.name());
        Mistake::new(run.at, Reason::UnknownFault)
            .with("value", &run.value)
            .with("expected", nearest(&run.value, names).unwrap_or("good"))
    })
}

fn until(table: &Table<'_>, run: Option<&Located<String>>, fault: Option<Fault>) -> Result<Until, Mistake> {
    let Some(until) = table.one_of("until", &Until::WORDS)? else {
        return Ok(Until::End);
    };
    match (run, fault) {
        (None, _) => Err(Mistake::new(until.at, Reason::UntilWithoutRun)),
        (Some(run), Some(_)) => Err(Mistake::new(until.at, Reason::UntilBesideFault).with("run", &run.value)),
        (Some(_), None) => Ok(until.value),
    }
}

fn show(
    table: &Table<'_>,
    run: Option<&Located<String>>,
    fault: Option<Fault>,
    until: Until,
) -> Result<Vec<Show>, Mistake> {
    let mut shown = Vec::new();
    for word in table.words("show")?.unwrap_or_default() {
        let show = meaning("show", &word, &Show::WORDS)?;
        match run {
            _ if show.value == Show::Parties => {}
            None => return Err(Mistake::new(show.at, Reason::ShowWithoutRun).with("value", &word.value)),
            Some(run) if !show.value.is_reached(fault, until) => {
                return Err(Mistake::new(show.at, Reason::ShowImpossible)
                    .with("value", &word.value)
                    .with("run", &run.value));
            }
            Some(_) => {}
        }
        shown.push(show.value);
    }
    Ok(shown)
}

fn question(table: &Table<'_>, fault: Option<Fault>, step: usize) -> Result<Option<Question>, Mistake> {
    let choices = table.tables("choice", "step.choice", |number| Place::Choice(step, number))?;
    let mend = table.text("mend")?;
    let Some(question) = table.text("question")? else {
        return match (choices.first(), mend) {
            (Some(choice), _) => Err(Mistake::new(choice.at, Reason::ChoiceWithoutQuestion)),
            (None, Some(mend)) => Err(Mistake::new(mend.at, Reason::MendWithoutQuestion)),
            (None, None) => Ok(None),
        };
    };
    let count = choices.len();
    if count < *CHOICES.start() {
        return Err(Mistake::new(question.at, Reason::TooFewChoices).with("value", count.to_string()));
    }
    if let Some(first_too_many) = choices.get(*CHOICES.end()) {
        return Err(Mistake::new(first_too_many.at, Reason::TooManyChoices).with("value", count.to_string()));
    }
    let choices = choices.iter().map(choice).collect::<Result<Vec<_>, _>>()?;
    let right = choices.iter().filter(|choice| choice.right).count();
    if right != 1 {
        return Err(Mistake::new(question.at, Reason::RightChoices).with("value", right.to_string()));
    }
    match (&mend, fault) {
        (None, Some(_)) => return Err(Mistake::new(question.at, Reason::MendMissing)),
        (Some(mend), None) => return Err(Mistake::new(mend.at, Reason::MendOfGood)),
        _ => {}
    }
    Ok(Some(Question {
        text: question.value,
        choices,
        mend: mend.map(|mend| mend.value),
    }))
}

fn choice(table: &Table<'_>) -> Result<Choice, Mistake> {
    table.knows_only(&["text", "why", "right"])?;
    Ok(Choice {
        text: table.needs("text", table.text("text")?)?.value,
        why: table.needs("why", table.text("why")?)?.value,
        right: table.switch("right")?.unwrap_or(false),
    })
}

#[cfg(test)]
mod tests {
    use crate::lab::walkthrough::script::*;

    #[test]
    fn the_built_in_one_is_read_and_speaks_both_languages() {
        let text = crate::lab::walkthrough::BUILT_IN;
        let script = Script::read(text).unwrap();
        assert!(script.steps.len() >= 10);
        assert!(script.steps.iter().filter(|step| step.question.is_some()).count() >= 3);
        assert!(script.steps.last().unwrap().own_app);
        let both = |text: &Text| matches!(text, Text::Each { zh_cn: Some(_), .. });
        for step in &script.steps {
            assert!(both(&step.title) && both(&step.text), "{:?}", step.title);
            if let Some(question) = &step.question {
                assert!(both(&question.text) && question.mend.as_ref().is_none_or(both));
                assert!(question.choices.iter().all(|c| both(&c.text) && both(&c.why)));
            }
        }
        assert_eq!(
            Script::of_a_team(text.as_bytes()).unwrap_err().reason,
            Reason::NameTaken
        );
    }

    #[test]
    fn texts_are_in_one_language_or_in_each() {
        let text = "format = 1\nname = \"t\"\ntitle = { en = \"a\", zh-CN = \"b\" }\n[[step]]\ntitle.en = \"c\"\ntext = \"d\"";
        let script = Script::read(text).unwrap();
        assert_eq!(script.title.in_language(Language::SimplifiedChinese), "b");
        assert_eq!(script.title.in_language(Language::English), "a");
        let step = &script.steps[0];
        assert_eq!(step.title.in_language(Language::SimplifiedChinese), "c");
        assert_eq!(step.text.in_language(Language::SimplifiedChinese), "d");
    }

    #[test]
    fn a_script_is_closed_unless_it_leads_to_an_own_app() {
        let text = "format=1\nname=\"t\"\ntitle=\"T\"\n[[step]]\ntitle=\"a\"\ntext=\"b\"\n";
        let mut script = Script::read(text).unwrap();
        script.close("end", "over");
        assert_eq!(script.steps.len(), 2);
        let mut script = Script::read(&format!("{text}own_app = true\n")).unwrap();
        script.close("end", "over");
        assert_eq!(script.steps.len(), 1);
    }
}
