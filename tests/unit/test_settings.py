from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import load_settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_environment_overrides_the_file_and_arguments_override_both(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "faultline.toml").write_text('[model]\nname = "from_file"\n[tagging]\nbatch_size = 7\n')
    assert load_settings().model.name == "from_file"
    monkeypatch.setenv("FAULTLINE_MODEL__NAME", "from_environment")
    assert load_settings().model.name == "from_environment"
    assert load_settings().tagging.batch_size == 7
    assert load_settings(model={"name": "from_call"}).model.name == "from_call"


def test_relative_paths_start_at_the_folder_of_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "faultline.toml").write_text('[paths]\ndata = "store"\nsources = ["news"]\n')
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    settings = load_settings()
    assert settings.warehouse_path == folder / "store" / "warehouse.duckdb"
    assert settings.source_paths == [folder / "news"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[model]\nnam = 'x'\n", "model.nam"),
        ("[tagging]\nbatch_size = 0\n", "tagging.batch_size"),
        ("[indicators]\nbase_weeks = 6\n", "base_min_weeks is 8, more than base_weeks = 6"),
        (
            "[indicators]\nhalf_life_short_days = 120\n",
            "half_life_short_days is 120, more than half_life_long_days = 90",
        ),
        ("[indicators]\npress_base_from = 2021\n", "press_base_from is 2021; it must be a month as YYYYMM"),
        ("[indicators]\nmin_confidence = 1.5\n", "indicators.min_confidence"),
        ("[warehouse]\nkind = 'ducklake'\n", "needs a catalog"),
        ("[warehouse]\nkind = 'ducklake'\ncatalog = 'postgres:dbname=x'\n", "needs data_path"),
        ("[warehouse]\nkind = 'sqlite'\n", "warehouse.kind"),
        ("[publish]\naddress = '/srv/published'\n", "publish.address"),
        ("[nonsense]\n", "nonsense"),
        ("[model\n", "not valid TOML"),
    ],
)
def test_a_wrong_setting_is_named(folder: Path, text: str, named: str) -> None:
    (folder / "faultline.toml").write_text(text)
    with pytest.raises(SettingsError, match=named):
        load_settings()


@pytest.mark.parametrize(
    "catalog", ["postgres:dbname=x password=hunter2", "postgres:postgresql://me:hunter2@db.example/x"]
)
def test_a_password_in_the_catalog_is_refused_and_not_repeated(folder: Path, catalog: str) -> None:
    text = f"[warehouse]\nkind = 'ducklake'\ncatalog = '{catalog}'\ndata_path = 'lake'\n"
    (folder / "faultline.toml").write_text(text)
    with pytest.raises(SettingsError, match="PGPASSWORD") as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


def test_the_files_of_a_lake_lie_at_an_address_or_below_the_folder_of_the_file(folder: Path) -> None:
    text = "[warehouse]\nkind = 'ducklake'\ncatalog = 'postgres:dbname=x'\ndata_path = '{}'\n"
    for given, meant in (("lake", str(folder.resolve() / "lake")), ("s3://bucket/lake", "s3://bucket/lake")):
        (folder / "faultline.toml").write_text(text.format(given))
        assert load_settings().lake_data_path == meant


SOURCE = '[[sources]]\nkind = "feed"\nname = "post"\nurl = "https://x.example/rss"\n'


def test_sources_are_declared_with_their_kind(folder: Path) -> None:
    (folder / "faultline.toml").write_text(SOURCE)
    settings = load_settings()
    [feed] = settings.sources
    assert (feed.kind, feed.name) == ("feed", "post")
    assert settings.source_paths == [], "a missing inbox that nobody named is no fault where sources are declared"
    (folder / "inbox").mkdir()
    assert settings.source_paths == [folder / "inbox"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (SOURCE.replace("feed", "radio"), "sources"),
        (SOURCE.replace("url", "uri"), "sources.0.feed"),
        (SOURCE + SOURCE, "two sources have the name post"),
        (
            '[[sources]]\nkind = "files"\nname = "x"\npaths = ["a"]\ncolumns = { body = "b" }\n',
            "sources.0.files.columns",
        ),
        ("[http]\ndelay_seconds = -1\n", "http.delay_seconds"),
    ],
)
def test_a_wrong_source_is_named(folder: Path, text: str, named: str) -> None:
    (folder / "faultline.toml").write_text(text)
    with pytest.raises(SettingsError, match=named):
        load_settings()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            {"kind": "files", "name": "x", "paths": ["s3://news/a.csv"]},
            's3://news/a.csv is an address: .* kind "remote"',
        ),
        ({"kind": "remote", "name": "x", "urls": ["ftp://a"]}, "ftp://a is neither"),
        ({"kind": "gdelt", "name": "x"}, "name files under paths, or tables"),
        ({"kind": "gdelt", "name": "x", "tables": ["webngrams"]}, "webngrams need since"),
    ],
)
def test_source_that_cannot_be_read_is_refused_with_advice(folder: Path, source: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        load_settings(sources=(source,))


def test_a_setting_of_the_wrong_form_is_told_what_it_is() -> None:
    with pytest.raises(
        SettingsError, match=r"tagging\.batches: 's3://' cannot be used; it is: folder .* or s3://bucket/prefix"
    ):
        load_settings(tagging={"batches": "s3://"})
