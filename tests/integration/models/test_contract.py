"""What holds for every model: it builds on an empty warehouse, and its columns have an origin."""

from pipeline.sqlmodels import Project, column_lineage
from tests.integration.models.corpus import Corpus


def test_every_model_builds_and_passes_its_tests_on_an_empty_warehouse(corpus: Corpus) -> None:
    corpus.build()
    for model in corpus.project.models:
        assert corpus.rows(f"SELECT count(*) FROM {model.full_name}") == [(0,)]


def test_every_column_of_a_mart_that_is_no_bare_count_has_an_origin(project: Project) -> None:
    without = {
        f"{m.name}.{column}"
        for m in project.models
        if m.schema == "marts"
        for column, origins in column_lineage(project, m.full_name).items()
        if not origins
    }
    counts = {
        "quality_month.n_articles",
        "quality_month.n_events",
        "cue_month.n_statements",
        "unresolved_names.n_mentions",
        "uncoded_verbs.n_times",
        "linked_incident.n_reports",
        "lethality_month.n_incidents",
        "press_share_month.base_months",
        "press_share_month.n_sources",
        "arrow_month.base_months",
        "deaths_month.n",
        "dataset_agreement.n_months",
        "dataset_agreement.enough",
    }
    constants = {"evidence.kind", "dyad_month_evidence.kind", "attack_claim_gap.grain", "attack_claim_gap.other_side"}
    constants |= {f"dyad_dashboard.{column}" for column in ("mart", "tense_is", "evidence_kind")}
    assert without == {*constants, *counts}
