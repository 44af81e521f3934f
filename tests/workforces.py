"""Warehouses to tag and the processes that tag them, for tests with more than one."""

import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from strange_taggers import Strange

from pipeline.progress import Progress, silent
from pipeline.records import Article
from pipeline.steps import TagReport, tag_untagged
from pipeline.warehouse.batches import TaggedBatch
from pipeline.warehouse.rows import row_id
from pipeline.warehouse.store import Warehouse
from pipeline.workers.opening import Workforce, open_engine
from pipeline.workers.places import Folder


def descendants(pid: int) -> dict[int, str]:
    """Command lines of the processes below one, by their number."""
    parents, commands = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                commands[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, IndexError):
                continue
    below, found = {pid}, {}
    while more := {p for p, parent in parents.items() if parent in below and p not in found}:
        found |= {p: commands.get(p, "") for p in more}
        below = more
    return found


def tagging(pid: int | None = None) -> list[int]:
    """The processes that tag for one."""
    return [p for p, command in descendants(pid or os.getpid()).items() if "pipeline.workers.child" in command]


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until(holds: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


class Filled(Warehouse):
    """A warehouse in a folder of the test's, where batches may lie too."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "w.duckdb", lock_timeout_seconds=30)
        self.folder = folder
        self.after_each_batch: Callable[[], object] = lambda: None

    def store_batch(self, batch: TaggedBatch) -> dict[str, int]:
        written = super().store_batch(batch)
        self.after_each_batch()
        return written


def warehouse_of(folder: Path, texts: list[str]) -> Filled:
    warehouse = Filled(folder)
    warehouse.add([Article(f"a{i}", f"{text} {i}", text_hash=row_id(text, i), origin=f"wire.jsonl:{i}") for i, text in enumerate(texts)], "1")  # fmt: skip
    return warehouse


def stored(warehouse: Warehouse) -> tuple[list[str], list[tuple[str, str]]]:
    """Articles as often as they were tagged and have rows, and those rejected with the reason."""
    with warehouse.connect() as con:
        tagged = con.execute(
            "SELECT article_id FROM core.tagging_runs JOIN core.sentences USING (article_id) ORDER BY 1"
        )
        articles = [a for (a,) in tagged.fetchall()]
        rejected = con.execute("SELECT article_id, reason FROM raw.rejected ORDER BY 1").fetchall()
    return articles, rejected


def tag(
    warehouse: Filled,
    engine: str,
    after_each_batch: Callable[[], object] = lambda: None,
    progress: Progress = silent,
    **how: object,
) -> TagReport:
    """Tag in batches of 4 with two workers, or those of ``how``; ``after_each_batch`` is called when one is stored."""
    who = Workforce(**{"engine": engine, "workers": 2, "batches": Folder(warehouse.folder / "batches"), **how})  # type: ignore[arg-type]
    warehouse.after_each_batch = after_each_batch
    with open_engine(Strange(), who) as opened:
        return tag_untagged(warehouse, opened, 4, progress)


def once(action: Callable[[], object]) -> Callable[[], None]:
    """Does something the first time only."""
    left = [action]
    return lambda: left and left.pop()() and None


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def many_articles(folder: Path) -> None:
    text = "Rebels attacked a town in Mali on 3 May 2021, killing {} people. " * 12
    lines = [json.dumps({"doc_id": f"d{i}", "text": text.format(*[i] * 12), "published": "2021-05-06"}) for i in range(120)]  # fmt: skip
    (folder / "many.jsonl").write_text("\n".join(lines))


def runs(folder: Path) -> int:
    try:
        with duckdb.connect(str(folder / "data" / "warehouse.duckdb"), read_only=True) as con:
            return int(con.execute("SELECT count(*) FROM core.tagging_runs").fetchall()[0][0])
    except duckdb.Error:
        return 0
