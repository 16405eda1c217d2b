insert into agency_evidence by name
from staged_agency_evidence
