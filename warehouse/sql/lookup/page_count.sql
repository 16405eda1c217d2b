select count(*) as page_count from raw.pages
