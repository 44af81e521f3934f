"""Network: who stands how to whom, and which triangles of relations are under strain."""

import math
from typing import Any

import numpy as np
import pandas as pd

from pipeline.report import corpus_charts
from pipeline.report.dashboard.page import Chart, Page, Visit, actor_address, pair_address, sourced, with_links
from pipeline.report.dashboard.tables import Column, Table

_MOST_PAIRS = 30
_STEPS = 300
# Sums of the months, so that the mean is that of the events of the whole period. Pairs of names that only the texts know stay out of the picture.
_PAIRS = """
SELECT m.a, m.b, coalesce(x.name, m.a) AS a_name, coalesce(y.name, m.b) AS b_name, coalesce(x.name, m.a) || ' – ' || coalesce(y.name, m.b) AS pair,
    sum(m.n)::BIGINT AS n, sum(m.net_cooperation_raw * m.n) / sum(m.n) AS net_cooperation, max(m.last_event_date) AS newest,
    sum(m.n) >= any_value(k.least) AS enough, coalesce(any_value(x.source) <> 'text' AND any_value(y.source) <> 'text', m.dataset <> 'faultline') AS named
FROM marts.dyad_month m
LEFT JOIN core.actors x ON x.actor_id = m.a LEFT JOIN core.actors y ON y.actor_id = m.b
CROSS JOIN (SELECT max(value) FILTER (name = 'month_min_events') AS least FROM core.parameters) k
WHERE m.dataset = $dataset AND ($start IS NULL OR m.month >= $start) AND ($end IS NULL OR m.month <= $end)
    AND ($actor = '' OR m.a = $actor OR m.b = $actor OR contains(lower(coalesce(x.name, '') || '|' || coalesce(y.name, '')), lower($actor)))
GROUP BY m.dataset, m.a, m.b, x.name, y.name
"""


def network(visit: Visit) -> Page:
    """Signed pairs of a period, and triads."""
    chosen = visit.selection
    p = {"dataset": chosen.dataset, **chosen.period(), "actor": chosen.actor}
    frame = visit.snapshot.frame(f"SELECT * FROM ({_PAIRS}) WHERE named ORDER BY n DESC, pair LIMIT {_MOST_PAIRS}", p)  # noqa: S608 - our own SQL
    nodes, edges = _drawn(frame, chosen.dataset)
    pairs = Table(
        "pairs",
        "Pairs",
        _PAIRS,
        (
            Column("pair", "Pair", link=lambda r: pair_address(r, chosen.dataset)),
            Column("n", "Events (n)", "number"),
            Column(
                "net_cooperation",
                "Mean score",
                "score",
                help="mean Goldstein score of all events of the period, −10 to +10",
            ),
            Column("newest", "Newest event", "date"),
        ),
        p,
        order="n DESC, pair",
        grey="enough",
        note="Grey: fewer events than month_min_events.",
        empty="No pair has a dated event in this period.",
    )
    triads = _triads(chosen.dataset)
    drawn = {"network": Chart(corpus_charts.signed_network(nodes, edges, sourced(visit)), "pairs")}
    return Page("network.html", "Network", {"filter": chosen, "shown": len(frame)}, (pairs, triads), drawn)


