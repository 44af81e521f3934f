"""TaggedArticle -> DuckDB: tables, bulk merge, migrations, and publishing a read-only snapshot.

What belongs here: every DuckDB connection to the warehouse and its snapshot (the SQL models get theirs from here). What does
not: what the models compute (``sqlmodels``), what the tagger finds (``tag``).
"""
