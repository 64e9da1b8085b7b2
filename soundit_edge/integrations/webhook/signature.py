"""The signature of a delivery: who has the secret can see that it comes from this device, and was sent just now."""

from __future__ import annotations

import hmac


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the header X-Soundit-Signature: "sha256=" and the HMAC-SHA256 of timestamp, full stop and body, in hex."""
    key = secret.encode("utf-8", "surrogatepass")  # JSON can say what is no character
    return "sha256=" + hmac.new(key, timestamp.encode() + b"." + body, "sha256").hexdigest()
