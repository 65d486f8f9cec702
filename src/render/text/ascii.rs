//! Signs of ASCII for those that drawings use, each as wide as the other: for terminals and fonts that have no more.

/// The sign that stands for a character of a drawing; the character itself where it is none.
pub fn plain(c: char) -> char {
    match c {
        '─' | '╌' | '━' | '–' | '—' => '-',
        '│' | '┃' => '|',
        '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' | '╭' | '╮' | '╰' | '╯' => {
            '+'
        }
        '►' | '→' | '▸' => '>',
        '◄' | '←' => '<',
        '▲' | '↑' => '^',
        '▼' | '↓' | '✓' => 'v',
        '✗' | '×' => 'x',
        '●' | '◐' | '•' => '*',
        '○' | '◌' | '□' => 'o',
        '·' | '…' => '.',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '\u{a0}' => ' ',
        '■' | '▪' | '◆' => '#',
        // Whatever else is a sign and no letter, those of control characters among them.
        '\u{2190}'..='\u{2bff}' => '?',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use crate::render::text::{ascii::*, line::is_one_cell};

    #[test]
    fn every_sign_of_a_drawing_has_one_of_ascii() {
        let drawn = ('\u{80}'..='\u{2fff}').filter(|c| is_one_cell(*c));
        // Boxes are drawn with a few of the lines that there are.
        for c in drawn.filter(|c| !('\u{2500}'..='\u{257f}').contains(c)) {
            assert!(plain(c).is_ascii(), "{c}");
        }
        assert_eq!(plain('令'), '令');
        assert_eq!(plain('a'), 'a');
    }
}
