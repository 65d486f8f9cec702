//! The user code, large enough to be read across a room; the QR code of the page; and the time line of the polling.

use font8x8::legacy::BASIC_LEGACY;
use qrcode::{Color, EcLevel, QrCode};

use crate::{
    flow::{
        grants::device::Polling,
        transcript::{Exchange, Purpose, Transcript},
    },
    oauth::{
        time::Moment,
        token::{TokenAnswer, read_answer},
    },
    render::{
        text::{
            layout::{labelled, paragraph},
            line::{Line, Tone, clean},
        },
        told,
    },
    text::{catalog::Messages, template::filled},
};

/// The pixels of a glyph, each way.
const GLYPH: usize = 8;
/// A longer code is drawn as text: nobody would type it from large letters.
const LONGEST_CODE: usize = 16;
/// Light modules around a QR code.
const QUIET: i32 = 2;
/// So many requests are listed.
const LISTED: usize = 6;

/// Two rows of pixels in one line: the upper one, the lower one.
fn half_blocks(upper: bool, lower: bool) -> char {
    match (upper, lower) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}

/// Draws the user code large; as plain text where it is too wide, too long, or of other letters.
pub fn user_code(code: &str, width: usize) -> Vec<Line> {
    let code = clean(code);
    let glyphs: Option<Vec<[u8; GLYPH]>> = code
        .chars()
        .map(|c| {
            BASIC_LEGACY
                .get(c as usize)
                .copied()
                .filter(|_| c.is_ascii_graphic())
        })
        .collect();
    let Some(glyphs) = glyphs
        .filter(|glyphs| !glyphs.is_empty() && glyphs.len() <= LONGEST_CODE && glyphs.len() * GLYPH <= width)
    else {
        return paragraph(&code, Tone::Accent, width.max(1));
    };
    let rows = (0..GLYPH).step_by(2).map(|row| {
        let pixel = |glyph: &[u8; GLYPH], row: usize, bit: usize| glyph[row] & (1 << bit) != 0;
        let text: String = glyphs
            .iter()
            .flat_map(|glyph| {
                (0..GLYPH).map(move |bit| half_blocks(pixel(glyph, row, bit), pixel(glyph, row + 1, bit)))
            })
            .collect();
        Line::new(text.trim_end(), Tone::Accent)
    });
    rows.collect()
}

/// Draws a QR code of a page, light on dark; nothing where it is wider than `width` or higher than `height`.
pub fn qr_code(page: &str, width: usize, height: usize) -> Option<Vec<Line>> {
    let code = QrCode::with_error_correction_level(page, EcLevel::L).ok()?;
    let side = i32::try_from(code.width()).ok()?;
    let all = usize::try_from(side + 2 * QUIET).ok()?;
    if all > width || all.div_ceil(2) > height {
        return None;
    }
    let is_light = |x: i32, y: i32| {
        let inside = (0..side).contains(&x) && (0..side).contains(&y);
        let at = (usize::try_from(x), usize::try_from(y));
        match at {
            (Ok(x), Ok(y)) if inside => code[(x, y)] == Color::Light,
            _ => y < side + QUIET,
        }
    };
    let rows = (-QUIET..side + QUIET).step_by(2);
    let lines = rows.map(|y| {
        let text: String = (-QUIET..side + QUIET)
            .map(|x| half_blocks(is_light(x, y), is_light(x, y + 1)))
            .collect();
        Line::new(text, Tone::Plain)
    });
    Some(lines.collect())
}

/// Draws how the token endpoint was asked: the life of the codes, the latest requests with what was answered, and when the
/// next is due.
pub fn time_line(
    transcript: &Transcript,
    polling: &Polling,
    now: Moment,
    messages: &Messages,
    width: usize,
) -> Vec<Line> {
    let prose = &messages.pictures().device;
    let mut lines = Vec::new();
    let issued = polling.issued.since(transcript.started);
    let asked: Vec<Exchange<'_>> = polls_since(transcript, issued);
    if let Some(lifetime) = polling.codes.expires_in.filter(|lifetime| *lifetime > 0) {
        let since = |exchange: &Exchange<'_>| exchange.sent_at.saturating_sub(issued) / 1000;
        let requests: Vec<u64> = asked.iter().map(since).collect();
        lines.extend(life(polling, lifetime, &requests, now, messages, width));
    }
    if let Some(more) = asked.len().checked_sub(LISTED).filter(|more| *more > 0) {
        let text = filled(&prose.earlier, &[("n", &more.to_string())]);
        lines.extend(labelled(Line::new("  ", Tone::Dim), &text, Tone::Dim, width));
    }
    for exchange in asked.iter().skip(asked.len().saturating_sub(LISTED)) {
        let at = clock(exchange.sent_at.saturating_sub(issued) / 1000);
        let (symbol, tone, text) = answered(exchange, messages);
        let label = Line::new(symbol, tone)
            .then(" ", Tone::Plain)
            .then(format!("{at:>6}"), Tone::Dim)
            .then("  ", Tone::Plain);
        lines.extend(labelled(label, &text, tone, width));
    }
    if let Some(next) = polling.next {
        let left = next.since(now).div_ceil(1000).to_string();
        let interval = polling.interval.to_string();
        let text = filled(&prose.next, &[("left", &left), ("interval", &interval)]);
        lines.extend(labelled(Line::new("○", Tone::Dim), &text, Tone::Dim, width));
    }
    lines
}

