"""A user's settings: ``faultline.toml`` < ``FAULTLINE_*`` environment < command line.

What belongs here: what a user may change, with its default and its meaning. What does not: constants of a method, which stand
beside the method.

``faultline.toml`` is looked for in the working directory and then upwards; relative paths in it are relative to its folder.
Environment names join section and key with two underscores: ``FAULTLINE_PATHS__DATA=/srv/faultline``.
"""

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from pipeline.errors import SettingsError
from pipeline.indicator_settings import Indicators

SETTINGS_FILE = "faultline.toml"
_PROJECT = Path(__file__).parent.parent


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Paths(_Section):
    """Where things lie. Relative paths start at the folder of faultline.toml."""

    data: Path = Field(default=Path("data"), description="warehouse, published snapshot and Dagster's own storage")
    models: Path = Field(default=_PROJECT / "dbt_like_sql", description="folder of the SQL models")
    inbox: Path = Field(default=Path("inbox"), description="folder that the inbox sensor watches")
    sources: tuple[Path, ...] = Field(
        default=(Path("inbox"),), description="files and folders that `faultline run` and the daily schedule read"
    )


class Model(_Section):
    """The spaCy model."""

    name: str = Field(default="en_core_web_md", description="an installed package's name, or a path")


class Tagging(_Section):
    """How articles are tagged."""

    batch_size: int = Field(default=500, ge=1, le=10_000, description="articles that are tagged and committed together")
    engine: Literal["process", "dask"] = Field(
        default="process", description="who tags: processes of this machine, or the workers of a Dask cluster"
    )
    workers: int = Field(
        default=1,
        ge=1,
        le=256,
        description="how many of them; 1 process is the program itself. A scheduler has its own",
    )
    scheduler: str = Field(
        default="",
        pattern=r"^([a-z]+://.+:\d+)?$",
        description="address of a Dask scheduler; empty: a cluster of this machine, for the run",
    )
    batches: str = Field(
        default="",
        pattern=r"^([^:]*|s3://.+)$",
        description="folder that driver and workers of a cluster share, or s3://bucket/prefix; empty: below paths.data",
    )
    tries: int = Field(
        default=3, ge=1, le=20, description="how often a batch is tried whose worker ends; then it is tried in parts"
    )
    patience_seconds: float = Field(
        default=60, gt=0, description="what a batch may take beyond what its length explains before its worker hangs"
    )


class Knowledge(_Section):
    """What a user knows beside what the package knows."""

    actors: Path | None = Field(
        default=None, description="a CSV table of your own actors; its lines add to the package's or override them"
    )
    day_first: bool = Field(
        default=False, description="whether 03/01/1990 in a text is a day in January, else in March"
    )


class WarehouseSettings(_Section):
    """Where the warehouse lies."""

    kind: Literal["duckdb", "ducklake"] = Field(
        default="duckdb", description="one DuckDB file under paths.data, or DuckLake for several writers"
    )
    lock_timeout_seconds: float = Field(
        default=60, ge=0, description="how long a writer waits for another one before it gives up"
    )
    catalog: str = Field(
        default="", description="DuckLake's catalog in PostgreSQL: postgres:dbname=… host=… user=…, without a password"
    )
    data_path: str = Field(default="", description="where DuckLake keeps its Parquet files: s3://bucket/… or a folder")
    keep_snapshots_days: int = Field(
        default=30, ge=0, description="age in days from which maintenance forgets DuckLake's snapshots"
    )

    @model_validator(mode="after")
    def _is_whole(self) -> "WarehouseSettings":
        if self.kind == "duckdb":
            return self
        if not self.catalog.startswith("postgres:"):
            msg = 'kind = "ducklake" needs a catalog such as "postgres:dbname=faultline host=db.example user=faultline"'
            raise ValueError(msg)
        if "password" in self.catalog or re.search(r"//[^/@]*:[^/@]*@", self.catalog):
            msg = "no password belongs into catalog: PostgreSQL's PGPASSWORD or ~/.pgpass has it"
            raise ValueError(msg)
        if not self.data_path:
            msg = 'kind = "ducklake" needs data_path, the folder or s3:// address of its Parquet files'
            raise ValueError(msg)
        return self


class ObjectStoreSettings(_Section):
    """The S3 store of DuckLake's files, a cluster's batches and the published copy. Keys come from the environment (AWS_ACCESS_KEY_ID, …) only."""

    endpoint: str = Field(
        default="", pattern=r"^(https?://.+)?$", description="where it is, if it is not Amazon's; else AWS_ENDPOINT_URL"
    )
    region: str = Field(default="", description="region of the bucket; else AWS_REGION")


