-- Purpose: sessions that hold or want a lock on a table which keeps writers out. Object ids are a database's own, and
-- clones share them: only this database's locks count.
-- Parameters: relation text (quoted, qualified). Returns: who text, mode text, seconds float8, in order. Locks: none.
-- Version: 14 or later.
select
    coalesce(nullif(activity.application_name, ''), activity.usename, 'a session') || ' (process ' || held.pid || ')' as who,
    held.mode,
    extract(epoch from clock_timestamp() - activity.xact_start)::double precision as seconds
from pg_locks as held
join pg_stat_activity as activity
    on activity.pid = held.pid
where held.locktype = 'relation'
and held.database = (select oid from pg_database where datname = current_database())
and held.relation = %(relation)s::regclass
and held.pid <> pg_backend_pid()
and held.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
order by held.granted desc, held.pid
limit 5