/// The bar of the codes' life: how much of it is gone, and at which second each request was made.
fn life(
    polling: &Polling,
    lifetime: u64,
    requests: &[u64],
    now: Moment,
    messages: &Messages,
    width: usize,
) -> Vec<Line> {
    let prose = &messages.pictures().device;
    let gone = (now.since(polling.issued) / 1000).min(lifetime);
    let room = u64::try_from(width.clamp(20, 64) - 2).unwrap_or(0);
    let place = |second: u64| room * second.min(lifetime) / lifetime;
    let cell = |at: u64| {
        if requests.iter().any(|second| place(*second).min(room - 1) == at) {
            '●'
        } else if at < place(gone) {
            '━'
        } else {
            '─'
        }
    };
    let reached = place(gone).max(
        requests
            .iter()
            .map(|second| place(*second) + 1)
            .max()
            .unwrap_or(0),
    );
    let piece = |from: u64, to: u64| (from..to).map(cell).collect::<String>();
    let tone = if gone == lifetime { Tone::Bad } else { Tone::Good };
    let bar = Line::new("├", Tone::Dim)
        .then(piece(0, reached.min(room)), tone)
        .then(piece(reached.min(room), room), Tone::Dim)
        .then("┤", Tone::Dim);
    let text = filled(
        &prose.life,
        &[("gone", &clock(gone)), ("left", &clock(lifetime - gone))],
    );
    let mut lines = vec![bar];
    lines.extend(paragraph(&text, Tone::Dim, width));
    lines
}

/// The token requests since the codes were issued; read from the end, so that a long history costs nothing.
fn polls_since(transcript: &Transcript, issued: u64) -> Vec<Exchange<'_>> {
    let start = transcript.entries.partition_point(|entry| entry.at < issued);
    let exchanges = transcript.exchanges_from(start);
    exchanges
        .into_iter()
        // The answer that brought the codes stands there without its request.
        .filter(|exchange| exchange.purpose == Purpose::Token && exchange.request.is_some())
        .collect()
}

/// What a request was answered with: a symbol, its tone, and the words.
fn answered(exchange: &Exchange<'_>, messages: &Messages) -> (&'static str, Tone, String) {
    let prose = &messages.pictures().device;
    if let Some(failure) = exchange.failure {
        let reason = messages.pictures().failure.of(&failure.kind);
        return ("✗", Tone::Bad, reason.to_owned());
    }
    let Some(response) = exchange.response else {
        return ("●", Tone::Accent, prose.asking.clone());
    };
    let reading = read_answer(response);
    match &reading.answer {
        TokenAnswer::Token(_) => ("✓", Tone::Good, prose.token.clone()),
        TokenAnswer::Error(error) => match error.error.as_str() {
            "authorization_pending" => ("●", Tone::Plain, prose.pending.clone()),
            "slow_down" => ("!", Tone::Warn, prose.slow_down.clone()),
            error => ("✗", Tone::Bad, told(error)),
        },
        TokenAnswer::NotATokenResponse => {
            let status = crate::render::drawings::sequence::status_words(response.status, messages);
            ("✗", Tone::Bad, status)
        }
    }
}

/// Minutes and seconds.
fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use crate::render::{drawings::device::*, text::line::Line};

    fn drawn(lines: &[Line]) -> Vec<String> {
        lines.iter().map(Line::text).collect()
    }

    #[test]
    fn a_code_is_large_where_there_is_room_and_readable_elsewhere() {
        let large = user_code("WDJB-MJHT", 80);
        assert_eq!(large.len(), 4);
        assert!(large.iter().all(|line| line.width() <= 72));
        assert!(large[0].text().contains('█') || large[0].text().contains('▀'));
        assert_eq!(drawn(&user_code("WDJB-MJHT", 60)), ["WDJB-MJHT"]);
        assert_eq!(drawn(&user_code("代码", 80)), ["代码"]);
        let hostile = user_code("A\u{1b}[31mB", 200);
        assert!(hostile.iter().all(|line| !line.text().contains('\u{1b}')));
    }

    #[test]
    fn no_two_letters_of_a_code_look_alike() {
        let all: Vec<char> = ('A'..='Z').chain('0'..='9').chain(['-']).collect();
        for (at, one) in all.iter().enumerate() {
            for other in &all[at + 1..] {
                assert_ne!(
                    drawn(&user_code(&one.to_string(), 80)),
                    drawn(&user_code(&other.to_string(), 80)),
                    "{one} {other}"
                );
            }
        }
    }

    #[test]
    fn a_qr_code_is_drawn_whole_or_not_at_all() {
        let page = "https://id.example/device?user_code=WDJB-MJHT";
        let lines = qr_code(page, 80, 40).unwrap();
        let width = lines[0].width();
        assert!(lines.iter().all(|line| line.width() == width));
        assert!(lines.len() <= width.div_ceil(2));
        assert!(qr_code(page, width - 1, 40).is_none());
        assert!(qr_code(page, 80, lines.len() - 1).is_none());
        // The three squares in the corners: dark, seven modules wide, after the quiet zone.
        assert_eq!(drawn(&lines)[1].chars().nth(2), Some(' '));
        assert!(qr_code(&"x".repeat(5000), 4000, 4000).is_none());
    }
}
