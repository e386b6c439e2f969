-- letter_template_show: the text of the newest form of a name.  $1 name.  Result: text.
SELECT t.body FROM letter_template t WHERE t.name = $1::text ORDER BY t.effective_from DESC, t.template_id DESC LIMIT 1
