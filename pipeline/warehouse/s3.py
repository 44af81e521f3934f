"""Opening a place in S3 that Faultline writes to: what is published, and a cluster's batches.

What belongs here: the client (obstore, the extra ``s3``). What does not: what the objects hold, and reading what others put there (``ingest``).
"""

import os
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import SettingsError


def open_s3(address: str, endpoint: str, region: str, setting: str) -> Any:
    """The store of all objects below an address; keys are relative to it. Credentials come from the environment.

    Args:
        address: ``s3://bucket/prefix``.
        endpoint: as in ``settings.ObjectStoreSettings``.
        region: likewise.
        setting: the setting that the address stands in.

    Raises:
        SettingsError: the extra is not installed.
    """
    try:
        from obstore.store import S3Store
    except ImportError as error:
        msg = f"{setting} needs a package more. Install it with: uv sync --extra s3 (or pip install 'faultline[s3]')."
        raise SettingsError(msg) from error
    endpoint = endpoint or os.environ.get("AWS_ENDPOINT_URL", "")
    options: dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
    if region:
        options["region"] = region
    parts = urlsplit(address)
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        client_options={"allow_http": endpoint.startswith("http://")},
        **options,
    )


def said_by_s3(address: str, error: Exception, setting: str) -> str:
    """What went wrong with an address, in words that say what to do; obstore has an exception for each kind of store and trouble."""
    said = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
    return f"{address} cannot be used: {said.rstrip('.')}. Check {setting} and [object_store] in faultline.toml and the keys in the environment (AWS_ACCESS_KEY_ID, …)."
