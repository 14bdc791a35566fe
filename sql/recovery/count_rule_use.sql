-- Purpose: a rule answered for one more batch, in the transaction that wrote it.
-- Parameters: rule_id bigint. Returns: nothing. Locks: its row. Version: 14 or later.
update fordway.rule
set uses = uses + 1
where rule_id = %(rule_id)s
