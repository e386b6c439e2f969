-- book_look: changes whenever calendars, rules, terms or codes do.  Result: stamp.  Writes: nothing.
SELECT stamp FROM book
