from pipeline.warehouse.docs import PAGE, tables_page


def test_the_page_of_tables_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == tables_page(), "run `make docs`"