class Publish(_Section):
    """Where else the snapshot goes."""

    address: str = Field(
        default="", pattern=r"^(s3://.+)?$", description="s3://bucket/prefix that gets a copy of what is published"
    )


class Http(_Section):
    """How servers are asked for remote sources."""

    user_agent: str = Field(
        default="faultline/0.1 (news research)",
        min_length=3,
        description="what the program calls itself; put an address of yours into it, so that a publisher can reach you",
    )
    timeout_seconds: float = Field(default=20, gt=0, description="longest silence of a server")
    total_seconds: float = Field(default=120, gt=0, description="longest time for one answer")
    delay_seconds: float = Field(default=1, ge=0, description="least time between two requests to one host")
    per_host: int = Field(default=1, ge=1, le=8, description="most requests to one host at a time")
    concurrency: int = Field(default=8, ge=1, le=64, description="most requests at a time")
    tries: int = Field(default=3, ge=1, le=10, description="how often an address is asked that fails for the moment")
    longest_wait_seconds: float = Field(
        default=60, ge=0, description="longest wait that a server may ask for (Retry-After) within a run"
    )
    max_mb: float = Field(default=20, gt=0, description="largest answer, in megabytes, unpacked")
    cache_mb: float = Field(
        default=500, ge=0, description="largest size of the cache of answers under paths.data; 0: none"
    )
    private_hosts: tuple[str, ...] = Field(
        default=(), description="hosts of your own network that may be asked: names, or name:port"
    )


def is_address(path: Path) -> bool:
    """Whether what was given as a path is an address, of which a path keeps one slash only."""
    return path.parts[:1] in (("http:",), ("https:",), ("s3:",))


FieldName = Literal["text", "doc_id", "title", "published", "source", "url", "author", "language"]


class _SourceSection(_Section):
    """What every declared source has."""

    name: str = Field(min_length=1, description="your name for it; it keys what was read already, so do not change it")
    defaults: dict[FieldName, str] = Field(
        default_factory=dict, description="values of fields that items do not state, such as source or language"
    )


class FilesSection(_SourceSection):
    """Files and folders."""

    kind: Literal["files"]
    paths: tuple[Path, ...] = Field(min_length=1, description="files and folders")
    include: tuple[str, ...] = Field(default=(), description="patterns of the files of folders to read; empty: all")
    exclude: tuple[str, ...] = Field(default=(), description="patterns of those to leave")
    recursive: bool = Field(default=True, description="whether folders are read with their subfolders")
    columns: dict[FieldName, str] = Field(
        default_factory=dict, description="names of columns and keys that are not the usual ones, by field"
    )

    @field_validator("paths")
    @classmethod
    def _are_local(cls, paths: tuple[Path, ...]) -> tuple[Path, ...]:
        for path in paths:
            if is_address(path):
                msg = f'{path.as_posix().replace(":/", "://", 1)} is an address: files at addresses are of the kind "remote", with urls'
                raise ValueError(msg)
        return paths


