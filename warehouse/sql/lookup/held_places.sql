-- Where in a file the captures lie that are held.
select warc_offset from raw.pages where warc_file = $file
