"""The quarter of a gold set that rules are not tuned on: its articles are never read, its errors never listed."""

import hashlib


def is_held_out(doc_id: str) -> bool:
    """Whether an article belongs to that quarter. The choice is the id's alone, so that it is the same everywhere."""
    return hashlib.sha1(doc_id.encode(), usedforsecurity=False).digest()[0] % 4 == 0
