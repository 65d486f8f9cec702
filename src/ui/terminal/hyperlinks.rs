//! Hyperlinks (OSC 8), which ratatui's cells cannot hold.

use std::io::{self, Write};

use crossterm::{
    cursor::{MoveTo, RestorePosition, SavePosition},
    queue,
    style::Print,
};

use crate::ui::view::Drawn;

/// Writes hyperlinks (OSC 8) over the cells that show them. ratatui's cells hold no links, so the same text is written once
/// more; every row of a wrapped address carries the whole of it under one id.
pub(crate) fn write(drawn: &Drawn, out: &mut impl Write) -> io::Result<()> {
    if drawn.links.is_empty() {
        return Ok(());
    }
    queue!(out, SavePosition)?;
    for (x, y, text, url) in &drawn.links {
        let url: String = url.chars().filter(|c| !c.is_control()).collect();
        queue!(
            out,
            MoveTo(*x, *y),
            Print(format!(
                "\u{1b}]8;id=oauthlens;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\"
            ))
        )?;
    }
    queue!(out, RestorePosition)?;
    out.flush()
}
