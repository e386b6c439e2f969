-- mail_wanted: who counts on mail.  Result: recipients by e-mail that are not disabled, mails that wait.
SELECT (SELECT count(*) FROM recipient WHERE channel = 'email' AND disabled IS NULL),
    (SELECT count(*) FROM delivery WHERE channel = 'email' AND state = 'waiting')
