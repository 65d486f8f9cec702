//! What can be done about a result, each with its key and what it would change.

use crate::{
    diagnosis::finding::Action as Mend,
    flow::configuration::Field,
    oauth::secret::{MASK, mask},
    providers::{github::formats, server_table::CodeAfter},
    render::{
        explanation::NumberedRemedy,
        text::{
            layout,
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, template::filled},
    ui::{
        keys::Action,
        message::Message,
        model::Model,
        update::remedies::{edits_token_request, uses_code_in_hand},
        view::body::{Body, Hit},
    },
};

/// What each remedy would change, from the values as they are now.
pub(super) struct Changes<'m> {
    pub(super) model: &'m Model,
    pub(super) messages: &'m Messages,
    /// How the code in hand stands.
    pub(super) code: Option<CodeAfter>,
}

impl Changes<'_> {
    /// The field, its value before and after, and what is sent then; for a field that is opened, where. `None` for what
    /// changes no value.
    pub(super) fn of(&self, action: &Mend) -> Option<String> {
        let words = &self.messages.screens().result;
        let is_good = self.code == Some(CodeAfter::Kept);
        let (field, after, same_code) = match action {
            Mend::Use(field, value) => (
                *field,
                shown(*field, value.reveal()),
                uses_code_in_hand(self.model, *field, value, is_good),
            ),
            Mend::OmitRedirectUri => (Field::RedirectUri, words.left_out.clone(), is_good),
            // Its line is on this screen.
            Mend::Edit(Field::RegisteredRedirectUri) => return None,
            Mend::Edit(field) if edits_token_request(self.model, *field, is_good) => {
                return Some(words.edits_exchange.clone());
            }
            Mend::Edit(_) => return Some(words.edits_configure.clone()),
            _ => return None,
        };
        let before = self
            .before(field)
            .map_or_else(|| words.nothing.clone(), |value| shown(field, &value));
        let then = match (field, same_code) {
            (Field::Code, true) => &words.then_send,
            (_, true) => &words.then_exchange,
            (_, false) => &words.then_authorize,
        };
        Some(filled(
            &words.changes,
            &[
                ("field", self.messages.opening().field[&field].label),
                ("before", &before),
                ("after", &after),
                ("then", then),
            ],
        ))
    }

    /// The value that was sent last, or else the one that would be.
    fn before(&self, field: Field) -> Option<String> {
        let form = &self.model.exchange_form;
        if field == Field::ClientAuthentication {
            return Some(form.authentication.name().to_owned());
        }
        let parameter = form.parameters.iter().find(|parameter| parameter.field == field);
        let value = match parameter {
            Some(parameter) => parameter.sent.then(|| parameter.text.text())?,
            None => self.model.form.text(field),
        };
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// True when it has to be said why a new authorization follows.
    fn may_need_a_new_code(&self, offers: &[NumberedRemedy]) -> bool {
        let sends = |offer: &NumberedRemedy| {
            matches!(
                offer.remedy.action,
                Some(Mend::Use(..) | Mend::Edit(_) | Mend::OmitRedirectUri)
            )
        };
        self.code == Some(CodeAfter::MayBeSpent) && offers.iter().any(sends)
    }
}

/// A value in a few cells: of a secret no more than its mask leaves open.
fn shown(field: Field, value: &str) -> String {
    if !field.is_secret() && !formats::may_be_secret(value) {
        return clean(value);
    }
    let masked = mask(value);
    let hidden = masked.matches(MASK).count();
    clean(&masked.replace(&MASK.to_string().repeat(hidden), "…"))
}

/// Of which remedies it is said what they would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Of all.
    All,
    /// Of the first, which Enter does.
    First,
    /// Of none.
    Nothing,
}

/// The remedies with their keys. Returns how many lines the body has behind the last that a key does.
pub(super) fn remedies(
    body: &mut Body,
    offers: &[NumberedRemedy],
    changes: &Changes<'_>,
    told: Told,
    width: usize,
) -> usize {
    let mut with_keys = body.lines.len();
    for (number, offer) in offers.iter().enumerate() {
        let first = body.lines.len();
        // From a replay nothing is sent, but a page can be opened.
        let does =
            |action: &&Mend| !changes.model.replay || matches!(action, Mend::OpenPage(_) | Mend::Register(_));
        let action = offer.remedy.action.as_ref().filter(does);
        let key = action.and_then(|_| Action::REMEDIES.get(number));
        let label = match key {
            Some(_) => Line::new(format!("[{}]", number + 1), Tone::Accent),
            None => Line::new(" · ", Tone::Dim),
        };
        body.extend(layout::hanging(label, &offer.sentence, Tone::Plain, 4, width));
        let is_told = told == Told::All || (told == Told::First && number == 0);
        if let Some(change) = action.and_then(|action| changes.of(action)).filter(|_| is_told) {
            body.extend(layout::hanging(Line::default(), &change, Tone::Dim, 4, width));
        }
        if let Some(key) = key {
            for line in first..body.lines.len() {
                body.hits.push(Hit {
                    line,
                    from: 0,
                    to: width,
                    message: Message::Do(*key),
                });
            }
        }
        if offer.remedy.action.is_some() {
            with_keys = body.lines.len();
        }
    }
    if changes.may_need_a_new_code(offers) && !changes.model.replay {
        let words = &changes.messages.screens().result;
        body.text(&words.may_be_spent, Tone::Dim, width);
    }
    with_keys
}
