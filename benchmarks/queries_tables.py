"""The tables of a warehouse of any size, written by SQL: what `benchmarks.queries` asks.

An ingest of a million articles takes hours. These are 400 publishers, a year, clusters with a heavy
tail, bodies of some 280 words in lines that reprints share with their origin, and the passages these
lines make. Everything follows from hashes of row numbers: the same rows everywhere.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.connection import transaction
from warehouse.migrate import migrate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "memory_limit": "2GB",
    "preserve_insertion_order": False,
    "storage_compatibility_version": "v1.5.0",
}
_STEP = 100_000

_POOL = """
create temp table vocabulary as
select list(
    if(hash(concat(i, 'accent')) % 40 = 0, 'é', '') || md5(i::varchar)[:(2 + hash(concat(i, 'w')) % 9)::int]
    order by i
) as words
from range(5000) as numbers (i);

create temp table line_pool as
select
    n,
    12 + (hash(concat(n, 'words')) % 48)::int as word_count,
    array_to_string(
        list_transform(
            range(12 + (hash(concat(n, 'words')) % 48)::int),
            lambda k: vocabulary.words[1 + (hash(n, k) % 5000)::int]
        ),
        ' '
    ) || '.' as line,
    length(line) as size
from range(200000) as numbers (n), vocabulary;
"""

_PLAN = """
create temp table plan as
with sized as (
    select
        k,
        if(
            hash(concat(k, 'single')) / 18446744073709551616.0 < 0.9,
            1,
            least(200, floor(2 * (hash(concat(k, 'size')) / 18446744073709551616.0 + 1e-9) ** -0.6))
        )::int as size
    from range($articles) as numbers (k)
),
placed as (
    select
        size,
        coalesce(sum(size) over (order by k rows between unbounded preceding and 1 preceding), 0)::int
        as origin
    from sized
),
spread as (
    select origin, size, origin + j as i, j
    from placed, lateral (select unnest(range(size)) as j) as members
    where origin + j < $articles
),
timed as (
    select
        i,
        j,
        origin,
        (hash(concat(i, 'dating')) % 100)::int as dating,
        timestamptz '2025-01-01 00:00:00+00'
        + to_seconds((hash(concat(origin, 'time')) % (86400 * 362))::bigint)
        + to_seconds(if(j = 0, 0, hash(concat(i, 'lag')) % 172800)::bigint) as moment
    from spread
)
select
    i,
    j,
    origin,
    format('{:016x}', hash(concat(i, 'article'))) as article_id,
    (hash(concat(i, 'publisher')) % 400)::int as publisher,
    moment,
    case
        when dating < 3 then null
        when dating < 10 then date_trunc('day', moment)
        when dating < 20 then date_trunc('minute', moment)
        else moment
    end as published_at,
    case when dating < 3 then null when dating < 10 then 'day' when dating < 20 then 'minute' else 'instant' end
    as published_precision
from timed
"""

# A line is the origin's in seven of eight lines of a reprint; four in five origins borrow three lines
# of an article before them; the others are an article's own.
_LINES = """
create or replace temp table body_lines as
with slots as (
    select
        i,
        k,
        case
            when j > 0 and hash(concat(i, '/', k)) % 8 > 0 then origin
            when j = 0 and i > 99 and hash(concat(i, 'borrows')) % 5 < 4 and k in (1, 2, 3)
                then i - 1 - (hash(concat(i, 'lender')) % 99)::int
            else i
        end as lender,
        (hash(concat(lender, 'line', k)) % 200000)::int as n
    from plan, lateral (select unnest(range(4 + (hash(concat(origin, 'lines')) % 9)::int)) as k) as lines
    where i >= $first and i < $first + $step
)
select
    i,
    k,
    lender,
    n,
    line,
    word_count,
    size,
    (sum(size + 1) over (partition by i order by k) - size - 1)::int as begins
from slots
inner join line_pool using (n)
"""

_ARTICLES = """
insert into articles by name
select
    article_id,
    if(publisher = 399, null, format('{:016x}', hash(concat(publisher, 'p')))) as publisher_id,
    'https://p' || publisher || '.example/' || i as url,
    url as url_key,
    any_value(line order by k)[:60] as headline,
    string_agg(line, chr(10) order by k) as body,
    'en' as language,
    published_at,
    published_precision,
    moment + to_seconds(60 + (hash(concat(i, 'seen')) % 7200)::bigint) as first_seen_at,
    moment + to_seconds(60) as fetched_at,
    sum(word_count)::int as word_count,
    md5(i::varchar) || md5(i::varchar) as body_sha256,
    if(hash(concat(i, 'version')) % 20 = 0, 2, 1) as version_no,
    format('{:016x}', hash(concat(i, 'page'))) as page_id,
    'The P' || publisher as publisher_name,
    'p' || publisher || '.example' as publisher_host
