create or replace view mart.edits as
with pairs as (
    select
        'reprint' as change,
        members.article_id,
        reprints.version_no,
        clusters.origin_article_id as base_article_id,
        origins.version_no as base_version_no,
        members.cluster_id,
        reprints.publisher_id,
        reprints.fetched_at as seen_at,
        origins.headline as base_headline,
        reprints.headline,
        string_split(origins.body, chr(10)) as base_lines,
        string_split(reprints.body, chr(10)) as lines
    from cluster_members as members
    inner join clusters on members.cluster_id = clusters.cluster_id
    inner join articles as reprints on members.article_id = reprints.article_id
    inner join articles as origins on clusters.origin_article_id = origins.article_id
    where members.role = 'reprint'
    union all
    select
        'version',
        later.article_id,
        later.version_no,
        earlier.article_id,
        earlier.version_no,
        null,
        articles.publisher_id,
        later.seen_at,
        earlier.headline,
        later.headline,
        string_split(earlier.body, chr(10)),
        string_split(later.body, chr(10))
    from article_versions as later
    inner join article_versions as earlier
        on later.article_id = earlier.article_id and later.version_no = earlier.version_no + 1
    inner join articles on later.article_id = articles.article_id
    where later.version_no > 1
),
-- Lines both have are done with. What is left becomes one list of words, a pilcrow at each line end;
-- curly and straight quotation marks are the same.
changed_lines as (
    select
        * exclude (base_lines, lines),
        string_split(
            concat('¶ ', translate(array_to_string(list_filter(base_lines, lambda line: not list_contains(lines, line)), ' ¶ '), '‘’“”', '''''""'), ' ¶'),
            ' '
        ) as base_words,
        string_split(
            concat('¶ ', translate(array_to_string(list_filter(lines, lambda line: not list_contains(base_lines, line)), ' ¶ '), '‘’“”', '''''""'), ' ¶'),
            ' '
        ) as words
    from pairs
),
-- Runs of three words; a word stands where it stood when one of the three runs it is in is in both.
runs as (
    select
        *,
        list_transform(range(1, len(base_words) - 1), lambda i: concat_ws(' ', base_words[i], base_words[i + 1], base_words[i + 2])) as base_runs,
        list_transform(range(1, len(words) - 1), lambda i: concat_ws(' ', words[i], words[i + 1], words[i + 2])) as word_runs
    from changed_lines
),
kept as (
    select
        * exclude (base_runs, word_runs),
        list_concat([false, false], list_transform(base_runs, lambda run: list_contains(word_runs, run)), [false, false]) as is_base_kept,
        list_concat([false, false], list_transform(word_runs, lambda run: list_contains(base_runs, run)), [false, false]) as is_kept
    from runs
),
marked as (
    select
        * exclude (base_words, words, is_base_kept, is_kept),
        list_transform(
            base_words,
            lambda word, i: if(is_base_kept[i] or is_base_kept[i + 1] or is_base_kept[i + 2], '¶', word)
        ) as removed,
        list_transform(
            words,
            lambda word, i: if(is_kept[i] or is_kept[i + 1] or is_kept[i + 2], '¶', word)
        ) as added
    from kept
),
final as (
    select
        change,
        article_id,
        version_no,
        base_article_id,
        base_version_no,
        cluster_id,
        publisher_id,
        seen_at,
        headline is distinct from base_headline as is_headline_changed,
        base_headline,
        headline,
        len(list_filter(removed, lambda word: word not in ('¶', ''))) as removed_word_count,
        len(list_filter(added, lambda word: word not in ('¶', ''))) as added_word_count,
        list_filter(
            list_transform(string_split(array_to_string(removed, ' '), '¶'), lambda words: trim(words)),
            lambda words: words <> ''
        ) as removed,
        list_filter(
            list_transform(string_split(array_to_string(added, ' '), '¶'), lambda words: trim(words)),
            lambda words: words <> ''
        ) as added
    from marked
)
select * from final;

comment on view mart.edits is 'One row per reprint, against the origin of its cluster, and per version, against the one before: which words changed';
comment on column mart.edits.change is 'reprint or version';
comment on column mart.edits.article_id is 'The article with the later text';
comment on column mart.edits.version_no is 'The version of it that is compared; for a reprint the current one';
comment on column mart.edits.base_article_id is 'What it is compared with: the origin, or the article itself';
comment on column mart.edits.base_version_no is 'The version of that';
comment on column mart.edits.cluster_id is 'The cluster of a reprint; null for a version';
comment on column mart.edits.publisher_id is 'Who published the later text';
comment on column mart.edits.seen_at is 'When the later text was captured';
comment on column mart.edits.is_headline_changed is 'Whether the headlines differ';
comment on column mart.edits.base_headline is 'Headline of the base';
comment on column mart.edits.headline is 'Headline of the later text';
comment on column mart.edits.removed_word_count is 'Words of the base that are in no run of three words both texts have';
comment on column mart.edits.added_word_count is 'Words of the later text that are in no run of three words both texts have';
comment on column mart.edits.removed is 'Those of the base, in its order: one string for each run of them';
comment on column mart.edits.added is 'Those of the later text, in its order';