class RemoteSection(_SourceSection):
    """Files by their addresses."""

    kind: Literal["remote"]
    urls: tuple[str, ...] = Field(
        min_length=1, description="https://… or s3://bucket/key; an s3 address may be a folder or a pattern"
    )
    columns: dict[FieldName, str] = Field(
        default_factory=dict, description="names of columns and keys that are not the usual ones, by field"
    )
    max_mb: float = Field(default=5000, gt=0, description="largest file, in megabytes, as it is fetched")
    endpoint: str | None = Field(default=None, description="where the S3 store is, if it is not Amazon's own")
    region: str | None = Field(default=None, description="region of the bucket; else AWS_REGION")
    anonymous: bool = Field(default=False, description="whether the bucket is read without credentials")

    @field_validator("urls")
    @classmethod
    def _are_read(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            if not url.startswith(("https://", "http://", "s3://")):
                msg = f"{url} is neither an https:// nor an s3:// address; local files are of the kind files"
                raise ValueError(msg)
        return urls


class FeedSection(_SourceSection):
    """An RSS or Atom feed."""

    kind: Literal["feed"]
    url: str = Field(description="where it is")
    full_text: bool = Field(
        default=True, description="whether the pages that it links to are fetched; else its own texts are the articles"
    )


class UrlsSection(_SourceSection):
    """Pages by their addresses."""

    kind: Literal["urls"]
    urls: tuple[str, ...] = Field(default=(), description="addresses")
    file: Path | None = Field(default=None, description="a file with one address a line")


class SitemapSection(_SourceSection):
    """A sitemap."""

    kind: Literal["sitemap"]
    url: str = Field(description="where it is")
    include: tuple[str, ...] = Field(default=(), description="patterns of addresses to fetch; empty: all")
    exclude: tuple[str, ...] = Field(default=(), description="patterns of those to leave")
    since: date | None = Field(default=None, description="pages that changed last before this day are left")


class GdeltSection(_SourceSection):
    """The pages that files of GDELT name."""

    kind: Literal["gdelt"]
    paths: tuple[Path, ...] = Field(default=(), description="files as GDELT publishes them, and folders of them")
    tables: tuple[Literal["export", "mentions", "gkg", "webngrams"], ...] = Field(
        default=(), description="tables to fetch from GDELT's server"
    )
    since: datetime | date | None = Field(
        default=None, description="first day or time (UTC) of those; without: the newest file only"
    )
    until: datetime | date | None = Field(default=None, description="last day or time; without: up to the newest file")
    base_url: str = Field(default="http://data.gdeltproject.org", description="GDELT's server, or a copy of it")
    include: tuple[str, ...] = Field(default=(), description="patterns of addresses to fetch; empty: all")
    exclude: tuple[str, ...] = Field(default=(), description="patterns of those to leave")
    languages: tuple[str, ...] = Field(
        default=(), description="languages of Web NGrams to fetch, as GDELT writes them; empty: all"
    )

    @model_validator(mode="after")
    def _names_files(self) -> "GdeltSection":
        if not self.paths and not self.tables:
            msg = "name files under paths, or tables to fetch from GDELT's server"
            raise ValueError(msg)
        if "webngrams" in self.tables and self.since is None:
            msg = "webngrams need since: GDELT's server does not say which of them is the newest"
            raise ValueError(msg)
        return self


SourceSection = Annotated[
    FilesSection | RemoteSection | FeedSection | UrlsSection | SitemapSection | GdeltSection,
    Field(discriminator="kind"),
]


class Schedule(_Section):
    """When Dagster runs by itself."""

    cron: str = Field(default="0 6 * * *", description="the daily job, in cron's notation")
    timezone: str = Field(default="UTC", description="time zone of the cron line")
    inbox_seconds: int = Field(default=30, ge=5, description="how often the inbox sensor looks")
    feeds_seconds: int = Field(default=900, ge=30, description="how often the feeds sensor asks the feeds")
    untagged_seconds: int = Field(default=300, ge=30, description="how often the sensor for untagged articles looks")
    maintenance_cron: str = Field(default="0 3 * * 0", description="the maintenance job, in cron's notation")
    stale_hours: float = Field(
        default=36,
        gt=0,
        description="hours after which articles and snapshot count as stale, and a silent source as ill",
    )


class Logging(_Section):
    """How runs log."""

    format: Literal["text", "json"] = Field(default="text", description="lines for people, or one JSON object a line")


class Maintenance(_Section):
    """What the maintenance job does."""

    keep_superseded_days: int = Field(
        default=90, ge=0, description="age in days from which codings are dropped that a newer one supersedes"
    )


class Alerts(_Section):
    """What is worth an alert, and where alerts go beside the table core.alerts."""

    webhook: str = Field(
        default="", pattern=r"^(https?://.+)?$", description="address that gets new alerts and failed runs as JSON"
    )
    file: Path | None = Field(default=None, description="file that gets them, one JSON object a line")
    window_days: int = Field(
        default=30, ge=1, description="days before the newest publication within which a fact is news"
    )
    first_seen_min_articles: int = Field(
        default=2, ge=1, description="articles that must name an actor never seen before"
    )


class Settings(BaseSettings):
    """All settings; immutable once loaded."""

    model_config = SettingsConfigDict(
        env_prefix="FAULTLINE_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    root: Path = Field(default=Path(), description="folder that relative paths start at")
    paths: Paths = Paths()
    model: Model = Model()
    tagging: Tagging = Tagging()
    knowledge: Knowledge = Knowledge()
    warehouse: WarehouseSettings = WarehouseSettings()
    object_store: ObjectStoreSettings = ObjectStoreSettings()
    publish: Publish = Publish()
    indicators: Indicators = Indicators()
    schedule: Schedule = Schedule()
    http: Http = Http()
    maintenance: Maintenance = Maintenance()
    alerts: Alerts = Alerts()
    logging: Logging = Logging()
    sources: tuple[SourceSection, ...] = ()

    @field_validator("sources")
    @classmethod
    def _names_are_unique(cls, sources: tuple[SourceSection, ...]) -> tuple[SourceSection, ...]:
        names = [s.name for s in sources]
        if twice := {n for n in names if names.count(n) > 1}:
            msg = f"two sources have the name {', '.join(sorted(twice))}: each needs its own"
            raise ValueError(msg)
        return sources

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line (init) over environment over file."""
        file = find_settings_file()
        sources: tuple[PydanticBaseSettingsSource, ...] = (init_settings, env_settings)
        return (*sources, TomlConfigSettingsSource(settings_cls, file)) if file else sources

    def at(self, path: Path) -> Path:
        """A path of the settings made absolute."""
        return path if path.is_absolute() else self.root / path

    @property
    def data_dir(self) -> Path:
        """Folder of the warehouse, the snapshot and Dagster's storage."""
        return self.at(self.paths.data)

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file that the pipeline writes."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def lake_data_path(self) -> str:
        """Where DuckLake keeps its Parquet files: an address, or an absolute folder."""
        place = self.warehouse.data_path
        return place if "://" in place else str(self.at(Path(place)).resolve())

    @property
    def published_dir(self) -> Path:
        """Folder of the read-only snapshot."""
        return self.data_dir / "published"

    @property
    def snapshot_path(self) -> Path:
        """The DuckDB file that readers open."""
        return self.published_dir / "warehouse.duckdb"

    @property
    def own_actors(self) -> Path | None:
        """The user's own table of actors."""
        return self.at(self.knowledge.actors) if self.knowledge.actors is not None else None

    @property
    def models_dir(self) -> Path:
        """Folder of the SQL models."""
        return self.at(self.paths.models)

    @property
    def batches_place(self) -> str:
        """Where a cluster's batches lie: an address, or an absolute folder."""
        place = self.tagging.batches
        return place if "://" in place else str(self.at(Path(place)) if place else self.data_dir / "batches")

    @property
    def alerts_file(self) -> Path | None:
        """The file that gets alerts."""
        return self.at(self.alerts.file) if self.alerts.file is not None else None

    @property
    def http_cache_dir(self) -> Path:
        """Folder of the answers of servers."""
        return self.data_dir / "http-cache"

    @property
    def downloads_dir(self) -> Path:
        """Folder of remote files while they are read."""
        return self.data_dir / "downloads"

    @property
    def source_paths(self) -> list[Path]:
        """Files and folders to read. The default inbox is passed over where it is missing and other sources are declared."""
        default = Paths.model_fields["sources"].default
        if self.sources and self.paths.sources == default:
            return [path for p in default if (path := self.at(p)).exists()]
        return [self.at(p) for p in self.paths.sources]


def find_settings_file(start: Path | None = None) -> Path | None:
    """The nearest faultline.toml in ``start`` (default: the working directory) or above it."""
    here = (start or Path.cwd()).resolve()
    return next((d / SETTINGS_FILE for d in [here, *here.parents] if (d / SETTINGS_FILE).is_file()), None)


def load_settings(**overrides: Any) -> Settings:
    """Settings from file, environment and overrides (one keyword per section, as dicts).

    Raises:
        SettingsError: the file is no TOML, or a setting is unknown or out of range; the message names it.
    """
    file = find_settings_file()
    root = file.parent if file else Path.cwd()
    try:
        return Settings(**{"root": root, **overrides})
    except tomllib.TOMLDecodeError as error:
        msg = f"{file} is not valid TOML: {error}"
        raise SettingsError(msg) from error
    except ValidationError as error:
        lines = [f"  {'.'.join(str(p) for p in e['loc'])}: {_in_words(e)}" for e in error.errors()]
        where = f"{file} or the FAULTLINE_* environment" if file else "the FAULTLINE_* environment"
        msg = f"These settings cannot be used (look in {where}):\n" + "\n".join(lines)
        raise SettingsError(msg) from error


def _in_words(error: ErrorDetails) -> str:
    """What is wrong with a setting: of a pattern, which says nothing to a user, what the setting is."""
    described: str = ""
    model: Any = Settings
    for name in error["loc"]:
        field = getattr(model, "model_fields", {}).get(name)
        described, model = (field.description or "", field.annotation) if field else ("", None)
    is_pattern = error["type"] == "string_pattern_mismatch" and described
    return f"{error['input']!r} cannot be used; it is: {described}" if is_pattern else error["msg"]
