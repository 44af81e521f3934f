"""Errors whose message is meant for the user: it names the file, line, URL or setting, and what to do.

The command line prints the message without a traceback. Anything else that escapes is a bug.
"""


class FaultlineError(Exception):
    """A user can mend this: the message says how."""


class SettingsError(FaultlineError):
    """A setting is missing, unknown or has a value that cannot be used."""


class ModelNotFoundError(FaultlineError):
    """The spaCy model that the settings name cannot be found."""


class WorkersError(FaultlineError):
    """There is nobody to tag: workers do not start, a cluster does not answer, or no article gets through."""


class WarehouseLockedError(FaultlineError):
    """Another process held the warehouse longer than the settings allow to wait."""


class WarehouseError(FaultlineError):
    """The warehouse or its snapshot cannot be opened or does not fit this version."""


class QueryError(FaultlineError):
    """A query that a user gave cannot be run."""


class UnknownNameError(FaultlineError):
    """A reader asked for an actor, data set or query that the snapshot does not have; the message says what comes close."""


class SqlModelError(FaultlineError):
    """A file under dbt_like_sql/ breaks the contract: unknown relation, cycle, bad header."""


class InputError(FaultlineError):
    """A path that a user named cannot be read at all."""


class KnowledgeError(FaultlineError):
    """A knowledge table holds something that cannot be used: the message names file and line."""


class DeliveryError(FaultlineError):
    """A webhook or file that alerts go to does not take them."""
