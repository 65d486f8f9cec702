//! Colours. A theme gives each [`Tone`] one meaning; without colour, bold, underline and symbols carry it.

use ratatui::style::{Color, Modifier, Style};

use crate::render::text::line::Tone;

/// Which set of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Middle tones that can be read on a dark and on a light ground.
    #[default]
    Auto,
    /// For a dark ground.
    Dark,
    /// For a light ground.
    Light,
    /// No colour at all, as `NO_COLOR` asks (no-color.org).
    None,
}

impl Theme {
    /// The names that `--theme` takes.
    pub const NAMES: [&str; 4] = ["auto", "dark", "light", "none"];

    /// Reads a name as `--theme` takes it.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "auto" => Self::Auto,
            "dark" => Self::Dark,
            "light" => Self::Light,
            "none" => Self::None,
            _ => return None,
        })
    }

    /// Chooses by what the environment says: `NO_COLOR`, then the ground that `COLORFGBG` tells.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        if variable("NO_COLOR").is_some_and(|value| !value.is_empty())
            || variable("TERM").as_deref() == Some("dumb")
        {
            return Self::None;
        }
        match variable("COLORFGBG").and_then(|value| {
            value
                .rsplit(';')
                .next()
                .and_then(|ground| ground.parse::<u8>().ok())
        }) {
            Some(7 | 15) => Self::Light,
            Some(_) => Self::Dark,
            None => Self::Auto,
        }
    }

    /// The style of a tone.
    pub fn style(self, tone: Tone) -> Style {
        // Whatever stood in the cell before lends nothing to it.
        let plain = Style::new().remove_modifier(Modifier::all());
        let bold = plain.add_modifier(Modifier::BOLD);
        let [dim, accent, good, bad, warn] = match self {
            // About 4 : 1 on white and on near-black both.
            Self::Auto => [244, 31, 28, 167, 130],
            Self::Dark => [245, 80, 114, 210, 222],
            Self::Light => [241, 24, 22, 124, 94],
            Self::None => {
                return match tone {
                    Tone::Plain | Tone::Value | Tone::Warn => plain,
                    Tone::Dim => plain.add_modifier(Modifier::DIM),
                    Tone::Label | Tone::Accent | Tone::Good | Tone::Bad => bold,
                    Tone::Mark => bold.add_modifier(Modifier::REVERSED),
                };
            }
        }
        .map(Color::Indexed);
        match tone {
            Tone::Plain | Tone::Value => plain,
            Tone::Label => bold,
            Tone::Dim => plain.fg(dim),
            Tone::Accent => bold.fg(accent),
            Tone::Good => plain.fg(good),
            Tone::Bad => bold.fg(bad),
            Tone::Warn => plain.fg(warn),
            Tone::Mark => bold.fg(bad).add_modifier(Modifier::REVERSED),
        }
    }

    /// The style of selected text.
    pub fn selection(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
}

#[cfg(test)]
mod tests {
    use crate::ui::view::theme::*;

    #[test]
    fn the_environment_chooses() {
        for (variables, theme) in [
            (&[][..], Theme::Auto),
            (&[("NO_COLOR", "1")][..], Theme::None),
            (&[("NO_COLOR", "")][..], Theme::Auto),
            (&[("TERM", "dumb")][..], Theme::None),
            (&[("COLORFGBG", "0;15")][..], Theme::Light),
            (&[("COLORFGBG", "15;default;0")][..], Theme::Dark),
        ] {
            let variable = |name: &str| {
                variables
                    .iter()
                    .find(|(n, _)| *n == name)
                    .map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(Theme::from_environment(variable), theme, "{variables:?}");
        }
    }

    #[test]
    fn without_colour_no_tone_has_one() {
        for tone in [
            Tone::Plain,
            Tone::Dim,
            Tone::Label,
            Tone::Accent,
            Tone::Value,
            Tone::Good,
            Tone::Bad,
            Tone::Warn,
            Tone::Mark,
        ] {
            assert_eq!(Theme::None.style(tone).fg, None);
        }
    }
}
