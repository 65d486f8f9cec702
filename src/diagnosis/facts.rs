//! The questions that checks and pictures ask of a transcript, answered in one pass.

use crate::{
    flow::{
        configuration::Configuration,
        transcript::{Channel, Disposition, Exchange, Observation, Purpose, Transcript},
    },
    oauth::{
        authorization::{AuthorizationRequest, AuthorizationResponse},
        http::HttpRequest,
        params::Params,
        token::{ErrorResponse, Reading, TokenAnswer, TokenResponse, read_answer, request_params},
    },
};

/// A redirect as it was observed.
#[derive(Clone, Debug)]
pub struct Redirect<'t> {
    /// Index of its entry.
    pub entry: usize,
    /// When it came: milliseconds since the transcript started.
    pub at: u64,
    /// How it came.
    pub channel: Channel,
    /// The request.
    pub request: &'t HttpRequest,
    /// What became of it.
    pub disposition: Disposition,
    /// What it brought.
    pub response: AuthorizationResponse,
}

/// A token request and its answer, read.
#[derive(Clone, Debug)]
pub struct TokenExchange<'t> {
    /// The exchange.
    pub exchange: Exchange<'t>,
    /// The parameters that were sent, whichever way; empty for a pasted answer.
    pub sent: Params,
    /// The answer, read; `None` while there is none.
    pub reading: Option<Reading>,
}

impl TokenExchange<'_> {
    /// The refusal, if it is one.
    pub fn error(&self) -> Option<&ErrorResponse> {
        match &self.reading.as_ref()?.answer {
            TokenAnswer::Error(error) => Some(error),
            _ => None,
        }
    }

    /// The token, if it is one.
    pub fn token(&self) -> Option<&TokenResponse> {
        match &self.reading.as_ref()?.answer {
            TokenAnswer::Token(token) => Some(token),
            _ => None,
        }
    }
}

/// The facts about the latest authorization and the latest token exchange of a transcript, beside all that came before.
#[derive(Clone, Debug)]
pub struct Facts<'t> {
    /// The transcript itself.
    pub transcript: &'t Transcript,
    /// The latest authorization: entry index, the values it was started with, the request.
    pub authorization: Option<(usize, &'t Configuration, &'t AuthorizationRequest)>,
    /// All redirects, oldest first, those of earlier authorizations included.
    pub redirects: Vec<Redirect<'t>>,
    /// All token exchanges, oldest first. The last is the one that is examined.
    pub token_exchanges: Vec<TokenExchange<'t>>,
    /// Exchanges for other purposes.
    pub other_exchanges: Vec<Exchange<'t>>,
}

impl<'t> Facts<'t> {
    /// Reads a transcript in one pass over its entries.
    pub fn of(transcript: &'t Transcript) -> Self {
        let redirects = transcript
            .entries
            .iter()
            .enumerate()
            .filter_map(|(entry, e)| match &e.observation {
                Observation::RedirectReceived {
                    channel,
                    request,
                    disposition,
                } => Some(Redirect {
                    entry,
                    at: e.at,
                    channel: *channel,
                    request,
                    disposition: *disposition,
                    response: AuthorizationResponse::from_params(&Params::decode(
                        request.query().unwrap_or_default(),
                    )),
                }),
                _ => None,
            })
            .collect();
        let (token, other): (Vec<_>, Vec<_>) = transcript
            .exchanges()
            .into_iter()
            .partition(|exchange| exchange.purpose == Purpose::Token);
        let token_exchanges = token
            .into_iter()
            .map(|exchange| TokenExchange {
                exchange,
                sent: exchange.request.map(request_params).unwrap_or_default(),
                reading: exchange.response.map(read_answer),
            })
            .collect();
        Self {
            transcript,
            authorization: transcript.last_authorization(),
            redirects,
            token_exchanges,
            other_exchanges: other,
        }
    }

    /// The values of the latest authorization.
    pub fn configuration(&self) -> Option<&'t Configuration> {
        self.authorization.map(|(_, configuration, _)| configuration)
    }

    /// The latest token exchange.
    pub fn last(&self) -> Option<&TokenExchange<'t>> {
        self.token_exchanges.last()
    }

    /// The redirects that came after the latest authorization was started.
    pub fn present_redirects(&self) -> impl Iterator<Item = &Redirect<'t>> {
        let start = self.authorization.map_or(0, |(index, ..)| index);
        self.redirects
            .iter()
            .filter(move |redirect| redirect.entry >= start)
    }

    /// The redirect that was taken in the latest authorization.
    pub fn taken_redirect(&self) -> Option<&Redirect<'t>> {
        self.present_redirects()
            .find(|redirect| redirect.disposition.is_taken())
    }

    /// A parameter of the latest authorization request.
    pub fn authorize_param(&self, name: &str) -> Option<&'t str> {
        self.authorization
            .and_then(|(_, _, request)| request.params.get(name))
    }

    /// The refusal of the latest token exchange.
    pub fn error(&self) -> Option<&ErrorResponse> {
        self.last().and_then(TokenExchange::error)
    }
}
