"""Alembic migrations of the warehouse: how one version of the tables becomes the next.

The warehouse is upgraded when it is opened and is not at the newest revision. To add one:
change ``warehouse/schema.py``, then write ``versions/NNNN_what.py`` with explicit operations (never ``metadata.create_all``,
which would change what an old migration does). A test compares the migrated file with the schema.
"""

from pathlib import Path

import duckdb
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from pipeline.errors import WarehouseError

HEAD = "0013"
SCRIPTS = Path(__file__).parent


def current_revision(con: duckdb.DuckDBPyConnection) -> str | None:
    """The revision that a warehouse is at; None for a new one."""
    try:
        rows = con.execute("SELECT version_num FROM alembic_version").fetchall()
    except duckdb.CatalogException:
        return None
    return str(rows[0][0]) if rows else None


def upgrade_file(path: Path) -> None:
    """Bring a warehouse file to the newest revision, creating it if it is not there.

    The caller holds no connection to the file.

    Raises:
        WarehouseError: the file was made by a newer Faultline.
    """
    upgrade(create_engine(f"duckdb:///{path}", poolclass=NullPool), str(path))


def upgrade(engine: Engine, name: str) -> None:
    """Run the migrations that a database lacks; ``name`` is what messages call it.

    Raises:
        WarehouseError: it was made by a newer Faultline.
    """
    # Imported here: Alembic costs a fifth of a second that only a migration needs.
    from alembic import command
    from alembic.config import Config
    from alembic.script.revision import ResolutionError
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except (CommandError, ResolutionError) as error:
        msg = f"{name} was made by a newer Faultline than this one ({error}). Update Faultline, or use another data folder."
        raise WarehouseError(msg) from error
    finally:
        engine.dispose()
