-- Purpose: the triggers that fire while rows are written into a target table, its partitions' own among them.
-- Parameters: relation text (quoted, qualified). Returns: name, its function's name as an error's context has it,
--   whether it sees each row before it is written. Locks: none. Version: 14 or later.
with family as (
    select %(relation)s::regclass::oid as relid
    union
    select tree.relid::oid
    from pg_partition_tree(%(relation)s::regclass) as tree
)
select
    trigger.tgname::text as name,
    min(quote_ident(code.proname)) as function_name,
    bool_or(trigger.tgtype & 3 = 3) as is_before_row
from family
join pg_trigger as trigger
    on trigger.tgrelid = family.relid
join pg_proc as code
    on code.oid = trigger.tgfoid
where not trigger.tgisinternal
and trigger.tgenabled in ('O', 'A')
and trigger.tgtype & 20 > 0
group by trigger.tgname
order by trigger.tgname
