"""What parent and child say to each other: one letter and what it is about, tables as Arrow's stream format."""

import pyarrow as pa

READY, TABLE, REFUSED = b"R", b"T", b"E"


def to_bytes(table: pa.Table) -> bytes:
    """A table as bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def from_bytes(data: bytes) -> pa.Table:
    """The table that such bytes hold."""
    with pa.ipc.open_stream(data) as stream:
        return stream.read_all()
