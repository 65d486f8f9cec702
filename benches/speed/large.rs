//! `oauthlens explain` on a HAR file and on a log of a gigabyte with one flow in them, beside jq and ripgrep on the same files.
//! Where one of them is not installed, its row says so.

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::{Measured, median, memory::peak_kb, terminal::oauthlens};

const WHOLE: u64 = 1 << 30;
const QUICK: u64 = 64 << 20;
const PROMISED_KB: u64 = 64 * 1024;
/// So many times faster than jq.
const FASTER: f64 = 8.0;
/// So many times the time of ripgrep, at most.
const SLOWER: f64 = 3.0;

pub fn measure(quick: bool) -> Vec<Measured> {
    let directory = tempfile::tempdir().expect("a directory");
    let (length, rounds) = if quick { (QUICK, 1) } else { (WHOLE, 3) };
    let size = format!("{} MB", length >> 20);
    let har = directory.path().join("capture.har");
    write_har(&har, length).expect("a file");
    let jq = Yardstick {
        name: "jq -c '.log.entries | length'",
        command: &["jq", "-c", ".log.entries | length"],
        kept: |ratio| ratio <= 1.0 / FASTER,
    };
    let mut rows = beside(
        &format!("`oauthlens explain` on a HAR file of {size}"),
        &har,
        &jq,
        rounds,
    );
    fs::remove_file(&har).expect("the file");
    let log = directory.path().join("program.log");
    write_log(&log, length).expect("a file");
    let rg = Yardstick {
        name: "rg -c access_token",
        command: &["rg", "-c", "access_token"],
        kept: |ratio| ratio <= SLOWER,
    };
    rows.extend(beside(
        &format!("`oauthlens explain` on a log of {size}"),
        &log,
        &rg,
        rounds,
    ));
    rows
}

struct Yardstick {
    name: &'static str,
    command: &'static [&'static str],
    /// Whether the promise is kept, by our time over its.
    kept: fn(f64) -> bool,
}

fn beside(what: &str, path: &Path, yardstick: &Yardstick, rounds: usize) -> Vec<Measured> {
    let [program, arguments @ ..] = yardstick.command else {
        unreachable!("a command has a name");
    };
    let installed = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok();
    let (mut ours, mut theirs, mut peak) = (Vec::new(), Vec::new(), 0);
    // In turns, so that a busy moment of the machine hits both; the first round warms the page cache.
    for round in 0..=rounds {
        let (took, most) = run(Command::new(oauthlens()).arg("explain").arg(path));
        peak = peak.max(most);
        if round > 0 {
            ours.push(took);
        }
        if installed {
            let (took, _) = run(Command::new(program).args(arguments).arg(path));
            if round > 0 {
                theirs.push(took);
            }
        }
    }
    let ours = median(ours);
    let ratio = installed.then(|| ours / median(theirs));
    vec![
        Measured {
            what: what.to_owned(),
            value: format!("{ours:.2} s"),
            yardstick: if installed {
                yardstick.name.to_owned()
            } else {
                format!("{program} is not installed")
            },
            ratio,
            kept: ratio.is_none_or(yardstick.kept),
        },
        Measured {
            what: format!("{what}: peak memory"),
            value: format!("{peak} kB"),
            yardstick: format!("promised: below {PROMISED_KB} kB"),
            ratio: None,
            kept: peak < PROMISED_KB,
        },
    ]
}

/// Runs a program to its end: the seconds that it took, and the most memory that it had.
fn run(command: &mut Command) -> (f64, u64) {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut peak = 0;
    loop {
        // Of a program that has just ended there is nothing more to read.
        peak = peak.max(peak_kb(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait().expect("the program ends") {
            assert!(status.success(), "{command:?}: {status}");
            return (started.elapsed().as_secs_f64(), peak);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

const REFUSED: &str = r#"{\"error\":\"bad_verification_code\",\"error_description\":\"The code passed is incorrect or expired.\"}"#;
const SENT: &str = "client_id=Ov23liBenchBenchBen1&client_secret=0f1e2d3c4b5a69788796a5b4c3d2e1f001234567&code=5f0c2d1be4a7093c6d18";

/// A capture of a browser: pages and scripts, and one exchange in the middle.
fn write_har(path: &Path, length: u64) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(
        br#"{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"entries":["#,
    )?;
    let script = "const answer = items.map((item) => item.value * 2); ".repeat(160);
    let (mut written, mut told) = (0_u64, false);
    for number in 0.. {
        if written >= length {
            break;
        }
        if number > 0 {
            out.write_all(b",\n")?;
        }
        if written * 2 >= length && !told {
            told = true;
            write!(
                out,
                r#"{{"startedDateTime":"2026-11-27T10:00:00.000Z","time":120,"request":{{"method":"POST","url":"https://github.com/login/oauth/access_token","headers":[{{"name":"Accept","value":"application/json"}}],"postData":{{"mimeType":"application/x-www-form-urlencoded","text":"{SENT}"}}}},"response":{{"status":200,"statusText":"OK","headers":[{{"name":"Content-Type","value":"application/json"}}],"content":{{"mimeType":"application/json","text":"{REFUSED}"}}}}}},"#
            )?;
        }
        let entry = format!(
            r#"{{"startedDateTime":"2026-11-27T10:00:00.000Z","time":3,"request":{{"method":"GET","url":"https://app.example/static/{number}.js","headers":[]}},"response":{{"status":200,"statusText":"OK","headers":[],"content":{{"mimeType":"text/javascript","text":"{script}"}}}}}}"#
        );
        written += entry.len() as u64;
        out.write_all(entry.as_bytes())?;
    }
    out.write_all(b"]}}")?;
    out.flush()
}

/// The log of a program, with one failed flow near its end.
fn write_log(path: &Path, length: u64) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let (mut written, mut told) = (0_u64, false);
    for number in 0_u64.. {
        if written >= length {
            break;
        }
        let second = number / 100 % 60;
        if written * 100 >= length * 99 && !told {
            told = true;
            writeln!(
                out,
                "2026-11-27T10:00:{second:02}.000Z DEBUG http: POST https://github.com/login/oauth/access_token body {SENT}"
            )?;
            writeln!(
                out,
                "2026-11-27T10:00:{second:02}.100Z ERROR http: 200 {}",
                REFUSED.replace('\\', "")
            )?;
        }
        let line = format!(
            "2026-11-27T10:00:{second:02}.000Z INFO worker-{}: finished job {number} of queue mail in {} ms, {} left\n",
            number % 16,
            number % 977,
            number % 89
        );
        written += line.len() as u64;
        out.write_all(line.as_bytes())?;
    }
    out.flush()
}
