"""A warehouse filled by hand: rows as the tagger would write them, and the models built upon them."""

from datetime import date, datetime
from typing import Any

import duckdb
import sqlglot

from pipeline.indicator_settings import Indicators
from pipeline.sqlmodels import Project, build, run_tests
from pipeline.warehouse import schema
from pipeline.warehouse.merge import insert_new
from pipeline.warehouse.reference import parameter_rows
from pipeline.warehouse.rows import row_id

TEXT = "Café talks began. Raiders struck the camp 😀 twice. More followed."
SENTENCES = ((0, 17), (18, 50), (51, 65))
SPAN = (26, 32)
KAPPA, Z = 5.0, 1.96
# Town: country, degrees north and east
PLACES = {
    "Northtown": ("AAA", 10.0, 20.0),
    "Southtown": ("AAA", 5.0, 20.0),
    "Suburb": ("AAA", 10.1, 20.1),
    "Farcity": ("BBB", 40.0, 9.0),
}
# Type: quad class, Goldstein, PLOVER score
TYPES = {
    "CONSULT": (1, 1.0, 2.5),
    "AID": (2, 7.0, 10.0),
    "REJECT": (3, -4.0, -2.0),
    "ASSAULT": (4, -10.0, -9.0),
}


class Corpus:
    """Fills a warehouse with rows as the tagger would write them, and builds the models."""

    def __init__(self, con: duckdb.DuckDBPyConnection, project: Project) -> None:
        self.con, self.project = con, project
        insert_new(con, schema.parameters, parameter_rows(Indicators(min_confidence=0.3, kappa_events=KAPPA, z95=Z)))
        self.serial = 0

    def article(self, key: str, published: str | None = "2021-06-30", coder: str = "c1", **fields: Any) -> None:
        day = date.fromisoformat(published) if published else None
        row = {"article_id": key, "text": TEXT, "text_hash": key, "published": day, "source": f"paper {key}", **fields}
        insert_new(self.con, schema.articles, [{**row, "ingest_batch": "b", "fetched_at": _timestamp("2021-07-01")}])
        self.run(key, coder)

    def run(self, key: str, coder: str, tagged_at: str = "2021-07-01") -> None:
        run = {"article_id": key, "coder_version": coder}
        insert_new(self.con, schema.tagging_runs, [{**run, "tagged_at": _timestamp(tagged_at)}])
        rows = [{**run, "sentence": i, "start_char": s, "end_char": e} for i, (s, e) in enumerate(SENTENCES)]
        insert_new(self.con, schema.sentences, rows)

    def _base(self, article: str, coder: str) -> dict[str, Any]:
        start, end = SPAN
        self.serial += 1
        base = {"article_id": article, "coder_version": coder, "sentence": 1, "status": "actual"}
        return {**base, "start_char": start, "end_char": end, "text": TEXT[start:end]}

    def event(
        self,
        source: str | None,
        target: str | None,
        event_type: str,
        day: str | None,
        article: str = "a",
        coder: str = "c1",
        **fields: Any,
    ) -> str:
        quad, goldstein, plover = TYPES[event_type]
        start = date.fromisoformat(day) if day else None
        row = {
            **self._base(article, coder),
            "event_id": f"e{self.serial:03}",
            "source_actor_id": source,
            "target_actor_id": target,
            "event_type": event_type,
            "quad_class": quad,
            "quad_scheme": "plover",
            "goldstein": goldstein,
            "plover_score": plover,
            "start_date": start,
            "end_date": start,
            "date_precision": "day" if day else "none",
            "negated": False,
            "confidence": 0.8,
            **fields,
        }
        insert_new(self.con, schema.events, [row])
        return str(row["event_id"])

    def count(self, actor: str | None, month: str, best: int | None, article: str = "a", **fields: Any) -> None:
        start = date.fromisoformat(f"{month}-01")
        row = {
            **self._base(article, "c1"),
            "count_id": f"n{self.serial:03}",
            "measure": "attacks",
            "low": best,
            "best": best,
            "high": best,
            "actor_id": actor,
            "start_date": start,
            "end_date": start.replace(day=28),
            "grain": "month",
            "attribution_type": "self_claim",
            **fields,
        }
        insert_new(self.con, schema.attack_counts, [row])

    def cue(self, a: str, b: str, polarity: int, strength: int, article: str = "a", **fields: Any) -> None:
        row = {
            **self._base(article, "c1"),
            "relation_id": f"r{self.serial:03}",
            "actor_a": a,
            "actor_b": b,
            "directed": True,
            "cue_type": "trust",
            "polarity": polarity,
            "strength": strength,
            **fields,
        }
        insert_new(self.con, schema.relation_statements, [row])

    def uncoded(self, lemma: str, source: str, target: str, article: str = "a", reason: str = "no pattern") -> None:
        row = {
            **self._base(article, "c1"),
            "uncoded_id": f"u{self.serial:03}",
            "lemma": lemma,
            "source_actor_id": source,
            "source_text": source,
            "target_actor_id": target,
            "target_text": target,
            "reason": reason,
        }
        insert_new(self.con, schema.uncoded_events, [row])

    def incident(self, article: str, day: str | None, *towns: str, **fields: Any) -> str:
        """An incident with the places of its passage: names of ``PLACES``, or any other for a village that no table knows."""
        start = date.fromisoformat(day) if day else None
        slots = ("perpetrator_individuals", "perpetrator_organizations", "targets", "victims", "weapons")
        row = {
            **self._base(article, "c1"),
            "incident_id": f"i{self.serial:03}",
            "ordinal": self.serial,
            "incident_type": "bombing",
            "start_date": start,
            "end_date": start,
            **{slot: [] for slot in slots},
            "event_ids": [],
            **fields,
        }
        insert_new(self.con, schema.incidents, [row])
        for town in towns:
            country, lat, lon = PLACES.get(town, ("AAA", None, None) if town.endswith("land") else (None, None, None))
            place = {**self._base(article, "c1"), "name": town, "country": country, "lat": lat, "lon": lon}
            place["sentence"] = row["sentence"]
            insert_new(self.con, schema.location_mentions, [{**place, "mention_id": f"p{self.serial:03}"}])
        return str(row["incident_id"])

    def mention(self, article: str, start: int, end: int, **fields: Any) -> None:
        base = {**self._base(article, "c1"), "start_char": start, "end_char": end, "text": TEXT[start:end]}
        insert_new(self.con, schema.actor_mentions, [{**base, **fields}])

    def actor(self, actor_id: str, kind: str, parent: str | None = None) -> None:
        row = {"actor_id": actor_id, "name": actor_id.title(), "kind": kind, "parent_id": parent, "source": "test"}
        insert_new(self.con, schema.actors, [row])

    def role(self, actor_id: str, parent: str, start: str | None, end: str | None, source: str = "curated") -> None:
        row = {"actor_id": actor_id, "parent_id": parent, "role": "member", "source": source}
        days = {k: date.fromisoformat(v) if v else None for k, v in (("start_date", start), ("end_date", end))}
        insert_new(self.con, schema.actor_roles, [{**row, **days, "role_id": row_id(*row.values(), start, end)}])

    def build(self, select: str | None = None) -> None:
        """Build the models that are selected, or all, and let them pass their tests."""
        build(self.con, self.project, select)
        failed = [(r.model, r.name, r.sample) for r in run_tests(self.con, self.project, select) if not r.passed]
        assert failed == []

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query, after the models that it names were built with all that they read."""
        tables = sqlglot.parse_one(sql, dialect="duckdb").find_all(sqlglot.exp.Table)
        known = {m.full_name: m.name for m in self.project.models}
        named = sorted({known[name] for t in tables if (name := f"{t.db}.{t.name}") in known})
        if named:
            self.build(" ".join(f"+{name}" for name in named))
        return self.con.execute(sql).fetchall()


def _timestamp(day: str) -> datetime:
    return datetime.fromisoformat(day)