def _triads(dataset: str) -> Table:
    return Table(
        "triads",
        "Triads",
        """SELECT t.*, coalesce(x.name, t.i) AS first, coalesce(y.name, t.j) AS second, coalesce(z.name, t.k) AS third,
            CASE t.balance WHEN -1 THEN 'under strain' WHEN 1 THEN 'balanced' ELSE 'open' END AS standing
        FROM marts.triad_year t LEFT JOIN core.actors x ON x.actor_id = t.i LEFT JOIN core.actors y ON y.actor_id = t.j LEFT JOIN core.actors z ON z.actor_id = t.k
        WHERE t.dataset = $dataset""",
        (
            Column("year", "Year", "code"),
            Column("first", "First", link=lambda r: actor_address(r["i"])),
            Column("second", "Second", link=lambda r: actor_address(r["j"])),
            Column("third", "Third", link=lambda r: actor_address(r["k"])),
            Column("sign_ij", "1st–2nd", "sign", link=lambda r: pair_address({"a": r["i"], "b": r["j"]}, dataset)),
            Column("sign_ik", "1st–3rd", "sign", link=lambda r: pair_address({"a": r["i"], "b": r["k"]}, dataset)),
            Column("sign_jk", "2nd–3rd", "sign", link=lambda r: pair_address({"a": r["j"], "b": r["k"]}, dataset)),
            Column("standing", "Together"),
            Column("strength", "Strength", "decimal"),
            Column("n", "n of the weakest side", "number"),
        ),
        {"dataset": dataset},
        order="year DESC, balance, strength DESC, first, second, third",
        note="A friend's friend should be a friend. A triad is listed only where each of its sides has triad_min_events in the year.",
        empty="No three actors have triad_min_events on each side in any year.",
    )


def _drawn(frame: pd.DataFrame, dataset: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and edges with their places."""
    if frame.empty:
        return pd.DataFrame(), pd.DataFrame()
    names = {
        **dict(zip(frame["a"], frame["a_name"], strict=True)),
        **dict(zip(frame["b"], frame["b_name"], strict=True)),
    }
    keys = sorted(names, key=lambda k: names[k])
    number = {k: i for i, k in enumerate(keys)}
    ends = [(number[a], number[b]) for a, b in zip(frame["a"], frame["b"], strict=True)]
    places = force_layout(len(keys), ends)
    degree = {k: int(frame.loc[(frame["a"] == k) | (frame["b"] == k), "n"].sum()) for k in keys}
    nodes = pd.DataFrame(
        {
            "id": keys,
            "name": [names[k] for k in keys],
            "x": places[:, 0],
            "y": places[:, 1],
            "n": [degree[k] for k in keys],
        }
    )
    edges = frame[["a", "b", "pair", "n", "net_cooperation", "enough"]].copy()
    for axis, column in ((0, "x"), (1, "y")):
        edges[column] = [places[i, axis] for i, _ in ends]
        edges[f"{column}2"] = [places[j, axis] for _, j in ends]
    linked: Any = with_links(edges, lambda r: pair_address(r, dataset))
    nodes["rank"] = nodes["n"].rank(ascending=False, method="first")
    return nodes.assign(href=[actor_address(k) for k in keys]), linked


def force_layout(n: int, edges: list[tuple[int, int]]) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Places in [-1, 1]², the same for the same graph: Fruchterman and Reingold (1991), *Software: Practice and Experience* 21:1129–1164.

    It starts from a circle, so that nothing is left to chance; a pull to the middle keeps parts together that no edge joins.
    """
    angles = np.arange(n) * 2 * math.pi / max(n, 1) + 0.1
    places = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    if n < 3:
        return places
    ideal = 1.6 / math.sqrt(n)
    for step in range(_STEPS):
        apart = places[:, None] - places[None]
        distance = np.maximum(np.linalg.norm(apart, axis=2), 0.01)
        moves = (apart / distance[..., None] ** 2 * ideal**2).sum(axis=1) - places * 0.1
        for i, j in edges:
            pull = (places[i] - places[j]) * np.linalg.norm(places[i] - places[j]) / ideal
            moves[i] -= pull
            moves[j] += pull
        length = np.maximum(np.linalg.norm(moves, axis=1, keepdims=True), 1e-9)
        places = places + moves / length * np.minimum(length, 0.12 * (1 - step / _STEPS))
    places -= (places.max(axis=0) + places.min(axis=0)) / 2
    places /= np.maximum(np.abs(places).max(axis=0), 1e-9)
    # Half of the way to evenly spaced ranks: a hub and its neighbours stand apart enough for their names.
    ranks = places.argsort(axis=0).argsort(axis=0) / (n - 1) * 2 - 1
    spread: np.ndarray[Any, np.dtype[np.float64]] = 0.2 * places + 0.8 * ranks
    return spread
