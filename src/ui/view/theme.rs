//! Colours. A theme gives each [`Tone`] one meaning; without colour, bold, underline and symbols carry it.

use ratatui::style::{Color, Modifier, Style};

use crate::render::text::line::Tone;

/// Which set of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Middle tones that can be read on black and on white, for as long as the background is not known.
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

    /// The theme for a ground of that colour.
    pub fn for_ground(ground: [u8; 3]) -> Self {
        // In the middle between black and white, as contrast counts it.
        if luminance(ground) < 0.18 {
            Self::Dark
        } else {
            Self::Light
        }
    }

    /// The colours, by their numbers in the table of 256: dim, accent, good, bad, warn. `None` is the terminal's own.
    fn colours(self) -> [Option<u8>; 5] {
        match self {
            // There are few that hold 4.5 : 1 on black and on white, and no yellow among them.
            Self::Auto => [Some(243), Some(63), Some(29), Some(131), None],
            Self::Dark => [Some(248), Some(80), Some(114), Some(210), Some(222)],
            Self::Light => [Some(241), Some(24), Some(22), Some(124), Some(94)],
            Self::None => [None; 5],
        }
    }

    /// The style of a tone.
    pub fn style(self, tone: Tone) -> Style {
        // Whatever stood in the cell before lends nothing to it.
        let plain = Style::new().remove_modifier(Modifier::all());
        let bold = plain.add_modifier(Modifier::BOLD);
        if self == Self::None {
            return match tone {
                Tone::Plain | Tone::Value | Tone::Warn => plain,
                Tone::Dim => plain.add_modifier(Modifier::DIM),
                Tone::Label | Tone::Accent | Tone::Good | Tone::Bad | Tone::Code => bold,
                Tone::Mark => bold.add_modifier(Modifier::REVERSED),
            };
        }
        let [dim, accent, good, bad, warn] = self.colours();
        let in_colour = |style: Style, colour: Option<u8>| match colour {
            Some(number) => style.fg(Color::Indexed(number)),
            None => style.add_modifier(Modifier::BOLD),
        };
        match tone {
            Tone::Plain | Tone::Value => plain,
            Tone::Label => bold,
            Tone::Dim => in_colour(plain, dim),
            Tone::Accent => in_colour(bold, accent),
            Tone::Code => in_colour(plain, accent),
            Tone::Good => in_colour(plain, good),
            Tone::Bad => in_colour(bold, bad),
            Tone::Warn => in_colour(plain, warn),
            Tone::Mark => in_colour(bold, bad).add_modifier(Modifier::REVERSED),
        }
    }

    /// The style of selected text.
    pub fn selection(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
}

/// The relative luminance of a colour (WCAG 2.2).
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.0722f64.mul_add(blue, 0.2126f64.mul_add(red, 0.7152 * green))
}

#[cfg(test)]
mod tests {
    use crate::ui::view::theme::*;

    /// The colour of a number of the table of 256, above the sixteen that each terminal chooses.
    fn colour(number: u8) -> [u8; 3] {
        const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
        match number {
            0..16 => panic!("{number} is another colour in every terminal"),
            16..232 => {
                let at = usize::from(number - 16);
                [STEPS[at / 36], STEPS[at / 6 % 6], STEPS[at % 6]]
            }
            232.. => [8 + 10 * (number - 232); 3],
        }
    }

    fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_colour_can_be_read_on_its_grounds() {
        const BLACK: [u8; 3] = [0; 3];
        const WHITE: [u8; 3] = [255; 3];
        let dark = [
            BLACK,
            [0x1e; 3],
            [0x30; 3],
            [0x00, 0x2b, 0x36],
            [0x28, 0x2a, 0x36],
        ];
        let light = [WHITE, [0xee; 3], [0xfd, 0xf6, 0xe3]];
        for (theme, grounds) in [
            (Theme::Auto, &[BLACK, WHITE][..]),
            (Theme::Dark, &dark),
            (Theme::Light, &light),
        ] {
            for number in theme.colours().into_iter().flatten() {
                for ground in grounds {
                    let contrast = contrast(colour(number), *ground);
                    assert!(
                        contrast >= 4.5,
                        "{theme:?} {number} on {ground:x?}: {contrast:.2}"
                    );
                }
            }
        }
        assert_eq!(dark.map(Theme::for_ground), [Theme::Dark; 5]);
        assert_eq!(light.map(Theme::for_ground), [Theme::Light; 3]);
    }

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
            Tone::Code,
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
