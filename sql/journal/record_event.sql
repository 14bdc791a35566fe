-- Purpose: adds one event to the journal, in the caller's transaction.
-- Parameters: run_id, kind text; body jsonb. Returns: number.
-- Locks: the run's journal head until commit, so keep it last. Version: 14 or later.
select fordway.record_event(%(run_id)s, %(kind)s, %(body)s) as number
