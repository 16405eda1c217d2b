-- Publishers with weeks that hold too few articles, the one with the most such weeks first.
select
    publisher_id,
    publisher,
    count(*) filter (not is_edge) as gap_count,
    count(*) filter (not is_edge and article_count = 0) as silent_count,
    max(week_on) filter (not is_edge) as last_gap_on,
    any_value(expected_volume) as expected_volume
from mart.coverage_gaps
group by publisher_id, publisher
having gap_count > 0
order by gap_count desc, last_gap_on desc, publisher, publisher_id
