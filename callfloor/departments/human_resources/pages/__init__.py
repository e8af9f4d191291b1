"""
Pages of human resources: job descriptions and policies.

    sheet     a description in a language, ready for a page or for paper
    jobs      the list, one description, its PDF, issuing it
    choosing  from questions to a role, and what tailoring it would change
    policies  what people work by, and what enforces it
    reality   descriptions against what the records say was done
"""

from django.urls import path

from callfloor.departments.human_resources.pages import choosing, jobs, policies, reality

routes = [
    path("jobs", jobs.listing, name="jobs"),
    path("jobs.csv", jobs.export, name="jobs_csv"),
    path("jobs/choose", choosing.choose, name="jobs_choose"),
    path("jobs/reality", reality.listing, name="jobs_reality"),
    path("jobs/reality/<str:key>", reality.detail, name="job_reality"),
    path("jobs/<str:key>.pdf", jobs.paper, name="job_pdf"),
    path("jobs/<str:key>", jobs.detail, name="job"),
    path("jobs/<str:key>/issue", jobs.issue, name="job_issue"),
    path("policies", policies.listing, name="policies"),
]
