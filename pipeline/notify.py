"""Telling somebody outside: new alerts and failed runs to a webhook and into a file, as the settings say.

What belongs here: the message and its delivery. What does not: what an alert is (``warehouse.alerts``).

A message is one JSON object: ``text`` for people (the key that Slack, Mattermost and others show), ``kind``, and the ``alerts``.
Delivery is at least once: what could not be sent is sent again by the next run or sensor.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from pipeline.errors import DeliveryError
from pipeline.settings import Settings
from pipeline.warehouse.alerts import Alert, mark_sent, unsent
from pipeline.warehouse.store import Warehouse

_ALERTS_PER_MESSAGE = 50
_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Channels:
    """Where messages go: an address, a file, both, or nowhere."""

    webhook: str = ""
    file: Path | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> "Channels":
        """The channels that the settings name."""
        return cls(settings.alerts.webhook, settings.alerts_file)

    @property
    def are_there(self) -> bool:
        """Whether there is any."""
        return bool(self.webhook or self.file)

    def send(self, message: dict[str, Any]) -> None:
        """Deliver one message.

        Raises:
            DeliveryError: a channel does not take it; the message names it, but not the address, which may hold a secret.
        """
        body = json.dumps(message, ensure_ascii=False, default=str)
        if self.file is not None:
            try:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                with self.file.open("a", encoding="utf-8") as file:
                    file.write(body + "\n")
            except OSError as error:
                raise DeliveryError(f"alerts.file {self.file} cannot be written: {error.strerror}.") from error
        if self.webhook:
            host = httpx.URL(self.webhook).host
            try:
                answer = httpx.post(
                    self.webhook, content=body.encode(), headers={"Content-Type": "application/json"}, timeout=_SECONDS
                )
            except httpx.HTTPError as error:
                raise DeliveryError(f"alerts.webhook at {host} does not answer ({type(error).__name__}).") from error
            if not answer.is_success:
                raise DeliveryError(f"alerts.webhook at {host} answered {answer.status_code}: check its address.")


def send_alerts(warehouse: Warehouse, channels: Channels) -> int:
    """Send the alerts that were not sent yet; returns how many. Without channels they count as sent: the table is their place.

    Raises:
        DeliveryError: a channel did not take them; those not sent stay to be sent.
    """
    with warehouse.connect() as con:
        waiting = unsent(con)
    # No connection is open while a server thinks about its answer.
    for first in range(0, len(waiting), _ALERTS_PER_MESSAGE):
        some = waiting[first : first + _ALERTS_PER_MESSAGE]
        if channels.are_there:
            channels.send({"kind": "alerts", "text": _text(some), "alerts": [asdict(a) for a in some]})
        warehouse.write(partial(mark_sent, alert_ids=[a.alert_id for a in some]))
    return len(waiting) if channels.are_there else 0


def send_failure(channels: Channels, job: str, run_id: str, error: str) -> None:
    """Send word of a failed run.

    Raises:
        DeliveryError: a channel did not take it.
    """
    text = f"Faultline: the run {run_id[:8]} of {job} failed: {error}"
    channels.send({"kind": "run failed", "text": text, "job": job, "run_id": run_id, "error": error})


def _text(some: Sequence[Alert]) -> str:
    lines = [f"- {a.kind}: {a.message}" + (f"\n  “{' '.join(a.sentence.split())}”" if a.sentence else "") for a in some]
    return f"Faultline: {len(some)} new alerts\n" + "\n".join(lines)
