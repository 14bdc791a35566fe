-- Purpose: what was found wrong with the batch's rows; a row may have several faults, and counts in its first.
--   step and rank order them; raw is the value as a rule would mend it, where one could; link says which lookup or
--   foreign key found no parent, and parent holds the key it looked for.
-- Parameters: none. Returns: nothing. Locks: the new table. Version: 14 or later.
create temporary table fordway_fault (
    ordinal bigint not null,
    step smallint not null,
    rank smallint not null,
    kind text not null,
    place text not null,
    value text,
    raw text,
    note text,
    sqlstate text not null default '',
    link smallint,
    parent text[]
) on commit drop
