"""What people read: summaries and reports, made from the published snapshot only.

What belongs here: choosing and phrasing what is shown. What does not: computing indicators (that is SQL under dbt_like_sql/).
"""
