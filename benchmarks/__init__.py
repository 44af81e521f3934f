"""Measurements: accuracy on gold data (``score``), throughput and memory (``throughput``). Each prints what it measured."""
