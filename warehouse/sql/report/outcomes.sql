-- Every input by what became of it and why, the most frequent first.
select
    state,
    reason,
    count(*) as input_count
from ops.ledger
group by state, reason
order by input_count desc, state, reason
