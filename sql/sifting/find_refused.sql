-- Purpose: staged rows whose trial raised an error are faults.
-- Parameters: {step}, {rank}, {kind}, {place} literals. Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, note, sqlstate)
select
    refusal.place,
    {step},
    {rank},
    {kind},
    {place},
    refusal.message,
    refusal.code
from pg_temp.fordway_refusal as refusal
