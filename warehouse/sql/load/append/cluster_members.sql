insert into cluster_members by name
from staged_cluster_members
