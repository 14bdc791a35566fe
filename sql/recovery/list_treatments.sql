-- Purpose: what was decided about batches of a table and waits to be carried out, the oldest answer first.
-- Parameters: run_id text; table_number integer. Returns: treatment rows with who decided. Locks: none. Version: 14 or later.
select
    treatment.chunk_number,
    treatment.kind,
    treatment.place,
    treatment.action,
    treatment.value,
    treatment.decision_id,
    decision.answered_by
from fordway.treatment as treatment
join fordway.decision as decision
    on decision.decision_id = treatment.decision_id
where treatment.run_id = %(run_id)s
and treatment.table_number = %(table_number)s
and treatment.state = 'armed'
order by treatment.chunk_number, treatment.armed_at
