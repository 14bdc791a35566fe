-- Purpose: an expression of the playbook as PostgreSQL understands it; nothing is computed.
-- Parameters: {view} identifier, {expression} the operator's own SQL, {type} type name, {inputs} select items.
-- Returns: nothing. Locks: the new view. Version: 14 or later.
create view {view} as
select
    (
        {expression}
    )::{type} as value
from (
    select {inputs}
) as source
