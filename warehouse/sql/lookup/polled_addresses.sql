-- What was asked for and is no page: feeds, sitemaps, section pages of sources.
select url from sources
union
select url from ops.fetches where kind in ('feed', 'sitemap', 'index')
