-- Purpose: how many rows of a group would fit by a rule.
-- Parameters: {kind}, {place} literals, {given} expression over fault.raw, {fits} expression over given.value.
-- Returns: one bigint. Locks: none. Version: 14 or later.
select count(*) as rows
from pg_temp.fordway_offender as fault
cross join lateral (select {given} as value) as given
where fault.kind = {kind}
and fault.place = {place}
and {fits}
