"""How a receiver knows that a post comes from us and is not an old one sent again."""

from __future__ import annotations

import base64
import hashlib
import hmac

HEADER = "Tieline-Signature"


def secret_of(salt: str) -> str:
    """The secret of a webhook: made of its salt and the key of the pages, and kept nowhere."""
    from django.conf import settings

    made = hmac.new(settings.SECRET_KEY.encode(), b"webhook " + salt.encode(), hashlib.sha256)
    return "whsec_" + base64.urlsafe_b64encode(made.digest()).decode("ascii").rstrip("=")


def signature(secret: str, seconds: int, body: bytes) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256 by the secret over the moment, a full stop and the body."""
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"
