-- Lists what belongs to a schema's tables and is more than their shape: rights, owners, storage, replication,
-- inheritance, rules old rows may break, what single partitions have, and comments of parts.
-- Parameters: schema, text.
-- Rows: kind, name, table ('' where there is none); by kind and name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
with space as (
  select n.oid, n.nspname, n.nspowner, n.nspacl
  from pg_catalog.pg_namespace as n
  where n.nspname = %(schema)s
), relation as (
  select
    c.oid, c.relname, c.relkind, c.relispartition, c.relowner, c.relacl, c.relpersistence, c.reloptions,
    c.reltablespace, c.relrowsecurity, c.relreplident, c.relam
  from pg_catalog.pg_class as c
  join space
    on space.oid = c.relnamespace
  where not exists (
    select 1
    from pg_catalog.pg_depend as x
    where x.classid = 'pg_catalog.pg_class'::regclass
      and x.objid = c.oid
      and x.deptype = 'e'
  )
)
select 'grant', c.relname || ' to ' || string_agg(distinct case a.grantee when 0 then 'public' else a.grantee::regrole::text end, ', '), c.relname
from relation as c
cross join lateral aclexplode(c.relacl) as a
where a.grantee <> c.relowner
  and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
group by c.relname
union all
select 'owner', c.relname || ' of ' || c.relowner::regrole::text, c.relname
from relation as c
where c.relkind in ('r', 'p', 'v', 'm')
  and c.relowner <> (select u.oid from pg_catalog.pg_roles as u where u.rolname = current_user)
union all
select 'unlogged table', c.relname, c.relname
from relation as c
where c.relpersistence = 'u'
  and c.relkind in ('r', 'p')
union all
select 'storage setting', c.relname || ' (' || concat_ws(', ', array_to_string(c.reloptions, ', '), 'tablespace ' || s.spcname) || ')', c.relname
from relation as c
left join pg_catalog.pg_tablespace as s
  on s.oid = c.reltablespace
where c.relkind in ('r', 'p', 'm')
  and (c.reloptions is not null or s.oid is not null)
union all
select 'column setting', c.relname || '.' || a.attname, c.relname
from relation as c
join pg_catalog.pg_attribute as a
  on a.attrelid = c.oid
join pg_catalog.pg_type as t
  on t.oid = a.atttypid
where c.relkind in ('r', 'p')
  and a.attnum > 0
  and not a.attisdropped
  and (a.attstorage <> t.typstorage or a.attcompression <> '' or a.attoptions is not null or a.attstattarget > 0)
union all
select 'replica identity', c.relname, c.relname
from relation as c
where c.relkind in ('r', 'p')
  and c.relreplident not in ('d')
union all
select 'publication', p.pubname, c.relname
from pg_catalog.pg_publication_rel as r
join pg_catalog.pg_publication as p
  on p.oid = r.prpubid
join relation as c
  on c.oid = r.prrelid
union all
select 'publication', p.pubname, ''
from pg_catalog.pg_publication as p
where p.puballtables
union all
select 'inherited table', c.relname || ' of ' || h.inhparent::regclass::text, c.relname
from relation as c
join pg_catalog.pg_inherits as h
  on h.inhrelid = c.oid
where c.relkind = 'r'
  and not c.relispartition
union all
select 'unchecked rule', c.relname || '.' || k.conname, c.relname
from relation as c
join pg_catalog.pg_constraint as k
  on k.conrelid = c.oid
where k.contype = 'n'
  and not k.convalidated
union all
select 'unchecked rule', t.typname || '.' || k.conname, ''
from pg_catalog.pg_constraint as k
join pg_catalog.pg_type as t
  on t.oid = k.contypid
join space
  on space.oid = t.typnamespace
where not k.convalidated
union all
select 'index of a partition', c.relname || '.' || x.relname, p.relname
from relation as c
join pg_catalog.pg_partition_ancestors(c.oid) as a (oid)
  on a.oid <> c.oid
join relation as p
  on p.oid = a.oid
  and not p.relispartition
join pg_catalog.pg_index as i
  on i.indrelid = c.oid
join pg_catalog.pg_class as x
  on x.oid = i.indexrelid
where c.relispartition
  and not x.relispartition
union all
select 'index of a partition', c.relname || '.' || k.conname, p.relname
from relation as c
join pg_catalog.pg_partition_ancestors(c.oid) as a (oid)
  on a.oid <> c.oid
join relation as p
  on p.oid = a.oid
  and not p.relispartition
join pg_catalog.pg_constraint as k
  on k.conrelid = c.oid
where c.relispartition
  and k.contype in ('c', 'f')
  and k.conparentid = 0
  and k.coninhcount = 0
union all
select 'comment', x.relname, c.relname
from relation as c
join pg_catalog.pg_index as i
  on i.indrelid = c.oid
join pg_catalog.pg_class as x
  on x.oid = i.indexrelid
where pg_catalog.obj_description(x.oid, 'pg_class') is not null
union all
select 'comment', k.conname, c.relname
from relation as c
join pg_catalog.pg_constraint as k
  on k.conrelid = c.oid
where pg_catalog.obj_description(k.oid, 'pg_constraint') is not null
union all
select 'comment', c.relname, c.relname
from relation as c
where c.relispartition
  and pg_catalog.obj_description(c.oid, 'pg_class') is not null
order by 1, 2, 3
