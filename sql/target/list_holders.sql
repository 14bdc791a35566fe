-- Purpose: what may keep rows out of a table while they are written: triggers before each row, and rules instead.
-- Parameters: relation text (quoted, qualified). Returns: holder, such as "trigger x". Locks: none. Version: 14 or later.
with family as (
    select %(relation)s::regclass::oid as relid
    union
    select tree.relid::oid
    from pg_partition_tree(%(relation)s::regclass) as tree
)
select distinct 'trigger ' || trigger.tgname as holder
from family
join pg_trigger as trigger
    on trigger.tgrelid = family.relid
where not trigger.tgisinternal
and trigger.tgenabled in ('O', 'A')
and trigger.tgtype & 3 = 3
and trigger.tgtype & 20 > 0
union
select distinct 'rule ' || rule.rulename
from family
join pg_rewrite as rule
    on rule.ev_class = family.relid
where rule.is_instead
and rule.ev_enabled in ('O', 'A')
and rule.ev_type in ('2', '3')
order by holder
