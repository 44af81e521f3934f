"""Dagster resources: thin. They turn settings into plain objects of the lower rooms."""
