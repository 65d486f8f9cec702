//! Options, help and refusals, and a result that cannot be written.

use crate::{err, oauthlens, out, run, status};

#[test]
fn wrong_usage_is_exit_2_and_says_what_to_do() {
    for (arguments, word) in [
        (&["run"][..], "--client-id"),
        (&["run", "--client-id", "x"], "--client-secret-env"),
        (&["run", "--demo", "--fault", "code_reusd"], "code_reused"),
        (
            &["run", "--demo", "--redirect-uri", "localhost/cb"],
            "localhost/cb",
        ),
        (&["run", "--demo", "--listen", "0.0.0.0:80"], "loopback"),
        (
            &["run", "--demo", "--ca-file", "/nonexistent.pem"],
            "/nonexistent.pem",
        ),
        (&["run", "--approve"], "--demo"),
        (&["explain", "/nonexistent"], "/nonexistent"),
        (&["simulate", "--listen", "0.0.0.0:80"], "loopback"),
        (&["frobnicate"], "frobnicate"),
        (&[], "oauthlens run"),
        (&["demo"], "oauthlens run"),
    ] {
        let output = run(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(word), "{arguments:?}: {}", err(&output));
        assert!(out(&output).is_empty(), "{arguments:?}");
    }
    for arguments in [
        &["--client-secret", "hunter2hunter2"][..],
        &["run", "--client-secret=hunter2hunter2"],
        &["run", "--client-secrt=hunter2hunter2"],
        &["simulate", "--client-secret", "hunter2hunter2"],
        &[
            "run",
            "--client-secret-env",
            "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e",
        ],
    ] {
        let output = run(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        let text = err(&output);
        assert!(text.contains("--client-secret"), "{text}");
        assert!(!text.contains("hunter2") && !text.contains("c3d4e5f6"), "{text}");
    }
}

#[test]
fn errors_are_said_in_the_language_that_was_chosen() {
    let output = run(&["run", "--lang", "zh-CN"]);
    assert!(err(&output).contains("缺少 client_id"), "{}", err(&output));
    let output = run(&["run", "--lang", "fr"]);
    assert_eq!(status(&output), 2);
}

#[test]
fn help_and_refusals_are_said_in_the_language_that_was_chosen() {
    for command in ["", "demo", "walkthrough", "run", "explain", "replay", "simulate"] {
        let mut arguments = vec!["--lang", "zh-CN", command, "--help"];
        arguments.retain(|argument| !argument.is_empty());
        let output = run(&arguments);
        assert_eq!(status(&output), 0);
        let text = out(&output);
        assert!(
            text.contains("用法：oauthlens") && text.contains("显示帮助"),
            "{text}"
        );
        assert!(
            !text.contains("Usage") && !text.contains("Print") && !text.contains("The "),
            "{text}"
        );
    }
    for arguments in [
        &["run", "--bogus", "--lang", "zh-CN"][..],
        &["--lang=zh-CN", "run", "--bogus"],
    ] {
        let output = run(arguments);
        assert_eq!(status(&output), 2);
        assert!(err(&output).contains("不认识参数“--bogus”"), "{}", err(&output));
        assert!(!err(&output).contains("error"), "{}", err(&output));
    }
    let chinese = oauthlens(&["run", "--bogus"]).env("LANG", "zh_CN.UTF-8").output();
    assert!(err(&chinese.expect("the binary runs")).contains("不认识参数"));
    let output = run(&["run", "--bogus"]);
    assert!(
        err(&output).contains("unexpected argument '--bogus'"),
        "{}",
        err(&output)
    );
    let version = format!("oauthlens {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(out(&run(&["-V"])), version);
    let output = run(&["--version"]);
    assert_eq!(status(&output), 0);
    let built_in = out(&output).strip_prefix(&version).map(str::to_owned);
    assert!(
        built_in.is_some_and(|text| text.contains("languages: en, zh-CN\n")),
        "{}",
        out(&output)
    );
}

#[test]
fn language_and_colours_may_stand_before_the_command_and_are_checked_everywhere() {
    let output = run(&["--lang", "zh-CN", "--theme", "dark", "run", "--demo", "--approve"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    assert!(err(&output).contains("模拟"), "{}", err(&output));
    for command in ["run", "explain", "demo"] {
        let output = run(&[command, "--theme", "pink"]);
        assert_eq!(status(&output), 2, "{command}");
        assert!(err(&output).contains("--theme pink"), "{}", err(&output));
    }
    let output = run(&["--client-id", "x", "run", "--demo", "--approve"]);
    assert_eq!(status(&output), 2);
    assert!(
        err(&output).contains("--client-id cannot come before"),
        "{}",
        err(&output)
    );
    for arguments in [
        &["demo", "--json"][..],
        &["demo", "--host", "x"],
        &["walkthrough", "--json"],
    ] {
        assert_eq!(status(&run(arguments)), 2, "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_an_error_and_a_closed_pipe_is_none() {
    let scenario = format!("{}/tests/scenarios/good.toml", env!("CARGO_MANIFEST_DIR"));
    for arguments in [
        &["run", "--demo", "--approve"][..],
        &["run", "--demo", "--approve", "--json"],
        &["replay", &scenario, "--format", "har"],
        &["explain"],
        &["simulate"],
        &["--help"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let output = oauthlens(arguments)
            .stdout(full.expect("/dev/full"))
            .output()
            .expect("the binary runs");
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(err(&output).contains("standard output"), "{}", err(&output));
    }
    let mut child = oauthlens(&["run", "--demo", "--approve"])
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
