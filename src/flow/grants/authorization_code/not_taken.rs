//! How much is kept of what comes to the redirect listener and is not taken: no page on this machine can make the transcript
//! grow without end, and none can hide a redirect behind other requests.

use crate::{
    flow::{
        grants::{Shared, authorization_code::AuthorizationCodeGrant},
        transcript::{Disposition, Observation},
    },
    oauth::time::Moment,
};

/// So many are kept of each kind and of one authorization.
pub(crate) const KEPT: u64 = 200;

/// What has come in the present authorization and was not taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NotTaken {
    /// Requests for the path of the redirect URI that carry an authorization response.
    redirects: u64,
    /// Requests for another path that carry one: a redirect that went astray.
    astray: u64,
    /// All others.
    requests: u64,
    /// Where the transcript counts what is not kept.
    counted_at: Option<usize>,
}

/// What an authorization has left out of the transcript.
enum LeftOut {
    Redirect,
    Request,
    Connections(u64),
}

impl AuthorizationCodeGrant {
    /// Counts a request that was not taken; true while one of its kind is kept. `is_response` says whether it carries an
    /// authorization response.
    pub(crate) fn keeps(
        &mut self,
        flow: &mut Shared<'_>,
        disposition: Disposition,
        is_response: bool,
        now: Moment,
    ) -> bool {
        let here = !matches!(
            disposition,
            Disposition::NoParameters
                | Disposition::Favicon
                | Disposition::OtherPath
                | Disposition::OtherMethod
                | Disposition::OtherHost
        );
        let (count, left_out) = match (is_response, here) {
            (true, true) => (&mut self.not_taken.redirects, LeftOut::Redirect),
            (true, false) => (&mut self.not_taken.astray, LeftOut::Request),
            (false, _) => (&mut self.not_taken.requests, LeftOut::Request),
        };
        *count = count.saturating_add(1);
        let kept = *count <= KEPT;
        if !kept {
            self.leave_out(flow, &left_out, now);
        }
        kept
    }

    /// Counts connections that were closed before they had brought a request.
    pub(crate) fn connections_dropped(&mut self, flow: &mut Shared<'_>, number: u64, now: Moment) {
        self.leave_out(flow, &LeftOut::Connections(number), now);
    }

    fn leave_out(&mut self, flow: &mut Shared<'_>, what: &LeftOut, now: Moment) {
        let at = *self.not_taken.counted_at.get_or_insert_with(|| {
            flow.record(
                now,
                Observation::NotKept {
                    redirects: 0,
                    requests: 0,
                    connections: 0,
                },
            );
            flow.transcript.entries.len() - 1
        });
        if let Some(Observation::NotKept {
            redirects,
            requests,
            connections,
        }) = flow
            .transcript
            .entries
            .get_mut(at)
            .map(|entry| &mut entry.observation)
        {
            let (count, more) = match what {
                LeftOut::Redirect => (redirects, 1),
                LeftOut::Request => (requests, 1),
                LeftOut::Connections(number) => (connections, *number),
            };
            *count = count.saturating_add(more);
        }
    }
}
