insert into clusters by name
from staged_clusters
