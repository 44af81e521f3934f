"""The dashboard's web application: which address leads to which page, how a page becomes HTML, and what no page may do.

What belongs here: routing, rendering, headers, errors. What does not: what stands on a page (``pages/``), SQL.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.errors import FaultlineError
from pipeline.report.dashboard import words
from pipeline.report.dashboard.page import NotFoundError, Page, Visit
from pipeline.report.dashboard.pages import actor, article, evidence, incidents, network, overview, pair, quality
from pipeline.report.dashboard.selection import OWN, Selection, address
from pipeline.report.dashboard.tables import csv_lines, view
from pipeline.report.dashboard.vega import VegaBundle
from pipeline.warehouse.snapshot import SnapshotReader

PAGES: dict[str, Callable[[Visit], Page]] = {
    "/": overview.overview,
    "/pair": pair.pair,
    "/evidence": evidence.evidence,
    "/figures": evidence.figures,
    "/actors": overview.actors,
    "/actor": actor.actor,
    "/incidents": incidents.incidents,
    "/incident": incidents.incident,
    "/network": network.network,
    "/articles": quality.articles,
    "/article": article.article,
    "/quality": quality.quality,
}
MENU = (
    ("/", "Overview"), ("/incidents", "Incidents"), ("/network", "Network"), ("/actors", "Actors"), ("/articles", "Articles"), ("/quality", "Data quality"),
)  # fmt: skip
LOOPBACK = ("127.0.0.1", "localhost", "[")  # "[": what Starlette makes of "[::1]:8400"
_STATIC = Path(__file__).parent / "static"
# Pages hold text of others. Whatever of it should slip through as markup: no script of theirs runs, and nothing leaves for another host.
# (Vega sets styles on elements; its expressions are interpreted, not evaluated.)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_app(snapshot: Path, cache: Path, hosts: tuple[str, ...] = LOOPBACK) -> Starlette:
    """The application over a snapshot, which need not be there yet.

    Args:
        snapshot: the published DuckDB file.
        cache: folder that keeps Vega's script.
        hosts: names under which a browser may ask for it ("*" for any), against pages of others that point their name at this machine.
    """
    reader, bundle = SnapshotReader(snapshot), VegaBundle(cache)
    bundle.prepare()
    templates = Environment(
        loader=PackageLoader("pipeline.report.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= words.FILTERS
    templates.globals |= {**words.GLOBALS, "menu": MENU, "vega": bundle.address, "address": address, "own": OWN}
    serve = partial(_answer, reader=reader, templates=templates)

    def script(request: Request) -> Response:
        headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable", **_HEADERS}
        return Response(bundle.packed(), media_type="text/javascript", headers=headers)

    def route(path: str, build: Callable[[Visit], Page]) -> Route:
        def endpoint(
            request: Request,
        ) -> Response:  # not async: Starlette runs it in a thread, so that queries block nobody
            return serve(request, build)

        return Route(path, endpoint)

    routes = [
        *(route(path, build) for path, build in PAGES.items()),
        Route(bundle.address, script),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]
    allowed = ["*"] if "*" in hosts else list(hosts)
    middleware = [
        Middleware(TrustedHostMiddleware, allowed_hosts=allowed),
        Middleware(GZipMiddleware, minimum_size=2000),
    ]
    missing = partial(
        _message, templates=templates, status=404, title="No such page", text="Nothing lies at this address."
    )
    return Starlette(
        routes=routes, middleware=middleware, exception_handlers={404: lambda request, error: missing(request)}
    )


def _answer(
    request: Request, build: Callable[[Visit], Page], reader: SnapshotReader, templates: Environment
) -> Response:
    state = dict(request.query_params)
    try:
        visit = Visit(reader, state, Selection.of(state))
        reader.published()
        page = build(visit)
        if "csv" in state:
            return _csv(page, visit)
        shared = {
            "page": page,
            "path": request.url.path,
            "charts": page.charts,
            "state": state,
            "dataset": visit.selection.dataset,
        }
        tables = {t.key: view(t, reader, state) for t in page.tables}
        html = templates.get_template(page.template).render(
            shared | {"tables": tables, "corpus": _corpus(visit)} | dict(page.context)
        )
    except NotFoundError as error:
        return _message(request, templates, 404, "Not in this snapshot", str(error))
    except FaultlineError as error:
        return _message(request, templates, 503, "Nothing to show yet", str(error))
    return HTMLResponse(html, headers=_HEADERS)


def _csv(page: Page, visit: Visit) -> Response:
    table = next((t for t in page.tables if t.key == visit.state["csv"]), None)
    if table is None:
        raise NotFoundError("This page has no such table.")
    headers = {"Content-Disposition": f'attachment; filename="faultline-{table.key}.csv"', **_HEADERS}
    return StreamingResponse(
        csv_lines(table, visit.snapshot, visit.state), media_type="text/csv; charset=utf-8", headers=headers
    )


def _message(request: Request, templates: Environment, status: int, title: str, text: str) -> Response:
    html = templates.get_template("message.html").render(
        path=request.url.path, title=title, text=text, corpus=None, dataset=OWN, state={}, page=None
    )
    return HTMLResponse(html, status_code=status, headers=_HEADERS)


def _corpus(visit: Visit) -> dict[str, Any]:
    """The quality line at the top of every page: how much was read, and how much of it counts."""
    row = visit.snapshot.row(
        """SELECT coalesce(sum(n_articles), 0)::BIGINT AS articles, coalesce(sum(n_reposts), 0)::BIGINT AS reposts,
            coalesce(sum(n_events), 0)::BIGINT AS events, coalesce(sum(round(n_events * share_usable)), 0)::BIGINT AS usable,
            sum(share_names_resolved * n_tagged) / nullif(sum(n_tagged), 0) AS known, min(month) AS first, max(month) AS last FROM marts.quality_month"""
    )
    datasets = visit.snapshot.rows("SELECT DISTINCT dataset FROM core.imported_events ORDER BY 1")
    return {**(row or {}), "published": visit.snapshot.published(), "datasets": [r["dataset"] for r in datasets]}
