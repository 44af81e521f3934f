"""What a worker does with a batch, and what it must be told for it: plain values, which any process on any machine understands.

What belongs here: making the tagger; articles in, an Arrow table out. What does not: processes (``processes``, ``child``).
"""

import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from pipeline.progress import Advance, nobody
from pipeline.records import TaggedArticle, to_json_dict
from pipeline.warehouse.batches import articles_of, tagged_table

if TYPE_CHECKING:
    from pipeline.tag.tagger import Tagger

Form = Literal["rows", "records"]
# A fifteenth of what one core of 2020 does.
_CHARACTERS_A_SECOND = 2000


def records_table(tagged: Iterable[TaggedArticle]) -> pa.Table:
    """Tagged articles as lines of JSON, in a table with the one column ``record``."""
    lines = [json.dumps(to_json_dict(t), ensure_ascii=False) for t in tagged]
    return pa.table({"record": pa.array(lines, pa.string())})


_FORMS: Mapping[Form, Callable[[Iterable[TaggedArticle]], pa.Table]] = {"rows": tagged_table, "records": records_table}


@dataclass(frozen=True, slots=True)
class Coder:
    """A tagger by what it is made of, and the form in which its results are wanted.

    ``tagger`` is its class as "module:name", so that spaCy is loaded by those only who tag.
    ``form`` is "rows" for a table of the shape ``batches.TAGGED``, or "records" for lines of JSON. ``patience_seconds`` is what a batch
    may take beyond what its length explains before whoever works on it counts as hanging.
    """

    tagger: str
    model: str
    own_actors: Path | None
    day_first: bool
    coder_version: str
    form: Form = "rows"
    patience_seconds: float = 60

    @classmethod
    def of(cls, tagger: "Tagger", form: Form = "rows", patience_seconds: float = 60) -> "Coder":
        """The coder that makes such a tagger.

        Raises:
            ModelNotFoundError: the model is not installed.
        """
        own = tagger.own_actors.absolute() if tagger.own_actors else None
        made_by = f"{type(tagger).__module__}:{type(tagger).__qualname__}"
        return cls(made_by, tagger.model, own, tagger.day_first, tagger.coder_version, form, patience_seconds)

    def make(self) -> "Tagger":
        """The tagger; model and knowledge are loaded on first use."""
        module, _, name = self.tagger.partition(":")
        made_by: type[Tagger] = getattr(importlib.import_module(module), name)
        return made_by(self.model, self.own_actors, day_first=self.day_first)

    def code(self, tagger: "Tagger", articles: pa.Table, tell: Advance = nobody) -> pa.Table:
        """Tag a table of the shape ``batches.ARTICLES``, and tell of each article; the result has a row for each of its rows, in order."""

        def tagged() -> Iterator[TaggedArticle]:
            for article in tagger.tag(articles_of(articles)):
                tell(1)
                yield article

        return _FORMS[self.form](tagged())

    def seconds_allowed(self, articles: pa.Table) -> float:
        """How long a batch may take."""
        return self.patience_seconds + sum(map(len, articles["text"].to_pylist())) / _CHARACTERS_A_SECOND
