//! Which names a secret goes by, however they are written.

/// Names whose values are secret wherever they stand: query, form, JSON member, XML element, header field. Written without
/// what [`is_secret_name`] leaves out of account.
///
/// Authorization codes are not among them: a code is single use, bound to the client and worth nothing without the
/// secret or the verifier, and comparing its characters is what this program is for.
const NAMES: [&str; 32] = [
    "accesskey",
    "accesstoken",
    "apikey",
    "apisecret",
    "apitoken",
    "appsecret",
    "authtoken",
    "bearertoken",
    "clientassertion",
    "clientsecret",
    "codeverifier",
    "consumersecret",
    "devicecode",
    "githubtoken",
    "idtoken",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "proxyauthorization",
    "refreshtoken",
    "registrationaccesstoken",
    "secret",
    "secretkey",
    "sessiontoken",
    "subjecttoken",
    "token",
    "xaccesstoken",
    "xapikey",
    "xauthtoken",
    "xgitlabtoken",
    "xvaulttoken",
];

/// The longest of the names, each of its characters percent-encoded twice and a separator behind each: what is longer is none.
pub(super) const LONGEST_NAME: usize = 128;

/// True for the name of a secret: `client_secret`, `clientSecret`, `CLIENT-SECRET`, `client%5Fsecret`, `client_secret `.
pub fn is_secret_name(name: &str) -> bool {
    if name.len() > LONGEST_NAME {
        return false;
    }
    let mut bytes = name.as_bytes();
    let decoded;
    // Twice, since a form may stand in a parameter of another.
    if name.contains(['%', '+', '\\']) {
        decoded = percent_decoded(&percent_decoded(bytes));
        bytes = &decoded;
    }
    let mut plain = [0_u8; 24];
    let mut length = 0;
    for byte in bytes {
        match byte {
            b'_' | b'-' | b'.' | b'\\' => {}
            byte if byte.is_ascii_whitespace() => {}
            byte if length < plain.len() => {
                plain[length] = byte.to_ascii_lowercase();
                length += 1;
            }
            _ => return false,
        }
    }
    NAMES
        .binary_search_by(|known| known.as_bytes().cmp(&plain[..length]))
        .is_ok()
}

fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, behind @ ..] = rest {
        rest = behind;
        match (first, rest) {
            (b'%', [a, b, behind @ ..]) if digit(*a).is_some() && digit(*b).is_some() => {
                let value = digit(*a).unwrap_or(0) * 16 + digit(*b).unwrap_or(0);
                out.push(u8::try_from(value).unwrap_or(b'?'));
                rest = behind;
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(*first),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::flow::secret_names::*;

    #[test]
    fn a_name_is_known_however_it_is_written() {
        assert!(NAMES.is_sorted(), "they are searched by halves");
        for name in [
            "client_secret",
            "clientSecret",
            "CLIENT-SECRET",
            "client%5Fsecret",
            "client%255fsecret",
            "%63lient_secret",
            "client_secret ",
            "client_secret+",
            "Access_Token",
            "token",
            "X-Api-Key",
            "Proxy-Authorization",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "",
            "code",
            "state",
            "my_password",
            "token_type",
            "client_id",
            "secrets",
            &"%5F".repeat(99),
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
