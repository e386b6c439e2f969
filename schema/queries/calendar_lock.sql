-- calendar_lock: one loader at a time; held to the end of the transaction.  Result: stamp of the book.
SELECT stamp FROM book FOR UPDATE
