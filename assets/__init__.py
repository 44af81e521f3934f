"""Dagster assets: thin. Each calls one pipeline function and returns metadata."""
