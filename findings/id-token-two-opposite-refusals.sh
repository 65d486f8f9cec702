#!/usr/bin/env bash
#
# PyJWT 2.15.1 and python-jose 3.5.0 (PyPI): of two valid ID tokens each library refuses the one
# that the other accepts.
#
# One would expect: OpenID Connect Core, section 3.1.3.6: `at_hash` is optional in the code flow,
#   and section 3.1.3.7 leaves its check to the client. RFC 7519, section 4.1.6: `iat` tells the
#   age of a token; no rule refuses one from a clock that runs a few seconds ahead.
# What happens: python-jose refuses a token with `at_hash` as long as it is not given the access
#   token too. PyJWT refuses a token that was issued "in the future" and calls it an immature
#   signature; the leeway is 0 seconds unless one is set.
# Why it matters: a server that begins to send `at_hash`, or whose clock gains a minute, breaks
#   the clients of one library only. Both messages sound like a forged token.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyJWT==2.15.1 'python-jose[cryptography]==3.5.0'

cat > try.py <<'PY'
import base64
import hashlib
import time
from importlib.metadata import version

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jose import jwt as jose

key = rsa.generate_private_key(65537, 2048)
private = key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
public = key.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
half = hashlib.sha256(b"the-access-token").digest()[:16]
now = int(time.time())
claims = {"iss": "http://127.0.0.1", "sub": "person", "aud": "app", "iat": now, "exp": now + 600}
tokens = {
    "plain": {},
    "with at_hash": {"at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode()},
    "from a clock 30 seconds ahead": {"iat": now + 30},
}
print("PyJWT", version("PyJWT"), "python-jose", version("python-jose"))
for name, extra in tokens.items():
    token = jwt.encode(claims | extra, private, "RS256")
    for library, decode, verifier in (("PyJWT", jwt.decode, public), ("python-jose", jose.decode, public.decode())):
        try:
            decode(token, verifier, algorithms=["RS256"], audience="app")
            seen = "accepted"
        except Exception as error:
            seen = f"{type(error).__name__}: {error}"
        print(f"{name}, {library}: {seen}")
PY

venv/bin/python try.py | tee seen.txt
cat > expected.txt <<'TEXT'
PyJWT 2.15.1 python-jose 3.5.0
plain, PyJWT: accepted
plain, python-jose: accepted
with at_hash, PyJWT: accepted
with at_hash, python-jose: JWTClaimsError: No access_token provided to compare against at_hash claim.
from a clock 30 seconds ahead, PyJWT: ImmatureSignatureError: The token is not yet valid (iat)
from a clock 30 seconds ahead, python-jose: accepted
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
