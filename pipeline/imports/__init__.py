"""Event tables that others coded, as rows of core.imported_events, so that the indicators run on them and ours can be compared.

What belongs here: the file formats (``formats``), what their codes mean (``types.csv``) and whom their actors are (``actors``). What does
not: articles (``ingest``), storing (``warehouse``) and the comparison itself (the SQL models).
"""
