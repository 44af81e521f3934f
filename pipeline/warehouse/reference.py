"""Knowledge files and settings as rows of the reference tables."""

from collections.abc import Iterator

import pycountry

from pipeline.indicator_settings import Indicators
from pipeline.knowledge.actors import ActorKnowledge
from pipeline.knowledge.scales import Scales
from pipeline.warehouse.merge import Row
from pipeline.warehouse.rows import row_id


def reference_rows(known: ActorKnowledge, scales: Scales, indicators: Indicators) -> dict[str, list[Row]]:
    """Rows by table name, for ``Warehouse.load_reference``."""
    return {
        "actors": [
            {
                "actor_id": a.actor_id,
                "name": a.name,
                "kind": a.kind,
                "country": a.country,
                "parent_id": a.parent,
                "start_date": a.start,
                "end_date": a.end,
                "wikidata": a.wikidata,
                "source": a.source,
                "cameo": a.cameo,
            }
            for a in known.actors
        ]
        + list(_territories(known)),
        "actor_aliases": [
            {
                "actor_id": a.actor_id,
                "alias": a.alias,
                "source": a.source,
                "needs_context": a.needs_context,
                "reading": a.reading,
            }
            for a in known.aliases
        ],
        "actor_roles": [
            {
                "role_id": row_id(r.actor_id, r.parent, r.role, r.start),
                "actor_id": r.actor_id,
                "parent_id": r.parent,
                "role": r.role,
                "start_date": r.start,
                "end_date": r.end,
                "source": r.source,
            }
            for r in known.roles
        ],
        "actor_links": [
            {
                "actor_id": k.actor_id,
                "relation": k.relation,
                "other_id": k.other,
                "start_date": k.start,
                "end_date": k.end,
                "source": k.source,
            }
            for k in known.links
        ],
        "event_types": list(scales.event_type_rows()),
        "cameo_codes": list(scales.cameo_rows()),
        "parameters": parameter_rows(indicators),
    }


def _territories(known: ActorKnowledge) -> Iterator[Row]:
    """Territories that no table of actors holds: who visits a town there has the country of the town as other side."""
    ids = {a.actor_id for a in known.actors}
    for country in pycountry.countries:
        if country.alpha_3 not in ids:
            code, name = country.alpha_3, country.name
            yield {"actor_id": code, "name": name, "kind": "state", "country": code, "source": "ISO 3166-1"}


def parameter_rows(indicators: Indicators) -> list[Row]:
    """The settings of the indicators as rows of core.parameters."""
    return [
        {"name": name, "value": float(getattr(indicators, name)), "description": info.description or ""}
        for name, info in Indicators.model_fields.items()
    ]
