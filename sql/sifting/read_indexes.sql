-- Purpose: what keeps two rows of a target table from being alike: unique indexes and exclusion constraints.
-- Parameters: relation text (quoted, qualified). Returns: one row an index, the primary key first: its keys as
--   expressions, the operator each is compared by, its condition, and what makes the same on another table.
-- Locks: none. Version: 14 or later. Some columns of the catalog are younger, and are asked for by name.
select
    named.relname::text as name,
    index.indisprimary as is_primary,
    index.indisexclusion as is_exclusion,
    array(
        select attribute.attname::text
        from generate_series(1, index.indnkeyatts) as key (place)
        join pg_attribute as attribute
            on attribute.attrelid = index.indrelid
            and attribute.attnum = index.indkey[key.place - 1]
            and attribute.attnum > 0
        order by key.place
    ) as columns,
    array(
        select
            '(' || pg_get_indexdef(index.indexrelid, key.place, false) || ')' || case
                when rule.oid is not null and rule.oid is distinct from attribute.attcollation
                    then ' collate ' || quote_ident(home.nspname) || '.' || quote_ident(rule.collname)
                else ''
            end
        from generate_series(1, index.indnkeyatts) as key (place)
        left join pg_attribute as attribute
            on attribute.attrelid = index.indrelid
            and attribute.attnum = index.indkey[key.place - 1]
        left join pg_collation as rule
            on rule.oid = index.indcollation[key.place - 1]
        left join pg_namespace as home
            on home.oid = rule.collnamespace
        order by key.place
    ) as keys,
    array(
        select coalesce('operator(' || quote_ident(owner.nspname) || '.' || operator.oprname || ')', '=')
        from generate_series(1, index.indnkeyatts) as key (place)
        join pg_opclass as class
            on class.oid = index.indclass[key.place - 1]
        left join pg_amop as meaning
            on meaning.amopfamily = class.opcfamily
            and meaning.amoplefttype = class.opcintype
            and meaning.amoprighttype = class.opcintype
            and meaning.amopstrategy = 3
            and not index.indisexclusion
        left join pg_operator as operator
            on operator.oid = coalesce(bound.conexclop[key.place], meaning.amopopr)
        left join pg_namespace as owner
            on owner.oid = operator.oprnamespace
        order by key.place
    ) as operators,
    pg_get_expr(index.indpred, index.indrelid) as predicate,
    coalesce((to_jsonb(index) ->> 'indnullsnotdistinct')::boolean, false) as has_equal_nulls,
    case
        when index.indisexclusion
            then regexp_replace(pg_get_constraintdef(bound.oid), ' DEFERRABLE( INITIALLY DEFERRED)?$', '')
        else substr(
            pg_get_indexdef(index.indexrelid),
            1 + length(
                format(
                    'CREATE UNIQUE INDEX %%I ON %%s%%I.%%I ',
                    named.relname,
                    case when held.relkind = 'p' then 'ONLY ' else '' end,
                    place.nspname,
                    held.relname
                )
            )
        )
    end as tail
from pg_index as index
join pg_class as named
    on named.oid = index.indexrelid
join pg_class as held
    on held.oid = index.indrelid
join pg_namespace as place
    on place.oid = held.relnamespace
left join pg_constraint as bound
    on bound.conindid = index.indexrelid
    and bound.conrelid = index.indrelid
    and bound.contype in ('p', 'u', 'x')
where index.indrelid = %(relation)s::regclass
and index.indislive
and index.indisready
and (index.indisunique or index.indisexclusion)
order by not index.indisprimary, index.indisexclusion, named.relname