from body_lines
inner join plan using (i)
group by i, article_id, publisher, published_at, published_precision, moment
"""

_PASSAGES = """
insert into passages
with shared as (
    select
        mine.article_id as mine_id,
        other.article_id as other_id,
        mine_lines.begins as mine_begins,
        other_lines.begins as other_begins,
        mine_lines.size
    from body_lines as mine_lines
    inner join body_lines as other_lines
        on mine_lines.lender = other_lines.i and mine_lines.k = other_lines.k and mine_lines.n = other_lines.n
    inner join plan as mine on mine_lines.i = mine.i
    inner join plan as other on other_lines.i = other.i
    where mine_lines.i <> mine_lines.lender
)
select
    least(mine_id, other_id),
    if(mine_id < other_id, mine_begins, other_begins),
    if(mine_id < other_id, mine_begins, other_begins) + size,
    greatest(mine_id, other_id),
    if(mine_id < other_id, other_begins, mine_begins),
    if(mine_id < other_id, other_begins, mine_begins) + size,
    greatest(6, size // 10),
    'verbatim'
from shared
"""

_REST = """
insert into article_versions (article_id, version_no, headline, body, body_sha256, page_id, seen_at)
select article_id, version_no, headline, body, body_sha256, page_id, fetched_at from articles;

insert into article_versions (article_id, version_no, headline, body, body_sha256, page_id, seen_at)
select
    article_id,
    1,
    headline,
    replace(body, ' a', ' b'),
    md5(body) || md5(body),
    'older',
    fetched_at - interval 1 hour
from articles
where version_no = 2;

insert into cluster_members
with named as (select origin, min(article_id) as cluster_id from plan group by origin)
select article_id, cluster_id, if(j = 0, 'origin', 'reprint') from plan inner join named using (origin);

insert into clusters by name
select
    min(article_id) as cluster_id,
    arg_min(article_id, j) as origin_article_id,
    count(*)::int as article_count,
    min(published_at) as first_published_at
from plan
group by origin;

insert into publishers
select format('{:016x}', hash(concat(k, 'p'))), if(k = 7, 'Kelm FM', 'The P' || k), 'p' || k || '.example'
from range(399) as numbers (k);

insert into agencies select 'agency' || k, 'Agency ' || k from range(20) as numbers (k);

insert into article_agencies
select
    article_id,
    'agency' || hash(concat(origin, 'agency')) % 20,
    if(j = 0 and hash(concat(origin, 'self')) % 2 = 0, 'self', 'owner')
from plan
where hash(concat(origin, 'wired')) % 10 < 2;

insert into agency_evidence by name
select article_id, agency_id, 'dateline' as signal, role as level, '(' || agency_id || ')' as text
from article_agencies;

insert into sources (source_id, slug, url, kind, publisher_id)
select 's' || k, 'slug' || k, 'https://p' || k || '.example/feed', 'feed', null
from range(400) as numbers (k);

insert into ops.ledger
select 'l' || article_id, article_id, 'loaded', null, 1, null, article_id, 'run' from plan;

insert into ops.entries (source_id, fetch_id, position, ledger_id, url_raw, outcome, reason, detail, run_id)
select 's' || publisher, 'f' || i // 100, i % 100, 'l' || article_id, article_id, 'loaded', null, null, 'run'
from plan;

insert into ops.entries (source_id, fetch_id, position, ledger_id, url_raw, outcome, reason, detail, run_id)
select 's' || publisher, 'g' || i // 100, i % 100, 'l' || article_id, article_id, 'duplicate', 'same_article', null, 'run'
from plan
where i % 2 = 0;
"""


def build(path: Path, articles: int) -> None:
    """Write a warehouse of so many articles."""
    con = duckdb.connect(str(path), config={**CONFIG, "temp_directory": f"{path}.tmp"})
    con.execute("set TimeZone = 'UTC'")
    migrate(con, NOW)
    con.execute(_POOL)
    con.execute(_PLAN, {"articles": articles})
    for first in range(0, articles, _STEP):
        con.execute(_LINES, {"first": first, "step": _STEP})
        con.execute(_ARTICLES)
        con.execute(_PASSAGES)
    with transaction(con):
        con.execute(_REST)
    con.close()
