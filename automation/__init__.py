"""What runs, and when: jobs and schedules (``jobs``), sensors (``sensors``), runs that the command line starts (``runs``).

What does not belong here: the work itself (``assets`` and the rooms below), and where all is put together (``definitions``).
"""
