//! Drawings of a transcript as lines of toned text: the TUI colours the tones, the text report leaves them out.

pub mod line;
