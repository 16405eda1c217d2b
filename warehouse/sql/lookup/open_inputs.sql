-- How many inputs are pending or quarantined, by reason.
select state, reason, count(*) as input_count
from ops.ledger
where state in ('pending', 'quarantined')
group by all
order by all
