"""
Who works here, and who answers for what.

    people    lists of people, one of them whole, names, teams, clients
    proofs    what shows that they have their skills, and until when
    finding   people by name, team, role, skill and department, a page at a time
    duties    the centre's organisation, the matrix of person, duty and permission
    tokens    whose token a program has brought, and which there are
"""

from callfloor.kernel.access import Someone
from callfloor.records.people.queries.duties import (
    DutyRow,
    MatrixRow,
    duties_of,
    matrix,
    organisation,
    role_names,
)
from callfloor.records.people.queries.finding import (
    WantedPeople,
    choices,
    found,
    search,
)
from callfloor.records.people.queries.people import (
    ClientRow,
    PersonDetail,
    PersonRow,
    SkillLevel,
    TeamRow,
    client_names,
    client_names_of,
    clients,
    colleagues,
    detail,
    language_name,
    language_said,
    names,
    names_of,
    own_name,
    people,
    rights_of,
    teams,
)
from callfloor.records.people.queries.proofs import Proof, Proven, proofs_of, proven

__all__ = [
    "ClientRow",
    "DutyRow",
    "MatrixRow",
    "PersonDetail",
    "PersonRow",
    "Proof",
    "Proven",
    "SkillLevel",
    "Someone",
    "TeamRow",
    "WantedPeople",
    "choices",
    "client_names",
    "client_names_of",
    "clients",
    "colleagues",
    "detail",
    "duties_of",
    "found",
    "language_name",
    "language_said",
    "matrix",
    "names",
    "names_of",
    "organisation",
    "own_name",
    "people",
    "proofs_of",
    "proven",
    "rights_of",
    "role_names",
    "search",
    "teams",
]
