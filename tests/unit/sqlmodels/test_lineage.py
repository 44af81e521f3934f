from collections.abc import Callable, Mapping

from pipeline.sqlmodels import Project, column_lineage

WriteProject = Callable[[Mapping[str, str]], Project]

STAGING = """/*
description: x
columns: {who: x, points: x}
*/
SELECT actor AS who, score AS points FROM core.events
"""

MART = """/*
description: x
columns: {name: x, total: x, n: x, best: x, fixed: x}
*/
WITH sums AS (SELECT who, sum(points) AS total, count(*) AS n FROM staging.s GROUP BY who)
SELECT a.name, sums.total / (SELECT max(score) FROM core.events) AS total, n, greatest(total, 0) AS best, 1 AS fixed
FROM sums JOIN core.actors a ON a.actor = sums.who
"""

RECURSIVE = """/*
description: x
columns: {actor: x, step: x}
*/
WITH RECURSIVE r AS (SELECT actor, 0 AS step FROM core.events UNION ALL SELECT actor, step + 1 FROM r WHERE step < 3)
SELECT actor, step FROM r
"""


def test_lineage_leads_through_ctes_to_the_relations_read(write_project: WriteProject) -> None:
    project = write_project({"staging/s.sql": STAGING, "marts/m.sql": MART})
    assert column_lineage(project, "staging.s") == {
        "who": [("core.events", "actor")],
        "points": [("core.events", "score")],
    }
    assert column_lineage(project, "m") == {
        "name": [("core.actors", "name")],
        "total": [("core.events", "score"), ("staging.s", "points")],
        "n": [],
        "best": [("staging.s", "points")],
        "fixed": [],
    }


def test_lineage_of_a_recursive_query_ends(write_project: WriteProject) -> None:
    lineage = column_lineage(write_project({"marts/r.sql": RECURSIVE}), "r")
    assert lineage == {"actor": [("core.events", "actor")], "step": []}


def test_column_that_is_not_produced_has_no_origin(write_project: WriteProject) -> None:
    absent = STAGING.replace("points: x}", "points: x, ghost: x}")
    assert column_lineage(write_project({"staging/s.sql": absent}), "s")["ghost"] == []
