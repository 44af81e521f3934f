"""``faultline actors``: look an actor up, see why a name resolved so, check the tables, find what they lack.

What belongs here: the commands. What does not: the tables (``knowledge/actors.py``) and how names are read (``tag/``).
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import console
from pipeline.cli_settings import load_settings
from pipeline.cli_text import PublishedOption, TextArgument, tag_text
from pipeline.errors import InputError

if TYPE_CHECKING:
    from pipeline.knowledge.actors import Actor, ActorKnowledge
    from pipeline.records import ActorMention, TaggedArticle

actors_app = typer.Typer(
    help="Who is known, why a name resolved so, and what the knowledge lacks.", no_args_is_help=True
)

_SUGGESTIONS = 5
_LEAST_LIKENESS = 70
_TEMPLATE = """\
actor_id,name,kind,country,cameo,wikidata,start,end,aliases,context_aliases,not_aliases,parent,source
# Lines that begin with # are left out. Columns other than actor_id may be missing or empty.
# A new actor: an id of capitals, digits and underscores; kind is one of state government military police armed_group party
# organization media population person unknown; country is ISO 3166-1 alpha-3; dates are 2021-08-15, 2021-08 or 2021.
# aliases: names, separated by |. context_aliases: names that are also something else: they count only where the article
# names the actor's country or its full name. A name that another actor has is taken from it.
# EXAMPLE_FRONT,Example Front,armed_group,PAK,,,2019,,Example Liberation Front|Jabha Example,EF,,,my notes
# A line with the id of a known actor changes what its cells say; not_aliases takes names away.
# TTP,,,,,,,,Example spelling of the TTP,,Pakistani Taliban,,my notes
"""


def _knowledge() -> "ActorKnowledge":
    from pipeline.knowledge.actors import load_actors

    return load_actors(load_settings().own_actors)


@actors_app.command("show")
def show(name: Annotated[str, typer.Argument(help="A name, a spelling, an acronym or an actor_id.")]) -> None:
    """Show everybody who goes by a name: names, codes, offices and links."""
    from pipeline.knowledge.names import name_key

    known = _knowledge()
    key = tuple(w.lower() for w in name_key(name))
    found = {a.actor_id: a for a in known.aliases if tuple(w.lower() for w in name_key(a.alias)) == key}
    ids = list(dict.fromkeys([*(i for i in (name, name.upper()) if i in known.by_id), *found]))
    if not ids:
        close = _close_names(known, name)
        hint = "Close to it: " + "; ".join(close) if close else "Nothing comes close."
        msg = (
            f"Nobody is known as {name!r}. {hint}\nTo add an actor of your own: faultline actors template my_actors.csv"
        )
        raise InputError(msg)
    for actor_id in ids:
        _print_actor(known, known.by_id[actor_id])
    if len(ids) > 1:
        console.out.print(
            "Several have this name: an article must name the country or the full name of the one it means.",
            highlight=False,
        )


def _close_names(known: "ActorKnowledge", name: str) -> list[str]:
    from rapidfuzz import fuzz, process, utils

    owners = {a.alias: a.actor_id for a in known.aliases}
    best = process.extract(
        name,
        list(owners),
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=_SUGGESTIONS,
        score_cutoff=_LEAST_LIKENESS,
    )
    return [f"{alias} ({owners[alias]})" for alias, _, _ in best]


def _print_actor(known: "ActorKnowledge", actor: "Actor") -> None:
    def span(start: date | None, end: date | None) -> str:
        return f"{start or '…'} to {end or '…'}" if start or end else ""

    console.out.print(f"[bold]{actor.actor_id}[/]", end="  ", highlight=False)
    console.out.print(actor.name, highlight=False, markup=False)
    parent = f"{actor.parent} ({known.by_id[actor.parent].name})" if actor.parent else None
    facts = {
        "kind": actor.kind,
        "country": actor.country,
        "parent": parent,
        "from": span(actor.start, actor.end),
        "CAMEO code": actor.cameo,
        "Wikidata": actor.wikidata,
        "source": actor.source,
    }
    own = [a for a in known.aliases if a.actor_id == actor.actor_id]
    facts["names"] = ", ".join(a.alias for a in own if not a.needs_context)
    facts["names in context"] = ", ".join(a.alias for a in own if a.needs_context)
    roles = [r for r in known.roles if r.actor_id == actor.actor_id]
    facts["roles"] = "; ".join(" ".join(filter(None, (r.role, r.parent, span(r.start, r.end)))) for r in roles)
    links = [k for k in known.links if actor.actor_id in (k.actor_id, k.other)]
    facts["links"] = "; ".join(f"{k.actor_id} {k.relation.replace('_', ' ')} {k.other}" for k in links)
    for what, said in facts.items():
        if said:
            console.out.print(f"  {what}: {said}", highlight=False, markup=False)


@actors_app.command("why")
def why(text: TextArgument, published: PublishedOption = None) -> None:
    """Show whom each name in a text was taken for, by which rule, and how sure that is."""
    tagged = tag_text(text, published)
    for m in tagged.actors:
        office = ", ".join(filter(None, (m.role, m.affiliation and f"of {m.affiliation}")))
        said = f"{m.text} → {m.actor_id} ({m.name}, {m.kind}{'; ' + office if office else ''})"
        console.out.print(said, highlight=False, markup=False)
        because = f"    {_because(tagged, m)}; {m.method}, confidence {m.confidence:.2f}"
        console.out.print(because, highlight=False, markup=False, style="dim")
    for p in tagged.locations:
        console.out.print(f"{p.text} → a place ({p.country or 'country unknown'})", highlight=False, markup=False)
    if not tagged.actors:
        console.out.print("No actor is named.", highlight=False)


def _because(tagged: "TaggedArticle", mention: "ActorMention") -> str:
    taken_up = next((m.text for m in tagged.actors if m.start_char == mention.antecedent), None)
    return mention.rule if taken_up is None else f"{mention.rule}: takes up {taken_up!r}"


@actors_app.command("lint")
def lint() -> None:
    """Check the tables, your own included: dangerous names, twins, dates and offices that contradict each other."""
    from pipeline.knowledge.actor_lint import lint_actors
    from pipeline.knowledge.places import load_places

    known = _knowledge()
    findings = lint_actors(known, load_places())
    if findings:
        console.print_table(["check", "actor", "finding"], [[f.check, f.actor_id, f.message] for f in findings])
    console.out.print(
        f"{len(known.by_id):,} actors, {len(known.aliases):,} names, {len(known.roles):,} roles: "
        f"{len(findings)} findings.",
        highlight=False,
    )
    if findings:
        raise typer.Exit(1)


@actors_app.command("unresolved")
def unresolved(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many names.")] = 30,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on standard output.")] = False,
) -> None:
    """List the most frequent names that the articles use and the knowledge lacks, each with a sentence."""
    from pipeline.warehouse.query import query_mart

    columns = "name, kind, n_mentions, n_articles, affiliation, example"
    order = "n_articles DESC, n_mentions DESC, actor_id"
    answer = query_mart(load_settings().snapshot_path, "unresolved_names", columns, order, limit)
    if as_csv:
        console.print_csv(answer.columns, answer.rows)
        return
    for name, kind, mentions, articles, affiliation, example in answer.rows:
        tie = f", of {affiliation}" if affiliation else ""
        said = f"{name} ({kind}{tie}): {mentions} mentions in {articles} articles"
        console.out.print(said, highlight=False, markup=False)
        console.out.print(f"    {' '.join(example.split())}", highlight=False, markup=False, style="dim")
    console.err.print("To add them: faultline actors template my_actors.csv", highlight=False)


@actors_app.command("template")
def template(target: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The table to write.")]) -> None:
    """Write an empty table for actors of your own, with its columns explained."""
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(_TEMPLATE)
    except FileExistsError as error:
        msg = f"{target} is there already: it stays as it is."
        raise InputError(msg) from error
    except OSError as error:
        msg = f"{target} cannot be written: {error.strerror}"
        raise InputError(msg) from error
    console.out.print(
        f'{target} written. Fill it in, then set actors = "{target}" under [knowledge] in faultline.toml.',
        highlight=False,
        markup=False,
    )
