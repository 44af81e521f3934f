"""The example notebook runs on the snapshot of the bundled corpus, and is kept without outputs."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent.parent.parent / "docs" / "notebook" / "one_pair.ipynb"


def said(cell: nbformat.NotebookNode) -> str:
    return "".join(o.get("text", "") + str(o.get("data", "")) for o in cell.get("outputs", []))


def test_the_notebook_runs_and_shows_what_it_promises(project: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(project)}}
    ).execute()
    shown = [said(c) for c in notebook.cells if c.cell_type == "code"]
    assert "64 articles" in shown[0]
    assert "Afghanistan" in shown[1]
    assert "Pakistan (PAK)" in shown[2]
    assert "tension_now" in shown[3]
    assert "vega" in shown[4]
    assert "→" in shown[5]
    assert "undated" in shown[6]


def test_the_notebook_is_kept_without_outputs() -> None:
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
