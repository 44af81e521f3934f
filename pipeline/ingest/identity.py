"""Who an article is: its canonical URL, the hash of its normalized text, and the article_id made of them.

What does not belong here: near-duplicates, and any look at articles read before.

The ids are keys of the warehouse. A change of a rule here gives known articles new ids: it needs a migration.
"""

import hashlib
import re
import unicodedata
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

_WEB = {"http", "https"}
_DEFAULT_PORT = {"http": 80, "https": 443}
_NO_SCHEME = re.compile(r"(?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)

# Parameters that say how a reader came, not what is read.
_TRACKING = frozenset(
    [
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "igsh",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_ga",
        "_gl",
        "ocid",
        "cmpid",
        "cmp",
        "ns_mchannel",
        "ns_campaign",
        "ns_source",
        "ns_linkname",
        "at_medium",
        "at_campaign",
        "spm",
        "smid",
        "ref_src",
        "ref_url",
        "__twitter_impression",
    ]
)
_TRACKING_PREFIXES = ("utm_", "at_custom", "hsa_", "pk_", "mtm_", "piwik_")


def digest(*parts: str) -> str:
    """24 hexadecimal characters of BLAKE2b over the parts."""
    joined = "\x1f".join(parts)
    return hashlib.blake2b(joined.encode("utf-8", "replace"), digest_size=12).hexdigest()


def normalize(text: str) -> str:
    """Text as it is compared: NFKC, case folded, white space collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def text_hash(text: str) -> str:
    """Hash of the normalized text; equal for reposts that differ in case, spacing or typographic width only."""
    return digest("text", normalize(text))


def _split(url: str) -> SplitResult | None:
    """The parts of a web address, None for anything else (javascript:, file:, urn:, "n/a")."""
    address = url.strip()
    if _NO_SCHEME.match(address):
        address = f"https://{address.removeprefix('//')}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme.lower() in _WEB and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # unbalanced brackets, port out of range
        return None
    return parts if usable else None


def web_url(url: str | None) -> str | None:
    """The address as given if it is one of the web, else None: nothing else may become a link in a report."""
    parts = _split(url) if url else None
    return parts.geturl() if parts else None


def host(url: str | None) -> str | None:
    """The publisher's host name without ``www.``."""
    parts = _split(url) if url else None
    return parts.hostname.removeprefix("www.") if parts and parts.hostname else None


def canonical_url(url: str | None) -> str | None:
    """The one spelling of an article's address, or None where it names no article (no web address, or a bare home page).

    https, host in lower case, parameters sorted; no default port, fragment, tracking parameter or trailing slash.
    """
    parts = _split(url) if url else None
    if parts is None or parts.hostname is None:
        return None
    query = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(k))
    path = parts.path.rstrip("/")
    if not path and not query:
        return None
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.rstrip(".")
    port = "" if parts.port in (None, _DEFAULT_PORT[parts.scheme.lower()]) else f":{parts.port}"
    return f"https://{name}{port}{path}" + (f"?{urlencode(query)}" if query else "")


def _is_tracking(parameter: str) -> bool:
    name = parameter.lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def article_id(url: str | None, source: str | None, text: str) -> str:
    """Hash of the canonical URL, else of source and normalized text."""
    canonical = canonical_url(url)
    return digest("url", canonical) if canonical else digest("source", normalize(source or ""), normalize(text))
