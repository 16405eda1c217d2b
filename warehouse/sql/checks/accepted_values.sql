-- Columns with a fixed set of values hold no other.
select 'ops.ledger.state' as place, state as value
from ops.ledger
where state not in ('pending', 'loaded', 'duplicate', 'skipped', 'quarantined')
union all
select 'ops.entries.outcome', outcome
from ops.entries
where outcome not in ('pending', 'loaded', 'duplicate', 'skipped', 'quarantined')
union all
select 'ops.fetches.outcome', outcome
from ops.fetches
where outcome not in ('reading', 'ok', 'failed')
union all
select 'ops.runs.status', status
from ops.runs
where status not in ('running', 'completed', 'failed', 'cancelled', 'crashed')
union all
select 'matches.kind', kind
from matches
where kind not in ('near_duplicate', 'excerpt')
union all
select 'passages.kind', kind
from passages
where kind not in ('verbatim', 'edited')
union all
select 'cluster_members.role', role
from cluster_members
where role not in ('origin', 'reprint')
union all
select 'article_agencies.role', role
from article_agencies
where role not in ('owner', 'shared', 'self')
union all
select 'agency_evidence.level', level
from agency_evidence
where level not in ('owner', 'shared', 'self', 'mention')
union all
select 'articles.published_precision', published_precision
from articles
where published_precision not in ('instant', 'minute', 'day')
union all
select 'articles.body_source', body_source
from articles
where body_source not in ('fast', 'full', 'precision', 'json_ld', 'fallback', 'plain_text')
union all
select 'article_dates.precision', precision
from article_dates
where precision not in ('instant', 'minute', 'day')
union all
select 'article_dates.flag', flag
from article_dates
where flag not in (
    'unreadable', 'too_early', 'future', 'modified', 'ahead', 'inferred', 'source_zone', 'no_zone'
)
union all
select 'article_urls.kind', kind
from article_urls
where kind not in ('fetched', 'final', 'canonical', 'amp', 'syndication')
union all
select 'ops.source_state.status', status
from ops.source_state
where status not in ('active', 'stopped', 'retired')
union all
select 'sources.kind', kind
from sources
where kind not in ('feed', 'sitemap', 'page', 'folder', 'warc')
union all
select 'ops.backfill_units.archive', archive
from ops.backfill_units
where archive not in ('landed', 'sitemap', 'warc', 'wayback')
union all
select 'ops.backfill_units.state', state
from ops.backfill_units
where state not in ('open', 'done', 'incomplete')
union all
select 'ops.ledger_events.state', state
from ops.ledger_events
where state not in ('pending', 'loaded', 'duplicate', 'skipped', 'quarantined')
union all
select place, reason
from (
    select 'ops.ledger.reason' as place, reason from ops.ledger
    union all
    select 'ops.ledger_events.reason', reason from ops.ledger_events
    union all
    select 'ops.entries.reason', reason from ops.entries
    union all
    select 'ops.fetches.reason', reason from ops.fetches
)
where reason not in (
    'empty', 'binary', 'unsupported_type', 'outside_folder', 'not_a_regular_file', 'http_status',
    'not_an_article', 'paywall', 'no_text', 'too_short', 'unreadable', 'too_large', 'truncated',
    'changed_while_reading', 'invalid_json', 'invalid_record', 'parser_timeout', 'parser_memory',
    'parser_crash', 'same_article', 'outside_range', 'seen_before', 'not_fetched', 'too_many_entries', 'not_followed',
    'bad_address',
    'private_address', 'robots_denied', 'host_not_found', 'connection_failed', 'tls_failed',
    'deadline_exceeded', 'host_busy', 'robots_unreachable', 'crawl_delay', 'too_many_redirects',
    'redirect_loop', 'invalid_answer', 'unsupported_coding', 'corrupt_body', 'rate_limited',
    'unavailable', 'server_error', 'gone', 'not_found', 'refused', 'challenge_page', 'consent_wall'
)
