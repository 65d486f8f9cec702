//! Prose of the screens behind the first one.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{flow::transcript::Disposition, text::catalog::texts, ui::keys::Action};

texts! {
    /// Authorize.
    AuthorizeProse { title, request, plan, url, listener_first, listener_first_any_port, cannot_listen, waiting_title, waiting, waiting_paste, browser_opened, browser_failed, browser_not_asked, listening, simulator_hint, shows, shows_sign_in, shows_refusal, shows_not_found, shows_cannot_connect, shows_something_else, refused_seen, port_taken, port_failed, port_choices, address_choices, stopped, timed_out, cancelled, received }
}

texts! {
    /// Callback.
    CallbackProse { title, none_yet, raw, decoded, pasted, code_shape, code_odd, code_missing, state_same, state_differs, state_missing, state_unchecked, iss_same, iss_differs, iss_missing, iss_unknown, error, other_requests, others_none, then, then_soon }
}

texts! {
    /// Exchange.
    ExchangeProse { title, title_sent, preview, none_yet, none, under_way, left_out, auth_post, auth_basic, auth_label, accept_default, edit_again, earlier, for_token, for_device, for_user, for_probe }
}

texts! {
    /// Result.
    ResultProse { none_yet, under_way, applied_worked, applied_same, applied_other, changes, left_out, nothing, then_authorize, then_exchange, then_send, edits_configure, edits_exchange, whole_drawing, may_be_spent, remedy_key, token_next, page_seen, registered_ask, registered_about }
}

texts! {
    /// Values of the person's own app.
    ProfilesProse { title, about, env_file }
}

texts! {
    /// Where the person sits.
    SeatProse { ssh, container, wsl, no_display }
}

texts! {
    /// The panes of a wide Result.
    PanesProse { answer, messages, causes, bytes }
}

texts! {
    /// The window with every command.
    PaletteProse { title, none }
}

texts! {
    /// The list of attempts, and two of them side by side.
    AttemptsProse { title, about, earlier, nothing_found, on_show, number, compared, only }
}

texts! {
    /// What can be copied.
    CopyProse { title, url, tunnel, code, curl, error, finding, token, token_asks }
}

texts! {
    /// The forms of a file.
    ExportProse { title, about }
}

texts! {
    /// The windows.
    WindowsProse { help_title, help_keys, help_editing, help_mouse, help_continue_walkthrough, help_back_walkthrough, help_answer, paste_title, paste_about, leave_title, leave_about }
}

texts! {
    /// The walkthrough.
    WalkthroughProse { owner, owner_holds, client, client_holds, server, server_holds, choose, again, mend_it, finished_title, finished }
}

texts! {
    /// Short words about what just happened.
    NoticeProse { url_copied, copied, no_attempts, one_attempt, earlier_attempt, nothing_to_take, waiting_for_server, no_profiles, values_taken, values_refused, mouse_released, mouse_taken, nothing_to_clean, cleaned, not_reached, page_failed, page_opened, demo_failed, for_new_app, finish_there, not_recognised, pasted_only, registered_unreadable, to_register, pasted_not_taken, cancelled, simulator_page, revealed, saved, save_failed, replay_only, nothing_pasted, client_id_empty, endpoint_unusable, probe_answered, probe_failed }
}

/// All prose of the screens behind the first one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreensProse {
    /// Authorize.
    pub authorize: AuthorizeProse,
    /// Callback.
    pub callback: CallbackProse,
    /// Exchange.
    pub exchange: ExchangeProse,
    /// Result.
    pub result: ResultProse,
    /// Values of the person's own app.
    pub profiles: ProfilesProse,
    /// Where the person sits.
    pub seat: SeatProse,
    /// Panes.
    pub panes: PanesProse,
    /// The window with every command.
    pub palette: PaletteProse,
    /// The list of attempts.
    pub attempts: AttemptsProse,
    /// What can be copied.
    pub copy: CopyProse,
    /// The forms of a file.
    pub export: ExportProse,
    /// Windows.
    pub windows: WindowsProse,
    /// The walkthrough.
    pub walkthrough: WalkthroughProse,
    /// Notices.
    pub notice: NoticeProse,
    /// What the answer to a probe says, by the error code or the status that came.
    pub probe_meaning: BTreeMap<String, String>,
    /// Keys, a sentence each for the help.
    pub key_help: BTreeMap<Action, String>,
    /// Keys of text editing, by [`crate::ui::keys::EditBinding::name`].
    pub editing: BTreeMap<String, String>,
    /// What became of a redirect.
    pub disposition: BTreeMap<Disposition, String>,
}
