"""The sources that the settings declare, as objects that can be read.

What does not belong here: any particular kind of source. A new kind is a class in a module of its own, a section in
``settings.py``, and a case here.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline import settings as sections
from pipeline.errors import InputError
from pipeline.ingest.fetcher import Fetcher, Manners
from pipeline.ingest.fields import Naming
from pipeline.ingest.files import FileSource, Selection
from pipeline.ingest.http_cache import HttpCache
from pipeline.ingest.source import DEFAULT_LIMITS, Source
from pipeline.settings import Settings

_MB = 1_000_000


@contextmanager
def open_fetcher(settings: Settings) -> Iterator[Fetcher]:
    """What asks servers, with the manners that the settings name; closed at the end."""
    http = settings.http
    manners = Manners(
        user_agent=http.user_agent,
        timeout_seconds=http.timeout_seconds,
        total_seconds=http.total_seconds,
        delay_seconds=http.delay_seconds,
        per_host=http.per_host,
        concurrency=http.concurrency,
        tries=http.tries,
        longest_wait_seconds=http.longest_wait_seconds,
        max_bytes=int(http.max_mb * _MB),
        private_hosts=http.private_hosts,
    )
    cache = HttpCache(settings.http_cache_dir, int(http.cache_mb * _MB)) if http.cache_mb else None
    with Fetcher(manners, cache) as fetcher:
        yield fetcher


@contextmanager
def open_sources(
    settings: Settings, paths: Sequence[Path] = (), names: Collection[str] = ()
) -> Iterator[Sequence[Source]]:
    """The sources of one reading, with what they fetch through; closed at the end.

    Args:
        settings: what is declared.
        paths: files and folders that are read for once, and whole.
        names: declared sources to read.

    Neither paths nor names: ``paths.sources`` and every declared source.

    Raises:
        InputError: a name is not declared, or a path does not exist.
    """
    declared = {s.name: s for s in settings.sources}
    if unknown := sorted(set(names) - declared.keys()):
        known = ", ".join(declared) or "none"
        msg = f"faultline.toml declares no source {', '.join(unknown)}; it declares: {known}."
        raise InputError(msg)
    everything = not paths and not names
    chosen = declared.values() if everything else [declared[n] for n in names]
    files = list(paths) or (settings.source_paths if everything else [])
    with open_fetcher(settings) as fetcher:
        unnamed = [FileSource(files)] if files else []
        yield [*unnamed, *(_source(s, settings, fetcher) for s in chosen)]


def _source(section: sections.SourceSection, settings: Settings, fetcher: Fetcher) -> Source:
    defaults: dict[str, str] = dict(section.defaults)  # type: ignore[arg-type]
    naming = Naming(defaults=defaults)
    limits = DEFAULT_LIMITS
    match section:
        case sections.FilesSection():
            return FileSource(
                [settings.at(p) for p in section.paths],
                limits,
                name=section.name,
                selection=Selection(section.include, section.exclude, section.recursive),
                naming=Naming(dict(section.columns), defaults),  # type: ignore[arg-type]
            )
        case sections.RemoteSection():
            from pipeline.ingest.object_store import ObjectStore, StoreAccess
            from pipeline.ingest.remote import Downloads, RemoteFileSource

            return RemoteFileSource(
                section.name,
                section.urls,
                Downloads(settings.downloads_dir),
                fetcher,
                ObjectStore(StoreAccess(section.endpoint, section.region, section.anonymous)),
                limits,
                Naming(dict(section.columns), defaults),  # type: ignore[arg-type]
                int(section.max_mb * _MB),
            )
        case sections.FeedSection():
            from pipeline.ingest.feed import FeedSource

            return FeedSource(section.name, section.url, fetcher, limits, full_text=section.full_text, naming=naming)
        case sections.UrlsSection():
            from pipeline.ingest.addresses import UrlListSource

            file = settings.at(section.file) if section.file else None
            return UrlListSource(section.name, section.urls, file, fetcher, limits, naming)
        case sections.SitemapSection():
            from pipeline.ingest.addresses import SitemapSource

            return SitemapSource(
                section.name,
                section.url,
                fetcher,
                limits,
                naming,
                include=section.include,
                exclude=section.exclude,
                since=section.since,
            )
        case sections.GdeltSection():
            from pipeline.ingest.gdelt import Choice, GdeltSource
            from pipeline.ingest.gdelt_files import PublishedFile, published_files
            from pipeline.ingest.remote import Downloads

            def published() -> Iterator[PublishedFile]:
                return published_files(section.base_url, section.tables, section.since, section.until, fetcher)

            return GdeltSource(
                section.name,
                [settings.at(p) for p in section.paths],
                fetcher,
                limits,
                naming,
                choice=Choice(section.include, section.exclude, section.languages),
                published=published if section.tables else tuple,
                downloads=Downloads(settings.downloads_dir),
            )
