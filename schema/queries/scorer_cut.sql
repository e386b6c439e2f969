-- scorer_cut: the part of a snapshot below a transaction number.  $1 snapshot, $2 number.  Result: snapshot.
SELECT least(pg_snapshot_xmin(s.whole), s.cut) || ':' || s.cut || ':' || coalesce(
    (SELECT string_agg(i.xid::text, ',' ORDER BY i.xid) FROM pg_snapshot_xip(s.whole) AS i (xid) WHERE i.xid < s.cut), '')
FROM (SELECT $1::text::pg_snapshot AS whole, $2::bigint::text::xid8 AS cut) s
