//! The table `[provider]`: whose flows a walkthrough rehearses.

use crate::{
    lab::{
        dry_run::Stage,
        walkthrough::{
            error::{Mistake, Reason},
            toml_table::Table,
        },
    },
    oauth::redirect_uri::RedirectUri,
    simulator::{Dialect, Habits},
};

const KEYS: [&str; 12] = [
    "name",
    "base_url",
    "authorization_endpoint",
    "token_endpoint",
    "redirect_uri",
    "scopes",
    "answers",
    "app_name",
    "client_id",
    "iss",
    "pkce",
    "expiring_tokens",
];

/// Reads it; without it, or where it says nothing, the server is the default.
pub(crate) fn stage(table: Option<&Table<'_>>) -> Result<Stage, Mistake> {
    let Some(table) = table else {
        return Ok(Stage::default());
    };
    table.knows_only(&KEYS)?;
    let dialect = table
        .one_of("answers", &Dialect::NAMED)?
        .map(|answers| answers.value)
        .unwrap_or_default();
    let url = |key| match table.word(key)? {
        Some(url) if is_http(&url.value) => Ok(Some(url.value)),
        Some(url) => Err(not_absolute(url.at, key, &url.value)),
        None => Ok(None),
    };
    let mut stage = match url("base_url")? {
        Some(base_url) => Stage::at(&base_url, dialect),
        None => Stage::of(dialect),
    };
    let word = |key| Ok::<_, Mistake>(table.word(key)?.map(|word| word.value));
    let put = |place: &mut String, value: Option<String>| {
        if let Some(value) = value {
            *place = value;
        }
    };
    put(&mut stage.provider_name, word("name")?);
    put(&mut stage.app_name, word("app_name")?);
    put(&mut stage.client_id, word("client_id")?);
    put(&mut stage.authorization_endpoint, url("authorization_endpoint")?);
    put(&mut stage.token_endpoint, url("token_endpoint")?);
    if let Some(uri) = table.word("redirect_uri")? {
        if RedirectUri::parse(&uri.value).is_err() {
            return Err(not_absolute(uri.at, "redirect_uri", &uri.value));
        }
        stage.redirect_uri = uri.value;
    }
    if let Some(scopes) = table.words("scopes")? {
        stage.scopes = scopes.into_iter().map(|scope| scope.value).collect();
    }
    let habits = stage.habits;
    stage.habits = Habits {
        iss: table.switch("iss")?.unwrap_or(habits.iss),
        pkce: table.switch("pkce")?.unwrap_or(habits.pkce),
        expiring_tokens: table.switch("expiring_tokens")?.unwrap_or(habits.expiring_tokens),
        ..habits
    };
    Ok(stage)
}

fn is_http(url: &str) -> bool {
    RedirectUri::parse(url).is_ok_and(|uri| uri.is_scheme("https") || uri.is_scheme("http"))
}

fn not_absolute(at: usize, key: &'static str, value: &str) -> Mistake {
    Mistake::new(at, Reason::NotAbsolute)
        .with("key", key)
        .with("value", value)
}
