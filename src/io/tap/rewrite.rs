//! What the tap changes in a message: hosts, and the fields that belong to a single connection.

use hyper::{
    HeaderMap, Request, Uri,
    header::{CONNECTION, HOST, HeaderName, HeaderValue, ORIGIN, REFERER, TE, TRANSFER_ENCODING, UPGRADE},
    http::uri::InvalidUri,
};

/// Addresses a request to `url`. Where it came to the tap's `own` address, `Origin` and `Referer` that
/// name the tap name the provider's `origin` then.
pub(super) fn request<B>(
    request: &mut Request<B>,
    url: &str,
    origin: &str,
    own: Option<&str>,
) -> Result<(), InvalidUri> {
    let uri: Uri = url.parse()?;
    let authority = uri
        .authority()
        .map_or("", |authority| authority.as_str())
        .to_owned();
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    if let Ok(host) = HeaderValue::from_str(&authority) {
        headers.insert(HOST, host);
    }
    for name in [ORIGIN, REFERER] {
        if let Some(own) = own
            && let Some(value) = headers.get(&name).and_then(|value| value.to_str().ok())
            && let Some(rest) = value.strip_prefix(own)
            && (rest.is_empty() || rest.starts_with('/'))
            && let Ok(value) = HeaderValue::from_str(&format!("{origin}{rest}"))
        {
            headers.insert(name, value);
        }
    }
    if !upgrade(headers) {
        hop_by_hop(headers);
    }
    Ok(())
}

/// True for a request or an answer that changes the protocol of its connection.
pub(super) fn upgrade(headers: &HeaderMap) -> bool {
    headers.contains_key(UPGRADE)
        && headers.get_all(CONNECTION).iter().any(|value| {
            value.to_str().is_ok_and(|text| {
                text.split(',')
                    .any(|word| word.trim().eq_ignore_ascii_case("upgrade"))
            })
        })
}

/// Takes out what speaks of a single connection (RFC 9110 §7.6.1).
pub(super) fn hop_by_hop(headers: &mut HeaderMap) {
    if headers.contains_key(CONNECTION) {
        let named: Vec<HeaderName> = headers
            .get_all(CONNECTION)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.split(','))
            .filter_map(|word| word.trim().parse().ok())
            .collect();
        for name in named {
            headers.remove(name);
        }
    }
    for name in [CONNECTION, UPGRADE, TE, TRANSFER_ENCODING] {
        headers.remove(name);
    }
    for name in ["keep-alive", "proxy-connection", "proxy-authorization"] {
        headers.remove(name);
    }
}
