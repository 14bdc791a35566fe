-- Purpose: forgets the chunks of a pass that begins anew; committed rows of the move are never forgotten.
-- Parameters: run_id, pass text; table_number integer. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.chunk as chunk
where chunk.run_id = %(run_id)s
and chunk.pass = %(pass)s
and chunk.table_number = %(table_number)s
and (chunk.pass = 'rehearse' or (chunk.state = 'pending' and chunk.origin is null))
