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
        ("[indicators]\nmin_confidence = 1.5\n", "indicators.min_confidence"),
        ("[nonsense]\n", "nonsense"),
        ("[model\n", "not valid TOML"),
    ],
)
def test_a_wrong_setting_is_named(folder: Path, text: str, named: str) -> None:
    (folder / "faultline.toml").write_text(text)
    with pytest.raises(SettingsError, match=named):
        load_settings()
