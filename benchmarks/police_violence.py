"""``python -m benchmarks.police_violence``: of sentences that tell of police killings, arrests and force, how many leave a row.

Gold: IndiaPoliceEvents (Halterman et al. 2021, "Corpus-level evaluation for event QA"), 521 Indian news articles of 2002 whose sentences
are labelled; it lies beside the repository. The labels speak of the police alone, so this checks recall, and prints beside it how many of the
sentences without a label leave such a row too (others kill and arrest as well: those are no errors as such).
"""

import gzip
import json
import sys
from collections import Counter
from pathlib import Path

from pipeline.ingest.tagger_input import read_tagger_input
from pipeline.records import TaggedArticle
from pipeline.settings import load_settings
from pipeline.tag.tagger import Tagger

GOLD = Path(__file__).parent.parent.parent / "shared/gold/indiapolice/dev.jsonl.gz"
# Label: measures of counts, types of events, and whether an incident's trigger tells of it too.
TELLS: dict[str, tuple[frozenset[str], frozenset[str], bool]] = {
    "KILL": (frozenset({"killed", "casualties"}), frozenset({"ASSAULT"}), True),
    "ARREST": (frozenset({"detained"}), frozenset({"COERCE"}), False),
    "FORCE": (frozenset({"killed", "injured", "casualties"}), frozenset({"ASSAULT", "COERCE"}), True),
}


def tells(tagged: TaggedArticle, start: int, end: int, label: str) -> bool:
    """Whether a count, event or incident inside ``start``..``end`` tells of what the label means."""
    measures, types, incidents = TELLS[label]
    return (
        any(start <= c.start_char < end and c.measure in measures for c in tagged.counts)
        or any(start <= e.start_char < end and e.event_type in types for e in tagged.events)
        or (incidents and any(start <= m.start_char < end for i in tagged.incidents for m in i.mentions))
    )


def main() -> int:
    """Print recall by label."""
    if not GOLD.is_file():
        sys.stderr.write(f"There is no gold data at {GOLD}: nothing to check.\n")
        return 1
    gold = {}
    with gzip.open(GOLD, "rt", encoding="utf-8") as file:
        for line in file:
            document = json.loads(line)
            gold[document["doc_id"]] = document
    found: Counter[tuple[str, bool]] = Counter()
    all_of: Counter[tuple[str, bool]] = Counter()
    tagger = Tagger.from_settings(load_settings())
    for tagged in tagger.tag(read_tagger_input(GOLD)):
        document, at = gold[tagged.doc_id], 0
        for sentence in document["gold"]["sentences"]:
            start = document["text"].find(sentence["text"], at)
            if start < 0:
                continue
            at = start + len(sentence["text"])
            for label in TELLS:
                labelled = label in sentence["labels"]
                all_of[label, labelled] += 1
                found[label, labelled] += tells(tagged, start, at, label)
    for label in TELLS:
        recall = 100 * found[label, True] / all_of[label, True]
        other = 100 * found[label, False] / all_of[label, False]
        sys.stdout.write(
            f"{label}: {found[label, True]} of {all_of[label, True]} labelled sentences ({recall:.1f} %); "
            f"of those without the label {other:.1f} %\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
