-- recipients_files: the key files of all webhooks that are used.  Result: id, address, files.
SELECT recipient_id, address, secret_file FROM recipient WHERE secret_file IS NOT NULL AND disabled IS NULL ORDER BY recipient_id
