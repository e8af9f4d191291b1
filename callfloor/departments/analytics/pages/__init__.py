"""
Pages of data analysis: the reports that every center needs from its first day on.

    period     which days are asked for, and a month to choose from
    figures    a figure as a cell, a tile or a number in a file
    intervals  what happened in the queues
    agents     what agents did with their time
    abandoned  who gave up, and who called back
    firsts     whether the first contact was enough
"""

from django.urls import path

from callfloor.departments.analytics.pages import abandoned, agents, firsts, intervals

routes = [
    path("reports", intervals.report, name="reports"),
    path("reports.csv", intervals.export, name="reports_csv"),
    path("reports/agents", agents.report, name="reports_agents"),
    path("reports/agents.csv", agents.export, name="reports_agents_csv"),
    path("reports/abandoned", abandoned.listing, name="reports_abandoned"),
    path("reports/abandoned.csv", abandoned.export, name="reports_abandoned_csv"),
    path("reports/first", firsts.report, name="reports_first"),
    path("reports/first.csv", firsts.export, name="reports_first_csv"),
]
