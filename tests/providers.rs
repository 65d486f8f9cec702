//! The page about providers is written from their profiles.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use oauthlens::providers::{
    ProviderProfile,
    profile::{Grade, RedirectPolicy},
    profiles,
    server_table::CodeAfter,
};

/// `docs/providers.md` is written from the profiles: `WRITE_DOCS=1 cargo test --test providers`.
#[test]
fn the_page_about_providers_is_that_of_the_profiles() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/providers.md");
    let page = page();
    if std::env::var_os("WRITE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "docs/providers.md is not up to date: WRITE_DOCS=1 cargo test --test providers"
    );
}

#[test]
fn the_help_names_every_provider() {
    for language in ["en", "zh-CN"] {
        let place =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/locales/{language}/help.toml"));
        let help = std::fs::read_to_string(place).unwrap();
        let line = help.lines().find(|line| line.starts_with("provider = ")).unwrap();
        let words: Vec<&str> = line.split([' ', ',', '、', '"', '：']).collect();
        for profile in profiles() {
            assert!(words.contains(&profile.id), "{language}: {}", profile.id);
        }
    }
}

const HEAD: &str = "\
# Providers

Written from the profiles in [src/providers](../src/providers) and
[assets/providers/profiles.toml](../assets/providers/profiles.toml); a test holds them together. What no cell says is unknown:
then oauthlens concludes nothing from it.

*Run*: the server was run beside oauthlens. *Discovery*: its discovery document says so. *Documentation*: its own pages do.
*Source*: client libraries use it. *Inferred*: concluded from something else.

## What is known, and how
";

const GRANTS: &str = "
## Grants

| grant | verified how |
|---|---|
| authorization code | simulated for `github` and for servers that keep to RFC 6749; run against the servers above that are marked so; from documents for the others |
";

fn grade(profile: &ProviderProfile) -> &'static str {
    match profile.known.grade {
        Grade::Run => "run",
        Grade::Discovery => "discovery",
        Grade::Documentation => "documentation",
        Grade::Source => "source",
        Grade::Inferred => "inferred",
    }
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    page += "\n| `--provider` | server | host | authentication | redirect URI | endpoints known by | seen | where |\n|---|---|---|---|---|---|---|---|\n";
    for profile in profiles().filter(|profile| !profile.name.is_empty()) {
        let host = match (profile.host, profile.is_neutral(), profile.self_hosted) {
            (_, true, _) => "your endpoints".to_owned(),
            (None, ..) => "yours".to_owned(),
            (Some(host), _, true) => format!("{host}, or yours"),
            (Some(host), ..) => host.to_owned(),
        };
        let authentication: Vec<&str> = profile.authentication.iter().map(|a| a.name()).collect();
        let redirect = match profile.redirect {
            RedirectPolicy::Exact => "as it stands",
            RedirectPolicy::Wildcard => "sub-domains and sub-paths by a switch",
        };
        writeln!(
            page,
            "| `{}` | {} | {host} | {} | {redirect} | {} | {} | {} |",
            profile.id,
            profile.name,
            authentication.join(", "),
            grade(profile),
            profile.known.date,
            profile.known.from
        )
        .unwrap();
    }
    page += "\n## What a refusal does to the code\n\nAt every other server it may be spent. *kept*: the same code, corrected, got a token.\n\n| `--provider` | wrong credentials | another redirect URI | wrong verifier |\n|---|---|---|---|\n";
    for profile in profiles().filter(|profile| !profile.code_after.is_empty()) {
        let after: BTreeMap<String, &str> = profile
            .code_after
            .iter()
            .map(|(code, after)| {
                let word = match after {
                    CodeAfter::Kept => "kept",
                    CodeAfter::MayBeSpent => "may be spent",
                    CodeAfter::Spent => "spent",
                };
                (code.name().to_owned(), word)
            })
            .collect();
        let word = |name: &str| after.get(name).copied().unwrap_or("");
        writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            profile.id,
            word("credentials_refused"),
            word("redirect_uri_refused"),
            word("pkce_refused")
        )
        .unwrap();
    }
    page += "\n## Peculiarities\n\n";
    for profile in profiles().filter(|profile| !profile.known.note.is_empty()) {
        writeln!(page, "* **{}**: {}", profile.name, profile.known.note).unwrap();
    }
    page += "\n## Scopes\n\nThose that are worth knowing; a provider may have more.\n\n| scope | at | what it gives |\n|---|---|---|\n";
    let mut scopes: BTreeMap<&str, (Vec<&str>, &str)> = BTreeMap::new();
    for profile in profiles() {
        for scope in profile.named_scopes {
            scopes
                .entry(scope.name)
                .or_insert((Vec::new(), scope.en))
                .0
                .push(profile.id);
        }
    }
    for (name, (at, sentence)) in scopes {
        writeln!(page, "| `{name}` | {} | {sentence} |", at.join(", ")).unwrap();
    }
    page + GRANTS
}
