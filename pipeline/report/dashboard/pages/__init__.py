"""The pages, one module each: from a ``Visit`` to a ``Page``."""
