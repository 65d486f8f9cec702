"""Each client makes a good flow and each of the three errors through the tap; each has to be named rightly.

usage: drive.py OAUTHLENS CLIENT_COMMANDS_AS_JSON
"""

import html.parser
import http.cookiejar
import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

OAUTHLENS, COMMANDS = sys.argv[1], json.loads(sys.argv[2])
CALLBACK = "http://127.0.0.1:42799/auth/callback/github"
OTHER = "http://localhost:42799/auth/callback/github"
LIMIT = 30

# Name, what is changed, the error that the server answers, and what has to be found first.
CASES = [
    ("good", {}, None, None),
    (
        "credentials",
        {"client_secret": "0123456789abcdef0123456789abcdef01234567"},
        "incorrect_client_credentials",
        "client_secret_wrong",
    ),
    (
        "redirect_uri",
        {"redirect_uri_at_exchange": OTHER},
        "redirect_uri_mismatch",
        "redirect_uri_differs_at_exchange",
    ),
    ("code", {"code": lambda code: code[:-3]}, "bad_verification_code", "code_truncated"),
]


class Forms(html.parser.HTMLParser):
    """The forms of a page, each with its fields and its buttons."""

    def __init__(self):
        super().__init__()
        self.forms = []

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "form":
            self.forms.append((a.get("action") or "", {}, []))
        elif self.forms and tag in ("input", "button") and a.get("name"):
            _, fields, buttons = self.forms[-1]
            if tag == "button" or a.get("type") == "submit":
                buttons.append((a["name"], a.get("value", "")))
            elif a.get("type") in ("text", "email", "password"):
                fields[a["name"]] = a.get("value") or "octocat"
            else:
                fields[a["name"]] = a.get("value", "")


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def browser(url):
    """Signs in and consents; gives the address that the browser is sent back to."""
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(cookies, Stay, urllib.request.ProxyHandler({}))
    data = None
    for _ in range(10):
        try:
            with opener.open(url, data, timeout=LIMIT) as answer:
                page = answer.read().decode()
        except urllib.error.HTTPError as error:
            if error.code not in (302, 303):
                raise
            url, data = urllib.parse.urljoin(url, error.headers["Location"]), None
            if url.startswith(CALLBACK):
                return url
            continue
        forms = Forms()
        forms.feed(page)
        action, fields, buttons = forms.forms[0]
        fields.update(buttons[:1])
        url, data = urllib.parse.urljoin(url, action or url), urllib.parse.urlencode(fields).encode()
    raise AssertionError("the browser has not come back")


def values(stream, last):
    found = {}
    for line in stream:
        name, _, value = line.strip().partition("=")
        if value:
            found[name] = value
        if name == last:
            return found
    raise AssertionError(f"{last} was not printed")


def run(command, settings, change):
    """One flow of one client; gives its last words."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:

        def say(text):
            client.stdin.write(text + "\n")
            client.stdin.flush()

        say(json.dumps(settings))
        asked = client.stdout.readline().strip()
        assert asked.startswith("http"), asked
        back = browser(asked)
        if change:
            parts = urllib.parse.urlsplit(back)
            query = dict(urllib.parse.parse_qsl(parts.query))
            query["code"] = change(query["code"])
            back = parts._replace(query=urllib.parse.urlencode(query)).geturl()
        say(back)
        return client.stdout.read().strip()


def check(name, document, error, first, secret):
    """What is wrong with what the tap says of an attempt."""
    said = (document["error"] or {}).get("error")
    steps = [entry["what"] for entry in document["transcript"]["entries"]]
    for step in ("authorization_started", "redirect_received", "request_sent", "response_received"):
        if step not in steps:
            return f"{name}: {step} was not seen: {steps}"
    if said != error:
        return f"{name}: the error is {said}, expected {error}"
    found = [finding["code"] for finding in document["findings"] if finding["certainty"] != "ruled_out"]
    if first and first not in found[:1]:
        return f"{name}: expected first is {first}, found are {found}"
    if secret in json.dumps(document):
        return f"{name}: the client secret is in the document"
    return None


def main():
    simulator = subprocess.Popen(
        [OAUTHLENS, "simulate", "--registered-redirect-uri", CALLBACK.replace(":42799", "")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    app = values(simulator.stdout, "redirect_uri")
    base = app["base_url"]
    tap = subprocess.Popen(
        [OAUTHLENS, "tap", "--json", "--provider", "github", "--api-url", base]
        + ["--authorization-endpoint", f"{base}/login/oauth/authorize"]
        + ["--token-endpoint", f"{base}/login/oauth/access_token"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    own = values(tap.stderr, "api_url")
    failures = 0
    try:
        for client, command in COMMANDS.items():
            for name, changed, error, first in CASES:
                settings = {
                    "client": client,
                    "issuer": f"{base}/login/oauth",
                    "redirect_uri": CALLBACK,
                    "redirect_uri_at_exchange": CALLBACK,
                    "client_id": app["client_id"],
                    "client_secret": app["client_secret"],
                    **own,
                    **{key: value for key, value in changed.items() if key != "code"},
                }
                words = run(command, settings, changed.get("code"))
                document = json.loads(tap.stdout.readline())
                wrong = check(f"{client}, {name}", document, error, first, settings["client_secret"])
                if not wrong and not error and words != "signed in":
                    wrong = f"the program itself says: {words}"
                failures += wrong is not None
                print("ok  " if wrong is None else "FAIL", f"{client:20} {name:14}", wrong or words, flush=True)
    finally:
        for process in (tap, simulator):
            process.terminate()
            process.wait(LIMIT)
    return 1 if failures else 0


sys.exit(main())
