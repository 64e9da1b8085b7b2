"""The signature of a delivery: who has the secret can see that it comes from this device, and was sent just now."""

from __future__ import annotations

import hmac


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the header X-Soundit-Signature: "sha256=" and the HMAC-SHA256 of timestamp, full stop and body, in hex."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, "sha256").hexdigest()
