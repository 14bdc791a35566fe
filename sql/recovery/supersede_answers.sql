-- Purpose: answers about a batch of which another answer left nothing to be carried out.
-- Parameters: run_id text; table_number, chunk_number integer. Returns: nothing. Locks: the rows. Version: 14 or later.
update fordway.decision as answered
set outcome = '{"state": "superseded"}'
where answered.run_id = %(run_id)s
and answered.kind = 'fault'
and answered.outcome ->> 'state' = 'armed'
and (answered.body #>> '{at,table_number}')::integer = %(table_number)s
and (answered.body #>> '{at,chunk}')::integer = %(chunk_number)s
and not exists (
    select 1
    from fordway.treatment as treatment
    where treatment.decision_id = answered.decision_id
    and treatment.state = 'armed'
)
