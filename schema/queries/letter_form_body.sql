-- letter_form_body: the text of a form.  $1 template_id.  Result: name, body.
SELECT name, body FROM letter_template WHERE template_id = $1::int
