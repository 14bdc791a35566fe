-- Purpose: forgets the chunks behind a number, which are about to be cut anew; none of them may have begun.
-- Parameters: run_id, pass text; table_number, after_number integer. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.chunk
where run_id = %(run_id)s
and pass = %(pass)s
and table_number = %(table_number)s
and chunk_number > %(after_number)s
and state = 'pending'
and origin is null
