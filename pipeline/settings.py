"""A user's settings: ``faultline.toml`` < ``FAULTLINE_*`` environment < command line.

What belongs here: what a user may change, with its default and its meaning. What does not: constants of a method, which stand
beside the method.

``faultline.toml`` is looked for in the working directory and then upwards; relative paths in it are relative to its folder.
Environment names join section and key with two underscores: ``FAULTLINE_PATHS__DATA=/srv/faultline``.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from pipeline.errors import SettingsError

SETTINGS_FILE = "faultline.toml"
_PROJECT = Path(__file__).parent.parent

UnitInterval = Annotated[float, Field(ge=0, le=1)]


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

    batch_size: int = Field(default=200, ge=1, le=10_000, description="articles that are tagged and committed together")


class Knowledge(_Section):
    """What a user knows beside what the package knows."""

    actors: Path | None = Field(
        default=None, description="a CSV table of your own actors; its lines add to the package's or override them"
    )
    day_first: bool = Field(
        default=False, description="whether 03/01/1990 in a text is a day in January, else in March"
    )


class WarehouseSettings(_Section):
    """The DuckDB file."""

    lock_timeout_seconds: float = Field(
        default=60, ge=0, description="how long a writer waits for another one before it gives up"
    )


class Indicators(_Section):
    """Parameters of the tension indicators; each becomes a row of core.parameters, which the SQL reads."""

    min_confidence: UnitInterval = Field(default=0.3, description="events below this confidence enter no indicator")
    kappa_events: float = Field(
        default=5.0, ge=0, description="weight of the prior in events, for shrunk means and shares"
    )
    z95: float = Field(default=1.96, gt=0, description="normal quantile of the bands")


class Schedule(_Section):
    """When Dagster runs by itself."""

    cron: str = Field(default="0 6 * * *", description="the daily job, in cron's notation")
    timezone: str = Field(default="UTC", description="time zone of the cron line")
    inbox_seconds: int = Field(default=30, ge=5, description="how often the inbox sensor looks")


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
    indicators: Indicators = Indicators()
    schedule: Schedule = Schedule()

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
    def source_paths(self) -> list[Path]:
        """Files and folders to read."""
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
        lines = [f"  {'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()]
        where = f"{file} or the FAULTLINE_* environment" if file else "the FAULTLINE_* environment"
        msg = f"These settings cannot be used (look in {where}):\n" + "\n".join(lines)
        raise SettingsError(msg) from error
