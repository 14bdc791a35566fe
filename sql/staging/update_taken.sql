-- Purpose: target rows take the values of the staged rows that win.
-- Parameters: {table} identifier, {assignments}, {joined} key comparison. Returns: nothing. Locks: the rows. Version: 14 or later.
update {table} as victim
set {assignments}
from pg_temp.fordway_stage as staged
where {joined}
and staged.became = 'updated'
