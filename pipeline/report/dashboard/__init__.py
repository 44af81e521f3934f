"""The dashboard: web pages over the published snapshot, read-only, with everything that they need in the package.

``app.py`` puts pages together, ``selection.py`` reads the selection out of the address, ``tables.py`` are tables that sort, filter and
export, ``pages/`` has one module per page, ``templates/`` the HTML, ``static/`` style and script. What does not belong here: computing
indicators (SQL under dbt_like_sql/) and drawing charts (``report/charts.py``).

All state is in the address: a page can be bookmarked, sent and gone back to. Nothing is written, and no page asks another host for
anything: a Content-Security-Policy forbids it.
"""
