"""Article -> TaggedArticle. One module per layer: entities, actors, dates, counts, events, incidents, relations.

What belongs here: reading text. What does not: files, databases, Dagster. spaCy objects never leave this package.
"""
