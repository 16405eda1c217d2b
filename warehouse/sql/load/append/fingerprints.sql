insert into reuse.fingerprints by name
from staged_fingerprints
