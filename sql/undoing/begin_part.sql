-- Purpose: a part of the run is being taken back from now on; one that is open already is widened to this.
-- Parameters: run_id, asked_by text; phase integer (null: to the last checkpoint). Returns: part_id. Locks: the row. Version: 14 or later.
insert into fordway.part_undo as standing (run_id, phase, asked_by)
values (%(run_id)s, %(phase)s, %(asked_by)s)
on conflict (run_id) where finished_at is null do update
set
    phase = excluded.phase,
    asked_by = excluded.asked_by
returning part_id
