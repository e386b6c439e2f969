-- letter_office_load: offices of units, new or in the place of what they were.
-- $1 units, $2 names, $3 superiors, $4 places, $5 number forms, $6 signers for, $7 titles, $8 signers, $9 copies (lines
-- parted by |), $10 places of the new due, $11 phones, $12 e-mails, $13 templates, $14 reasons, $15 terms in days, $16 who.
-- Result: new, changed, the same.  Writes: letter_office.
WITH line AS MATERIALIZED (
    SELECT u.unit_id, l.name, coalesce(l.superior, '') AS superior, l.place, l.number_form, l.signer_for, l.signer_title,
        l.signer_name,
        (SELECT string_agg(btrim(p.line), E'\n' ORDER BY p.at)
         FROM regexp_split_to_table(l.copies, '[|]') WITH ORDINALITY AS p (line, at)) AS copies,
        l.new_due_place, l.phone, l.email, l.template, l.reason, l.term_days::smallint AS term_days
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
        AS l (unit, name, superior, place, number_form, signer_for, signer_title, signer_name, copies, new_due_place, phone,
            email, template, reason, term_days)
    JOIN unit u ON u.code = l.unit
), written AS (
    INSERT INTO letter_office AS o (unit_id, name, superior, place, number_form, signer_for, signer_title, signer_name, copies,
        new_due_place, phone, email, template, reason, term_days, updated_by)
    SELECT l.unit_id, l.name, l.superior, l.place, l.number_form, l.signer_for, l.signer_title, l.signer_name, l.copies,
        l.new_due_place, l.phone, l.email, l.template, l.reason, l.term_days, $16::text
    FROM line l ORDER BY l.unit_id
    ON CONFLICT (unit_id) DO UPDATE SET name = excluded.name, superior = excluded.superior, place = excluded.place,
        number_form = excluded.number_form, signer_for = excluded.signer_for, signer_title = excluded.signer_title,
        signer_name = excluded.signer_name, copies = excluded.copies, new_due_place = excluded.new_due_place,
        phone = excluded.phone, email = excluded.email, template = excluded.template, reason = excluded.reason,
        term_days = excluded.term_days, updated_by = excluded.updated_by, updated_at = now()
    WHERE (o.name, o.superior, o.place, o.number_form, o.signer_for, o.signer_title, o.signer_name, o.copies,
        o.new_due_place, o.phone, o.email, o.template, o.reason, o.term_days)
        IS DISTINCT FROM (excluded.name, excluded.superior, excluded.place, excluded.number_form, excluded.signer_for,
        excluded.signer_title, excluded.signer_name, excluded.copies, excluded.new_due_place, excluded.phone, excluded.email,
        excluded.template, excluded.reason, excluded.term_days)
    RETURNING xmax = 0 AS fresh
)
SELECT count(*) FILTER (WHERE w.fresh), count(*) FILTER (WHERE NOT w.fresh), (SELECT count(*) FROM line) - count(*)
FROM written w
