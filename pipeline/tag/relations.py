"""Relation statements: cues of how two actors stand to each other, without an act.

What belongs here: putting cue, pair and colour together into records. What does not: matching (``relation_cues.py``), the search for
the two actors (``relation_pairs.py``), polarity and status (``relation_colour.py``), and acts, which are events.
"""

from spacy.tokens import Token
from spacy.vocab import Vocab

from pipeline.knowledge.actors import ActorKnowledge
from pipeline.knowledge.lexicon import load_lexicon
from pipeline.knowledge.relations import RelationKnowledge, load_relations
from pipeline.records import Relation
from pipeline.tag.draft import Draft
from pipeline.tag.relation_colour import ColourReader
from pipeline.tag.relation_cues import CueMatch, CueMatcher
from pipeline.tag.relation_pairs import Pair, PairFinder

# Cues that call for a quality ("close", "strained") or for a pair in their own phrase: bare they say nothing.
_BARE = frozenset({"relations", "ties"})
# An actor this few tokens behind the cue belongs to its phrase.
_PHRASE_TAIL = 4


class RelationLayer:
    """Finds the relation statements of one article.

    Args:
        vocab: the model's vocabulary.
        actors: whose names and capitals are known.
        knowledge: cues, qualifiers and signal words; those that ship with the package by default.
    """

    def __init__(self, vocab: Vocab, actors: ActorKnowledge, knowledge: RelationKnowledge | None = None) -> None:
        self.vocab = vocab
        knowledge = knowledge or load_relations()
        self._match = CueMatcher(knowledge.cues)
        self._colour = ColourReader(knowledge)
        self._agents = load_lexicon().agents
        self._shared = knowledge.signals["each_other"]
        self._states = {
            alias.alias: alias.actor_id
            for alias in actors.aliases
            if alias.reading in {"name", "capital"} and actors.by_id[alias.actor_id].kind == "state"
        }

    def __call__(self, draft: Draft) -> list[Relation]:
        """Records in text order. A cue without a clear pair of two actors gives none."""
        matches = self._match(draft.doc)
        if not matches or not (draft.actors or draft.locations):
            return []
        pairs = PairFinder(draft, self._states, self._agents)
        found = (self._read(draft, match, pairs) for match in matches)
        return [relation for relation in found if relation is not None]

    def _read(self, draft: Draft, match: CueMatch, pairs: PairFinder) -> Relation | None:
        doc, cue = draft.doc, match.cue
        tokens = list(doc[match.start : match.end])
        anchor = doc[match.start : match.end].root
        sentence = anchor.sent
        mutual = cue.frame == "mutual"
        around = doc[max(sentence.start, match.start - 6) : match.end]
        if self._is_something_else(draft, match):
            return None
        shared = mutual and any(t.lower_ in self._shared for t in around)
        # A verb has its subject and object beside it: without them, a neighbour would be guessed.
        near = cue.pair_by == "near" and anchor.pos_ not in {"VERB", "AUX"}
        pair = pairs.find(match.start, match.end, anchor, mutual, shared, near)
        if pair is None:
            return None
        dates = [d for d in draft.dates if sentence.start_char <= d.start_char < sentence.end_char]
        colour = self._colour(cue, tokens, anchor, dates, draft.article.published)
        if cue.cue_type in _BARE and colour.polarity == 0 and not shared and len(tokens) == 1:
            return None
        subject, complement = pair.subject.actor_id, pair.complement.actor_id
        a, b = (complement, subject) if cue.frame == "backward" else (subject, complement)
        start, end = _phrase(tokens, pair)
        start_char, end_char = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
        return Relation(
            start_char,
            end_char,
            draft.text(start_char, end_char),
            actor_a=a,
            actor_b=b,
            directed=not mutual,
            cue_type=cue.cue_type,
            polarity=colour.polarity,
            strength=colour.strength,
            status=colour.status,
        )

    def _is_something_else(self, draft: Draft, match: CueMatch) -> bool:
        """Whether the words are part of a name ("the Contempt of Court Act") or their "to" begins an infinitive ("a claim to form")."""
        first, last = draft.doc[match.start], draft.doc[match.end - 1]
        if last.lower_ == "to" and last.pos_ == "PART":
            return True
        names = (a for a in draft.actors if a.method in ("gazetteer", "ner"))
        return any(a.start_char <= first.idx and first.idx + len(first) < a.end_char for a in names)


def _phrase(tokens: list[Token], pair: Pair) -> tuple[int, int]:
    """The cue with the adjectives and negation right before it and the actor right behind it, as token offsets."""
    start, end = tokens[0].i, tokens[-1].i + 1
    before = {c.i for t in tokens for c in t.children if c.dep_ in {"amod", "advmod", "neg", "compound"}}
    while start - 1 in before:
        start -= 1
    for party in (pair.complement, pair.subject):
        if end <= party.start <= end + _PHRASE_TAIL and party.start > tokens[-1].i:
            end = party.end
            break
    return start, end
