"""What a page of the site may do: the policy in each page, and the headers for hosts that set them.

A static host need not be able to set headers, so the policy travels in the pages. Four things a
page cannot say of itself (who may frame it, that types are not guessed, what a link tells, which
device features it wants) are headers only; ``site/_headers`` holds all of them in the form that
several static hosts read.
"""

_DIRECTIVES = {
    "default-src": "'self'",
    "script-src": "'self'",  # no inline script, no eval: what data say is never run
    "style-src": "'self' 'unsafe-inline'",  # Markdown writes a column's alignment as one
    "img-src": "'self' data:",  # the theme's icons are data URLs in its style sheet
    "object-src": "'none'",
    "base-uri": "'self'",
}

POLICY = "; ".join(f"{name} {sources}" for name, sources in _DIRECTIVES.items())
"""The Content-Security-Policy of every page."""

HEADERS = {
    "Content-Security-Policy": f"{POLICY}; form-action 'self'; frame-ancestors 'self'",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What a host that sets headers should send with every file."""


def meta() -> str:
    """Return the policy as an element, to stand before all that it governs."""
    return f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'


def headers_file() -> str:
    """Return ``_headers``: a pattern of paths, then one header a line."""
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in HEADERS.items())
