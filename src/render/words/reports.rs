//! The words in reports and in the refusal of a pasted text.

use serde::Deserialize;

use crate::{
    render::words::drawings::{prose, words},
    sources::{LookedFor, Resembles},
};

prose! {
    /// All words in reports.
    ReportsProse {
        /// The Markdown report.
        markdown: MarkdownProse,
        /// The curl command line.
        curl: CurlProse,
        /// Several attempts in one text.
        attempts: AttemptsProse,
        /// A pasted text that was not recognised.
        not_recognised: NotRecognisedProse,
    }
}

prose! {
    /// The Markdown report.
    MarkdownProse {
        /// Heading of the whole.
        title: String,
        /// Heading of the exchanges.
        exchanges: String,
        /// `{version}`, `{source}`.
        made_by: String,
        /// The source: a live flow.
        live: String,
        /// The source: the simulator.
        simulator: String,
        /// The source: a pasted text.
        pasted: String,
        /// The source: the tap.
        tap: String,
        what: String,
        value: String,
        /// Secrets are masked.
        masked: String,
    }
}

prose! {
    /// The curl command line.
    CurlProse {
        /// A comment above it; `{variables}`.
        set_variables: String,
        /// A comment above one of several: `{number}`, `{count}`.
        which: String,
        /// A comment where there is none.
        none: String,
    }
}

prose! {
    /// Several attempts in one text.
    AttemptsProse {
        /// Before the list; `{count}`, `{number}`.
        heading: String,
        /// How another one is explained.
        open: String,
    }
}

prose! {
    /// A pasted text that was not recognised.
    NotRecognisedProse {
        /// Nothing was pasted.
        empty: String,
        /// It was none of these.
        sentence: String,
        /// Before the list.
        looked_for: String,
        /// A JSON object.
        json: String,
        /// A form.
        form: String,
        /// An XML document.
        xml: String,
        /// An HTTP head.
        http: String,
        /// A redirect.
        redirect: String,
        /// `{length}`, `{beginning}`.
        seen: String,
        /// The same of a file that was read in pieces; `{size}` bytes, `{beginning}`.
        seen_in_pieces: String,
        /// What it looks most like, and what to give instead.
        looks_like: LooksLikeWords,
    }
}

words! {
    /// What a text looks like in which nothing was recognised, and what to give instead.
    LooksLikeWords of Resembles {
        picture = Resembles::Picture, archive = Resembles::Archive, capture = Resembles::Capture,
        binary = Resembles::Binary, key = Resembles::Key, web_log = Resembles::WebLog,
        stack_trace = Resembles::StackTrace, program_log = Resembles::ProgramLog, source = Resembles::Source,
        prose = Resembles::Prose,
    }
}

impl NotRecognisedProse {
    /// The words for what was looked for.
    pub fn of(&self, looked_for: LookedFor) -> &str {
        match looked_for {
            LookedFor::Json => &self.json,
            LookedFor::Form => &self.form,
            LookedFor::Xml => &self.xml,
            LookedFor::HttpHead => &self.http,
            LookedFor::Redirect => &self.redirect,
        }
    }
}
