-- Every source of the list, how it stands, and how fresh its articles are.
select
    sources.source_id,
    sources.slug,
    sources.url,
    sources.kind,
    sources.is_enabled,
    sources.is_listed,
    sources.parent_id,
    states.status,
    states.status_reason,
    states.last_success_at,
    states.last_polled_at,
    states.next_poll_at,
    states.interval_s,
    states.failure_count,
    states.last_reason,
    states.last_error,
    states.moved_url,
    states.hub_url,
    states.is_trusted,
    states.distrust_reason,
    fresh.article_count,
    fresh.median_s,
    fresh.last_published_at,
    fresh.last_loaded_at
from sources
left join ops.source_state as states on sources.source_id = states.source_id
left join mart.freshness as fresh on sources.source_id = fresh.source_id
where sources.url not in ('http:', 'file:')
order by sources.slug
