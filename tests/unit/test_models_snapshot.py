"""What is read from every SQL file: a change of it shows in review. (The SQL itself needs no snapshot: nothing compiles it, the file is what runs.)

``UPDATE_MODELS=1 pytest tests/unit/test_models_snapshot.py`` writes the snapshot.
"""

import json
import os
from pathlib import Path

from pipeline.sqlmodels import load_project
from pipeline.warehouse.sources import relation_columns

ROOT = Path(__file__).parent.parent.parent
SNAPSHOT = Path(__file__).with_name("models.json")


def _readable(read: dict[str, dict[str, object]]) -> str:
    """JSON with a line for each fact, so that a change is a line of its own."""
    models = [
        f' "{name}": {{\n' + ",\n".join(f'  "{what}": {json.dumps(fact)}' for what, fact in facts.items()) + "\n }"
        for name, facts in sorted(read.items())
    ]
    return "{\n" + ",\n".join(models) + "\n}\n"


def test_what_is_read_from_the_models_is_that_of_the_snapshot() -> None:
    project = load_project(ROOT / "dbt_like_sql", relation_columns())
    read: dict[str, dict[str, object]] = {
        m.full_name: {
            "built as": f"{m.materialization} {'onward' if m.onward else 'by'} {m.partition}"
            if m.partition
            else m.materialization,
            "reads": list(m.depends_on),
            "parameters": list(m.parameters),
            "columns": list(m.columns),
            "tests": [c.name if c.severity == "error" else f"{c.name} warns" for c in m.checks]
            + [t.name for t in project.tests if t.model == m.full_name],
        }
        for m in project.models
    }
    if os.environ.get("UPDATE_MODELS"):
        SNAPSHOT.write_text(_readable(read), encoding="utf-8")
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == read


def test_every_model_is_tested_and_every_mart_leads_to_its_evidence() -> None:
    project = load_project(ROOT / "dbt_like_sql", relation_columns())
    files = {t.model for t in project.tests}
    assert [m.full_name for m in project.models if not m.checks and m.full_name not in files] == []
    leads = {m.full_name for m in project.models if any(c.kind == "relationships" for c in m.checks)} | files
    # marts.evidence is what the others lead to; the agreement of two data sets adds up marts.dataset_agreement_month, which is tested.
    assert {m.full_name for m in project.models if m.schema == "marts"} - leads == {
        "marts.evidence", "marts.dataset_agreement",
    }  # fmt: skip
