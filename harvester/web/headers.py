"""The headers that every answer has, whatever made it."""

from collections.abc import MutableSequence

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src https://www.youtube-nocookie.com",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # to ourselves: with no-referrer browsers send `Origin: null`, which looks like another site
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(),"
    " payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""No Cross-Origin-Embedder-Policy: the preview of YouTube could not be framed."""

UNLESS_SAID = {"cache-control": "no-store"}
"""What is so unless the answer says otherwise: a page shows how things are now."""

Headers = MutableSequence[tuple[bytes, bytes]]


def complete(headers: Headers) -> None:
    """Add to an answer's headers what every answer has."""
    there = {name.lower() for name, _ in headers}
    for index in range(len(headers) - 1, -1, -1):
        if headers[index][0].lower().decode("latin-1") in ALWAYS:
            del headers[index]
    headers += [(name.encode(), value.encode()) for name, value in ALWAYS.items()]
    headers += [
        (name.encode(), value.encode())
        for name, value in UNLESS_SAID.items()
        if name.encode() not in there
    ]
