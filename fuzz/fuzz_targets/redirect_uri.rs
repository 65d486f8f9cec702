//! Redirect URIs: taken apart and put together, and held against each other with the wildcard on and off.
//!
//! The input is lines: what was sent, then up to two registered URIs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oauthlens::oauth::{
    redirect_matching::{Registered, closest, compare, matches, nearest_match},
    redirect_uri::RedirectUri,
};

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let sent = lines.next().unwrap_or_default();
    let uris: Vec<&str> = lines.take(2).collect();
    for uri in uris.iter().copied().chain([sent]) {
        if let Ok(parsed) = RedirectUri::parse(uri) {
            assert_eq!(RedirectUri::parse(&parsed.to_string()), Ok(parsed), "{uri:?}");
        }
    }
    for wildcard in [false, true] {
        let registered: Vec<Registered> = uris
            .iter()
            .map(|uri| Registered {
                uri: (*uri).to_owned(),
                wildcard,
            })
            .collect();
        for one in &registered {
            assert!(matches(one, &one.uri), "{one:?} does not match itself");
            if matches(one, sent) && !wildcard {
                let to_itself = Registered {
                    wildcard: true,
                    ..one.clone()
                };
                assert!(
                    matches(&to_itself, sent),
                    "{sent:?} stops matching {one:?} by the wildcard"
                );
            }
            match (RedirectUri::parse(&one.uri), RedirectUri::parse(sent)) {
                (Ok(base), Ok(uri)) => {
                    let differs = compare(&base, wildcard, &uri)
                        .iter()
                        .any(|(_, verdict)| !verdict.is_match());
                    assert_ne!(
                        matches(one, sent),
                        differs,
                        "{sent:?} against {one:?}: the components say something else than the whole"
                    );
                }
                _ => assert_eq!(matches(one, sent), one.uri == sent),
            }
        }
        assert_eq!(closest(&registered, sent).is_some(), !registered.is_empty());
        let nearest = nearest_match(&registered, sent);
        assert_eq!(nearest.is_some(), !registered.is_empty());
        if let Some(nearest) = nearest {
            assert!(
                registered.iter().any(|one| matches(one, &nearest)),
                "{nearest:?}, nearest to {sent:?}, matches none of {registered:?}"
            );
        }
    }
});
