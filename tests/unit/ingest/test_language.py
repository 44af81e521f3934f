import pytest

from pipeline.ingest import read_sources
from pipeline.ingest.language import detect_language
from pipeline.records import Article


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Guards closed the crossing on Monday after a shooting in which three men died, and traders waited with their lorries.", "en"),
        ("Los guardias cerraron el paso el lunes después de un tiroteo en el que murieron tres hombres, según el ministerio.", "es"),
        ("Die Grenzwache schloss am Montag den Übergang, nachdem bei einer Schießerei drei Männer ums Leben gekommen waren.", "de"),
        ("Пограничники закрыли переход в понедельник после стрельбы, в которой погибли три человека.", "ru"),
        ("أغلق الحراس المعبر يوم الاثنين بعد إطلاق نار قتل فيه ثلاثة رجال.", "ar"),
        ("边防人员星期一在枪击事件造成三人死亡后关闭了过境点，商人们带着卡车等待。", "zh"),
    ],
)  # fmt: skip
def test_language_is_told(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_words_that_languages_share_do_not_make_english() -> None:
    dutch = (
        "In de nacht van maandag op dinsdag is aan de grens op een vrachtwagen geschoten. Het was de tweede keer in een week, en de "
        "minister had in de kamer gezegd dat hij er is om te helpen. Wat was er op de weg?"
    )
    quoting = "Le ministre a dit que le titre The Road to the Pass, choisi par les gardes, était celui du rapport sur la fermeture du col."
    assert detect_language(dutch) == "nl"
    assert detect_language(quoting) == "fr"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Guards closed it.",
        "1 2 3 4.5 % 17-3 22 11 2004",
        "Rovers 2 (Hill 3, 40) United 1; Town 0 Athletic 0",
        "AAA BBB",
    ],
)
def test_what_is_in_no_language_to_speak_of_stays_untold(text: str) -> None:
    assert detect_language(text) is None


def test_text_is_believed_before_metadata_and_metadata_where_the_text_is_too_short(write) -> None:  # type: ignore[no-untyped-def]
    spanish = "Los guardias cerraron el paso el lunes después de un tiroteo en el que murieron tres hombres, según el ministerio."
    path = write(
        "a.jsonl", f'{{"text": "{spanish}", "language": "en"}}\n{{"text": "Guardias.", "language": "es-MX"}}\n'
    )
    assert [i.language for i in read_sources([path]) if isinstance(i, Article)] == ["es", "es"]
