//! Prose of the interactive screens.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    app::{field_check::NoteCode, keymap::Action},
    flow::{configuration::Field, transcript::Disposition},
};

/// A key's meaning, in two lengths.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionProse {
    /// For the footer: a word or two.
    pub short: String,
    /// For the help: a sentence.
    pub long: String,
}

/// A field's name and what a person should know of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldProse {
    /// Its label.
    pub label: String,
    /// What it is, where it is found, what it is for.
    pub about: String,
}

macro_rules! prose {
    ($(#[$doc:meta])* $name:ident { $($field:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(#[doc = concat!("`", stringify!($field), "` in the locale file.")] pub $field: String),+
        }
    };
}

prose! {
    /// Names of the steps.
    StepNames { configure, authorize, callback, exchange, result }
}

prose! {
    /// The frame around every screen.
    FrameProse { simulated, more_below, more_above, secrets_shown, too_small, stop_waiting, continue_configure, continue_ready, continue_waiting, continue_callback, continue_denied, continue_exchange, continue_exchanged, continue_result, continue_token, continue_paste, continue_confirm, continue_help, continue_choose, continue_mend, continue_next, continue_own_app, continue_choose_fault, continue_predict, walkthrough_step }
}

prose! {
    /// Configure.
    ConfigureProse { title, title_demo, about, choice_github, choice_custom, choice_simulator, on, off, default_from }
}

prose! {
    /// What the five steps will do.
    PlanProse { title, configure, authorize, callback, exchange, result }
}

prose! {
    /// Authorize.
    AuthorizeProse { title, request, url, listener_first, listener_first_any_port, cannot_listen, waiting_title, waiting, waiting_paste, browser_opened, browser_failed, browser_not_asked, listening, simulator_hint, reasons_title, reason_not_found, reason_mismatch, reason_sign_in, reason_other_machine, reason_closed, refused_seen, port_taken, port_failed, port_choices, stopped, timed_out, cancelled, received }
}

prose! {
    /// Callback.
    CallbackProse { title, none_yet, raw, decoded, pasted, code_shape, code_odd, code_missing, state_same, state_differs, state_missing, state_unchecked, iss_same, iss_differs, iss_missing, iss_unknown, error, other_requests, others_none, then }
}

prose! {
    /// Exchange.
    ExchangeProse { title, title_sent, preview, none_yet, under_way, left_out, auth_post, auth_basic, auth_label, accept_default, edit_again, earlier }
}

prose! {
    /// Result.
    ResultProse { none_yet, under_way, applied_worked, applied_same, applied_other, remedy_key, token_next, page_seen }
}

prose! {
    /// The windows.
    WindowsProse { help_title, help_keys, help_editing, help_mouse, paste_title, paste_about, probe_title, probe_token, probe_authorization, probe_harmless, probe_lock }
}

prose! {
    /// The walkthrough.
    WalkthroughProse { offer, resume, owner, owner_holds, client, client_holds, server, server_holds, choose, again, mend_it }
}

prose! {
    /// Short words about what just happened.
    NoticeProse { url_copied, mouse_released, mouse_taken, nothing_to_clean, cleaned, not_reached, page_failed, page_opened, pasted_not_taken, cancelled, simulator_page, revealed, saved, save_failed, replay_only, nothing_pasted }
}

/// All prose of the interactive screens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreensProse {
    /// Names of the steps.
    pub step: StepNames,
    /// The frame.
    pub frame: FrameProse,
    /// Configure.
    pub configure: ConfigureProse,
    /// What the five steps will do.
    pub plan: PlanProse,
    /// Authorize.
    pub authorize: AuthorizeProse,
    /// Callback.
    pub callback: CallbackProse,
    /// Exchange.
    pub exchange: ExchangeProse,
    /// Result.
    pub result: ResultProse,
    /// Windows.
    pub windows: WindowsProse,
    /// The walkthrough.
    pub walkthrough: WalkthroughProse,
    /// Notices.
    pub notice: NoticeProse,
    /// Keys.
    pub action: BTreeMap<Action, ActionProse>,
    /// Keys of text editing, by [`crate::app::keymap::EditBinding::name`].
    pub editing: BTreeMap<String, String>,
    /// Fields.
    pub field: BTreeMap<Field, FieldProse>,
    /// Notes beside fields.
    pub note: BTreeMap<NoteCode, String>,
    /// What became of a redirect.
    pub disposition: BTreeMap<Disposition, String>,
}
