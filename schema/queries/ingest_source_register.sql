-- ingest_source_register: the short key of a source, made on first sight.  $1 name.  Result: source_id.  Writes: source.
SELECT source_register($1::text) AS source_id
