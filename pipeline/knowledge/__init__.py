"""What the tagger knows, as data files with loaders that validate them.

To add an armed group, a verb or a vague quantity is to add a line to a file under this folder. Every file has a source column.
"""
