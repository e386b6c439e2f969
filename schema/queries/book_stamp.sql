-- book_stamp: tells running programs to read calendars, rules, terms and codes again.  Writes: book.
UPDATE book SET stamp = stamp + 1
