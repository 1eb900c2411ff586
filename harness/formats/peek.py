"""What the first bytes of a file show of its JSON, for detection; nothing here raises."""

import functools
import json
import re
from typing import Any

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|"', re.DOTALL)
CLOSING = {"{": "}", "[": "]"}
DEEPEST = 200  # brackets within brackets; no harness nests so deep, and mending takes its square


@functools.lru_cache(maxsize=4)
def peek_json(head: bytes) -> Any:
    """Parse the first JSON value in the bytes, as far as it reaches; None where it is no JSON.

    A value that the bytes cut off is closed after its last whole member, so the keys seen so far
    are there. Of a file of JSON lines this is the first line. Do not alter what is returned.
    """
    text = head.decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    if text[:1] not in {"{", "["}:
        return None
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        return _mended(text)


def peek_record(head: bytes) -> dict[str, Any]:
    """Give the first object: the document, its first entry, or the first line; else empty."""
    value = peek_json(head)
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, dict) else {}


def is_json_lines(head: bytes) -> bool:
    """Tell whether the first line is a whole object.

    A document on one line cannot be told from a file of one line; it counts as JSON lines.
    """
    text = head.decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    if text[:1] != "{":
        return False
    try:
        json.loads(text.partition("\n")[0])
    except (ValueError, RecursionError):
        return False
    return True


def first_line(head: bytes) -> str:
    """Give the first line that is not blank, such as a CSV's header."""
    text = head.decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    return text.partition("\n")[0].rstrip("\r")


def _mended(text: str) -> Any:
    """Cut a truncated value after its last whole member and close its brackets."""
    stack: list[str] = []
    cut, closing = 0, ""
    for match in TOKEN.finditer(text):
        token = match[0]
        if match[0] == '"':  # a string that the bytes cut off; what follows is its text
            break
        if token in CLOSING:
            stack.append(CLOSING[token])
            if len(stack) > DEEPEST:
                return None
            cut, closing = match.end(), "".join(reversed(stack))
        elif token in {"}", "]"}:
            if not stack or stack.pop() != token:
                return None
            cut, closing = match.end(), "".join(reversed(stack))
        elif match[0] == "," and stack:
            cut, closing = match.start(), "".join(reversed(stack))
        if not stack:
            break
    try:
        return json.loads(text[:cut] + closing)
    except (ValueError, RecursionError):
        return None
