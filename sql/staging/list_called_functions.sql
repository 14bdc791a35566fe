-- Purpose: the functions a view calls that change with each call, or give sets.
-- Parameters: view text, a relation's name. Returns: name text, is_changing, is_set boolean. Locks: none. Version: 14 or later.
--   The rule's tree names each function it found; built-in ones stand in no table of dependencies (manual, 52.18).
select
    called.proname::text as name,
    called.provolatile = 'v' as is_changing,
    called.proretset as is_set
from pg_catalog.pg_proc as called
where called.oid in (
    select found.number[1]::oid
    from pg_catalog.pg_rewrite as rule
    cross join lateral regexp_matches(rule.ev_action::text, ':(?:funcid|opfuncid) (\d+)', 'g') as found (number)
    where rule.ev_class = %(view)s::regclass
)
and (called.provolatile = 'v' or called.proretset)
order by called.proname
