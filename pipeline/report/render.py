"""Briefings as HTML, PDF and Markdown: one file each, with everything in it.

What belongs here: turning records into files. What does not: what is said. Texts of articles are hostile: HTML is escaped by Jinja, the
PDF gets them as data that Typst never parses, Markdown has every character escaped that could be markup.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.errors import InputError
from pipeline.report.briefing import Briefing, Section
from pipeline.report.figure import Figure, theme, vegalite_version

_TEMPLATES = Path(__file__).parent / "templates"
_CHART_WIDTH = 620
# Texts are measured with a wide face and shown in the reader's own: what fits here fits there.
_WIDE = "DejaVu Sans, Verdana, sans-serif"
# What charts are drawn with on light paper; in a page they are variables, so that it can be dark.
_INKS = {"#1c2127": "var(--ink)", "#57606a": "var(--soft)", "#e3e6ea": "var(--line)", "#ffffff": "var(--paper)"}
_MARKDOWN = re.compile(r"([\\`*_\[\]|~$])")
_LINE_START = re.compile(r"[#+=-]")
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")


def check_form(path: Path) -> None:
    """Refuse a file whose ending names no form of a briefing.

    Raises:
        InputError: it is none of .html, .pdf and .md.
    """
    if path.suffix.lower() not in _FORMS:
        msg = f"{path}: the ending says the form: .html, .pdf or .md."
        raise InputError(msg)


def write_briefing(briefing: Briefing, path: Path) -> None:
    """Write a briefing in the form that the file's ending asks for: .html, .pdf or .md; a file that is there is replaced in one step.

    Raises:
        InputError: another ending, or the file cannot be written.
    """
    check_form(path)
    content = _FORMS[path.suffix.lower()](briefing)
    temporary = path.with_name(f".{path.name}.partial")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        msg = f"Cannot write {path}: {error.strerror}. Name a file in a folder that exists and may be written."
        raise InputError(msg) from error
    finally:
        temporary.unlink(missing_ok=True)


def as_html(briefing: Briefing) -> str:
    """One page without scripts, that loads nothing: charts are in it, dark and light, ready to print."""
    numbers = iter(range(1000))
    page: str = _template("report.html").render(
        b=briefing,
        style=(_TEMPLATES / "report.css").read_text(encoding="utf-8"),
        chart=lambda f: _inline_svg(f, next(numbers)),
    )
    return page


def as_markdown(briefing: Briefing) -> str:
    """Markdown with tables; charts are left to their tables."""
    return re.sub(r"\n{3,}", "\n\n", _template("report.md").render(b=briefing)).strip() + "\n"


def as_pdf(briefing: Briefing) -> bytes:
    """PDF/UA-1 (tagged, with alternative texts) by Typst: no browser, no library of the system, no network."""
    import typst

    files: dict[str, bytes] = {"main.typ": (_TEMPLATES / "report.typ").read_bytes()}

    def section(s: Section) -> dict[str, Any]:
        figures = []
        for figure in s.figures:
            name = f"chart{len(files)}.svg"
            files[name] = chart_svg(figure).encode()
            figures.append({"title": figure.title, "note": figure.note, "source": figure.source, "file": name})
        return {
            "title": s.title,
            "paragraphs": list(s.paragraphs),
            "points": list(s.points),
            "figures": figures,
            "tables": [_plain_table(t) for t in s.tables],
            "quotes": [{k: getattr(q, k) for k in (*q.__slots__, "is_counted")} for q in s.quotes],
        }

    data = {
        "title": briefing.title,
        "subtitle": briefing.subtitle,
        "lead": list(briefing.lead),
        "key_figures": [{k: getattr(f, k) for k in f.__slots__} for f in briefing.key_figures],
        "sections": [section(s) for s in briefing.sections],
        "made": _plain_table(briefing.made),
        "date": [briefing.made_at.year, briefing.made_at.month, briefing.made_at.day],
    }
    files["briefing.json"] = json.dumps(data).encode()
    compile_typst: Any = typst.compile  # its types do not know of files given as a mapping
    return bytes(
        compile_typst(files, format="pdf", pdf_standards=["ua-1"], timestamp=int(briefing.made_at.timestamp()))
    )


def chart_svg(figure: Figure, width: int = _CHART_WIDTH) -> str:
    """A chart on light paper, without its title and note."""
    import vl_convert

    spec = figure.spec(width)
    spec["config"] = {**spec.get("config", {}), **theme(), "font": _WIDE}
    return str(vl_convert.vegalite_to_svg(spec, vl_version=vegalite_version()))


def _inline_svg(figure: Figure, serial: int) -> str:
    """A chart within a page: its inks are the page's, its ids are its own, and one text stands for it where it is not seen."""
    from markupsafe import Markup, escape

    svg = chart_svg(figure)
    for ink, variable in _INKS.items():
        svg = svg.replace(f'"{ink}"', f'"{variable}"')
    svg = re.sub(r'(\bid="|url\(#)', rf"\g<1>c{serial}-", svg)
    # Marks have labels of their own for scripts; to a reader of the page they are hundreds of unordered words.
    svg = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", svg)
    label = escape(f"{figure.title}. {figure.note}")
    return Markup(re.sub(r"<svg ", f'<svg role="img" aria-label="{label}" ', svg, count=1))  # noqa: S704 - Vega's own SVG, which escapes texts


def _plain_table(table: Any) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "columns": list(table.columns),
        "rows": [{"cells": list(r.cells), "is_grey": r.is_grey} for r in table.rows],
        "numeric": sorted(table.numeric),
    }


def _markdown(text: Any) -> str:
    """A text that means itself in Markdown, on one line: no markup, no HTML, no address that becomes a link."""
    line = " ".join(str(text).split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _MARKDOWN.sub(r"\\\1", line).replace("://", ":&#47;/")
    line = _NUMBERED.sub(r"\1\\\2", line)
    return f"\\{line}" if _LINE_START.match(line) else line


def _markdown_address(url: str) -> str:
    """An address as a link of its own."""
    return f"<{quote(url, safe=':/?#@!$&*+,;=%~')}>"


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"md": _markdown, "address": _markdown_address}
    return environment.get_template(name)


_FORMS: dict[str, Callable[[Briefing], bytes]] = {
    ".html": lambda b: as_html(b).encode(),
    ".pdf": as_pdf,
    ".md": lambda b: as_markdown(b).encode(),
}
