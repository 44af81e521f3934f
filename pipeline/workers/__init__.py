"""Who tags: this process, processes beside it, or a Dask cluster. Batches of articles go in, tagged batches come out in the same order.

``engine`` drives a pool of workers and deals with what goes wrong; ``processes`` and ``cluster`` are such pools; ``coder`` is what a
worker does with a batch, ``child`` the process that does it, ``exchange`` what a cluster's batches are, ``places`` and
``bucket`` where they lie. What does not belong here: how an
article is tagged (``tag``), or where the rows go (``warehouse``).
"""
