"""``faultline explain`` and ``faultline lexicon``: why a sentence was coded so, and what the event lexicon lacks.

What belongs here: the commands. What does not: the coder (``tag/event_*``) and the lexicon (``knowledge/lexicon.py``).
"""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import console
from pipeline.cli_settings import load_settings
from pipeline.cli_text import PublishedOption, TextArgument, article_of

if TYPE_CHECKING:
    from pipeline.records import Event

lexicon_app = typer.Typer(help="The event lexicon: check it, and see what it lacks.", no_args_is_help=True)

_WEIGHTS_SHOWN = 4


def explain(
    text: TextArgument,
    published: PublishedOption = None,
    words: Annotated[bool, typer.Option("--words", help="Also show how the parser reads each word.")] = False,
) -> None:
    """Show which events a text is coded into, by which entry of the lexicon, how sure that is and why; and what was not coded."""
    from pipeline.tag.event_uncoded import reasons
    from pipeline.tag.explain import explain as explained
    from pipeline.tag.tagger import Tagger

    why = explained(Tagger.from_settings(load_settings()), article_of(text, published))
    if words:
        columns = ["word", "lemma", "part", "relation", "head", "actor"]
        console.print_table(columns, [(w.text, w.lemma, w.part, w.relation, w.head, w.actor or "") for w in why.words])
    for event, weights in zip(why.events, why.weights, strict=True):
        source, target = (p.actor_id or p.text if p else "nobody" for p in (event.source, event.target))
        console.out.print(f"{source} → {target}: {_meaning(event)}", highlight=False, markup=False)
        _say(f"by {event.rule!r}, at {event.text!r}; status {event.status}{', negated' if event.negated else ''}")
        when = f"{event.start_date} to {event.end_date}, by its {event.date_source}" if event.start_date else "undated"
        says = f"; says {event.attributed_to}" if event.attributed_to else ""
        _say(f"{when}{says}")
        heaviest = ", ".join(f"{name} {weight:+.1f}" for name, weight in list(weights.items())[:_WEIGHTS_SHOWN])
        _say(f"confidence {event.confidence:.2f}: {heaviest}")
    meant = reasons()
    for u in why.uncoded:
        pair = f"{u.source.actor_id} … {u.text} … {u.target.actor_id}"
        console.out.print(f"Not coded: {pair}", highlight=False, markup=False)
        _say(f"{u.reason}: {meant[u.reason]}")
    if not why.events and not why.uncoded:
        console.out.print("No event, and no verb between two known actors.", highlight=False)


def _meaning(event: "Event") -> str:
    mode = f" ({event.mode})" if event.mode else ""
    scores = f"quad {event.quad_class}, Goldstein {event.goldstein:+.1f}, PLOVER {event.plover_score:+.1f}"
    return f"{event.event_type}{mode}, CAMEO {event.cameo_code}, {scores}"


def _say(line: str) -> None:
    console.out.print(f"    {line}", highlight=False, markup=False, style="dim")


@lexicon_app.command("lint")
def lint() -> None:
    """Check the lexicon: entries out of reach, entries without an example, examples that code as something else."""
    from pipeline.knowledge.lexicon import load_lexicon
    from pipeline.knowledge.lexicon_lint import lint_lexicon, load_examples
    from pipeline.tag.lexicon_examples import check_examples
    from pipeline.tag.tagger import Tagger

    lexicon, examples = load_lexicon(), load_examples()
    findings = lint_lexicon(lexicon, examples)
    findings += check_examples(Tagger.from_settings(load_settings()), lexicon, examples)
    if findings:
        console.print_table(["check", "entry", "finding"], [[f.check, f.rule, f.message] for f in findings])
    patterns = sum(map(len, lexicon.verbs.values()))
    console.out.print(
        f"{patterns:,} verb patterns, {len(lexicon.nouns):,} event nouns, {len(examples):,} examples: "
        f"{len(findings)} findings.",
        highlight=False,
    )
    if findings:
        raise typer.Exit(1)


@lexicon_app.command("uncoded")
def uncoded(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many verbs.")] = 30,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on standard output.")] = False,
) -> None:
    """List the verbs that most often stand between two known actors without an event, each with a sentence."""
    from pipeline.warehouse.query import query_mart

    columns = "lemma, reason, n_times, n_articles, n_pairs, example"
    answer = query_mart(load_settings().snapshot_path, "uncoded_verbs", columns, "n_times DESC, lemma, reason", limit)
    if as_csv:
        console.print_csv(answer.columns, answer.rows)
        return
    for lemma, reason, times, articles, pairs, example in answer.rows:
        said = f"{lemma} ({reason}): {times} times in {articles} articles, between {pairs} pairs"
        console.out.print(said, highlight=False, markup=False)
        _say(" ".join(example.split()))
