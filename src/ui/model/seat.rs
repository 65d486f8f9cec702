//! Where the person sits: what stands between the browser they have and the redirect listener.

use std::net::SocketAddr;

/// A shell over SSH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ssh {
    /// Who is logged in here.
    pub user: Option<String>,
    /// The address of this machine as the person's own machine knows it.
    pub host: String,
    /// The port of the SSH server.
    pub port: u16,
}

/// What is known of the place, from the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seat {
    /// The shell is one over SSH.
    pub ssh: Option<Ssh>,
    /// Linux inside of Windows.
    pub wsl: bool,
    /// A container: its loopback addresses are its own.
    pub container: bool,
    /// There is no display on which a browser could be opened.
    pub no_display: bool,
}

impl Seat {
    /// Reads the variables that shells, SSH servers and containers set; `exists` says whether there is a file.
    pub fn of(variable: impl Fn(&str) -> Option<String>, exists: impl Fn(&str) -> bool) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let user = set("USER").or_else(|| set("LOGNAME"));
        // Address and port of the client, then those of the server (ssh(1)).
        let ssh = set("SSH_CONNECTION").and_then(|connection| {
            let mut words = connection.split_whitespace().skip(2);
            Some(Ssh {
                host: words.next()?.to_owned(),
                port: words.next()?.parse().ok()?,
                user: user.filter(|user| {
                    user.chars()
                        .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
                }),
            })
        });
        let wsl = set("WSL_DISTRO_NAME").is_some() || set("WSL_INTEROP").is_some();
        let container = exists("/.dockerenv")
            || exists("/run/.containerenv")
            || [
                "container",
                "KUBERNETES_SERVICE_HOST",
                "REMOTE_CONTAINERS",
                "CODESPACES",
            ]
            .iter()
            .any(|name| set(name).is_some());
        // Elsewhere a display needs no variable, and WSL opens the browser of Windows.
        let needs_one = cfg!(target_os = "linux") && !wsl;
        let no_display = needs_one && set("DISPLAY").is_none() && set("WAYLAND_DISPLAY").is_none();
        Self {
            ssh,
            wsl,
            container,
            no_display,
        }
    }

    /// The command that leads a browser on the person's own machine to the listener here; to be typed there.
    pub fn tunnel(&self, listening: SocketAddr) -> Option<String> {
        let ssh = self.ssh.as_ref()?;
        let port = listening.port();
        let to = if listening.is_ipv6() { "[::1]" } else { "127.0.0.1" };
        let server = match ssh.port {
            22 => String::new(),
            port => format!("-p {port} "),
        };
        let user = ssh
            .user
            .as_ref()
            .map(|user| format!("{user}@"))
            .unwrap_or_default();
        Some(format!("ssh -L {port}:{to}:{port} {server}{user}{}", ssh.host))
    }
}

#[cfg(test)]
mod tests {
    use crate::ui::model::seat::*;

    fn seat(variables: &[(&str, &str)], files: &[&str]) -> Seat {
        let variable = |name: &str| {
            let found = variables.iter().find(|(of, _)| *of == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Seat::of(variable, |path| files.contains(&path))
    }

    #[test]
    fn the_tunnel_leads_to_the_port_that_is_listened_on() {
        let connection = ("SSH_CONNECTION", "203.0.113.7 50022 198.51.100.20 22");
        let at_work = seat(&[connection, ("USER", "octo")], &[]);
        assert_eq!(
            at_work.tunnel("127.0.0.1:8914".parse().unwrap()).as_deref(),
            Some("ssh -L 8914:127.0.0.1:8914 octo@198.51.100.20")
        );
        let other_port = seat(&[("SSH_CONNECTION", "2001:db8::7 50022 2001:db8::20 2222")], &[]);
        assert_eq!(
            other_port.tunnel("[::1]:41000".parse().unwrap()).as_deref(),
            Some("ssh -L 41000:[::1]:41000 -p 2222 2001:db8::20")
        );
        assert_eq!(seat(&[], &[]).tunnel("127.0.0.1:1".parse().unwrap()), None);
        // Nothing that a shell would take for more than a name is put into a command.
        let odd = seat(&[connection, ("USER", "x; true")], &[]);
        assert_eq!(
            odd.tunnel("127.0.0.1:1".parse().unwrap()).as_deref(),
            Some("ssh -L 1:127.0.0.1:1 198.51.100.20")
        );
        assert_eq!(seat(&[("SSH_CONNECTION", "broken")], &[]).ssh, None);
    }

    #[test]
    fn windows_and_containers_are_known_by_what_they_set() {
        assert!(seat(&[("WSL_DISTRO_NAME", "Debian")], &[]).wsl);
        for (variables, files) in [
            (&[("container", "podman")][..], &[][..]),
            (&[], &["/.dockerenv"]),
            (&[("CODESPACES", "true")], &[]),
        ] {
            assert!(seat(variables, files).container, "{variables:?} {files:?}");
        }
        let at_home = seat(&[("DISPLAY", ":0")], &[]);
        assert_eq!(at_home, Seat::default());
        assert_eq!(seat(&[], &[]).no_display, cfg!(target_os = "linux"));
    }
}
