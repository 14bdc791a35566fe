"""One table or object per thing a PostgreSQL schema may hold and a migration may lose.

Every object of a trap is called like the trap, with more behind it, so that a test finds all of
them on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DATABASE", "TARGET", "TRAPS", "Trap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """What is made in the source's schema, and what may differ on the target."""

    name: str
    statements: tuple[str, ...]
    told: tuple[str, ...] = ()
    """Pieces of the findings' sentences that must tell what is not the same on the target."""
    differs: tuple[str, ...] = ()
    """Pieces of descriptions of objects that may be missing or other on the target, because it is told."""
    has_rows: bool = True


def _values(
    name: str, type_: str, *values: str, told: tuple[str, ...] = (), differs: tuple[str, ...] = ()
) -> Trap:
    """A table with a key and one column of a type, NULL among its values."""
    rows = ", ".join(f"({place}, {value})" for place, value in enumerate((*values, "null"), start=1))
    return Trap(
        name=name,
        statements=(
            f"create table {name} (id int primary key, v {type_})",
            f"insert into {name} values {rows}",
        ),
        told=told,
        differs=differs,
    )


DATABASE = (
    "create publication everything for all tables",
    "create extension if not exists vector with schema public",
    "create schema other",
    "create table other.parent (id int primary key)",
    "insert into other.parent values (1)",
    "create type other.colour as enum ('red', 'blue')",
    "create function other.twice(n int) returns int language sql immutable as 'select n * 2'",
)
"""What stands in the source's database outside of the schema that moves."""

TARGET = (
    "create extension if not exists vector with schema public",
    "create schema new",
    "create type new.t_enum_there as enum ('a', 'b')",
    "create type new.t_enum_else as enum ('a', 'c')",
    "create table new.stranger (id int primary key, note text)",
    "insert into new.stranger values (1, 'mine')",
    "create view new.stranger_view as select id from new.stranger",
    "create sequence new.stranger_seq start 7",
)
"""What stands in the target before the move."""

_VALUES = (
    _values("t_smallint", "smallint", "-32768", "32767"),
    _values("t_bigint", "bigint", "-9223372036854775808", "9223372036854775807"),
    _values("t_numeric", "numeric", "'NaN'", "'Infinity'", "'-Infinity'", "0.00", "1e-40", "123456789012345678901234567890.12345"),
    _values("t_numeric_scale", "numeric(10,2)", "1.10", "'NaN'", "-99999999.99"),
    _values("t_numeric_minus", "numeric(5,-2)", "1200"),
    _values("t_real", "real", "'NaN'", "'-Infinity'", "0.1", "-0", "1e-45", "3.4028235e38"),
    _values("t_double", "double precision", "'NaN'", "'Infinity'", "0.1", "'-0'", "5e-324", "1.7976931348623157e308"),
    _values("t_text", "text", "''", r"E'tab\tnewline\nbackslash\\'", r"'\.'", r"'\N'", "repeat('x', 100000)", "U&'\\+01F600'"),
    _values("t_varchar", "varchar(5)", "'abcde'", "'a    '", "''"),
    _values("t_char", "char(5)", "'ab'", "'abcde'", "''"),
    _values("t_char_byte", '"char"', "'x'", "''", "'\\377'"),
    _values("t_name", "name", "'abc'"),
    _values("t_bytea", "bytea", r"'\x00ff5c'", "''"),
    _values("t_boolean", "boolean", "true", "false"),
    _values("t_date", "date", "'infinity'", "'-infinity'", "'0044-03-15 BC'", "'5874897-12-31'", "'4713-01-01 BC'"),
    _values("t_time", "time", "'24:00'", "'00:00:00.000001'"),
    _values("t_timetz", "timetz", "'23:59:59.999999+15:59'", "'00:00-07'"),
    _values("t_timestamp", "timestamp", "'infinity'", "'-infinity'", "'0044-03-15 12:00:00.000001 BC'", "'294276-12-31 23:59:59.999999'"),
    _values("t_timestamptz", "timestamptz", "'infinity'", "'-infinity'", "'0001-01-01 00:00+00 BC'", "'2024-10-27 02:30+02'"),
    _values("t_timestamp_short", "timestamp(3)", "'2024-01-01 00:00:00.123'"),
    _values("t_interval", "interval", "'1 year -2 mons 3 days -04:05:06.789'", "'-178000000 years'", "'1 month'", "'30 days'"),
    _values("t_interval_field", "interval day to second(3)", "'3 days 04:05:06.789'"),
    _values("t_json", "json", """'{"b":1, "a":1.50,  "b": 2}'""", "'null'"),
    _values("t_jsonb", "jsonb", """'{"b":1, "a":1.50, "b": 2}'""", "'null'", "'[1e400]'"),
    _values("t_jsonpath", "jsonpath", "'$.a[*] ? (@ > 1)'"),
    _values("t_uuid", "uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"),
    _values("t_inet", "inet", "'10.1.2.3/8'", "'::1'"),
    _values("t_cidr", "cidr", "'10.0.0.0/8'"),
    _values("t_macaddr", "macaddr", "'08:00:2b:01:02:03'"),
    _values("t_macaddr8", "macaddr8", "'08:00:2b:01:02:03:04:05'"),
    _values("t_bit", "bit(4)", "B'1010'"),
    _values("t_varbit", "bit varying", "B''", "B'101'"),
    _values("t_money", "money", "'-92233720368547758.08'", "'12.30'"),
    _values("t_xml", "xml"),
    _values("t_point", "point", "'(1.5,-0.1)'"),
    _values("t_polygon", "polygon", "'((0,0),(1,1),(2,0))'"),
    _values("t_circle", "circle", "'<(1,2),3>'"),
    _values("t_tsvector", "tsvector", "to_tsvector('english', 'The quick it''s foxes')", "'''it''''s'':1A'"),
    _values("t_tsquery", "tsquery", "'a & !b | c:*'"),
    _values("t_oid", "oid", "4294967295"),
    _values("t_lsn", "pg_lsn", "'16/B374D848'"),
    _values("t_xid8", "xid8", "'18446744073709551615'"),
    _values("t_int4range", "int4range", "'[1,5)'", "'empty'", "'(,)'"),
    _values("t_tstzrange", "tstzrange", "'[2024-01-01 00:00+00,infinity)'"),
    _values("t_multirange", "nummultirange", "'{[1,2),(5.5,)}'", "'{}'"),
    _values("t_int_array", "int[]", "'{1,NULL,3}'", "'{}'", "'{{1,2},{3,4}}'", "'[0:1]={7,8}'"),
    _values("t_text_array", "text[]", """'{"a b",NULL,"NULL","",",","\\"","\\\\"}'"""),
    _values("t_numeric_array", "numeric(6,2)[]", "'{1.50,NaN}'"),
    _values("t_timestamp_array", "timestamptz[]", "'{infinity,\"0044-03-15 00:00+00 BC\"}'"),
    _values("t_jsonb_array", "jsonb[]", "array['{\"a\": 1}'::jsonb, null]"),
    _values("t_vector", "vector(3)", "'[1,2.5,-3]'"),
    _values("t_vector_array", "vector[]", "array['[1,2]'::vector, null]"),
    _values("t_regclass", "regclass", "'pg_class'", told=("the type regclass is not carried",), differs=("column t_regclass.v",)),
    _values("t_foreign_enum", "other.colour", "'red'", told=("the type other.colour is not carried",), differs=("column t_foreign_enum.v",)),
)  # fmt: skip

_TYPES = (
    Trap(
        name="t_enum",
        statements=(
            "create type t_enum_mood as enum ('sad', 'it''s ok', 'happy')",
            "alter type t_enum_mood add value 'between' before 'happy'",
            "comment on type t_enum_mood is 'how one feels'",
            "create table t_enum (id int primary key, v t_enum_mood not null default 'sad', w t_enum_mood[])",
            "insert into t_enum values (1, 'between', '{sad,NULL,\"it''s ok\"}'), (2, 'happy', '{{sad},{happy}}')",
            "create index t_enum_v on t_enum (v)",
        ),
    ),
    Trap(
        name="t_enum_there",
        statements=(
            "create type t_enum_there as enum ('a', 'b')",
            "create table t_enum_there_t (id int primary key, v t_enum_there)",
            "insert into t_enum_there_t values (1, 'b')",
        ),
    ),
    Trap(
        name="t_enum_else",
        statements=(
            "create type t_enum_else as enum ('a', 'b')",
            "create table t_enum_else_t (id int primary key, v t_enum_else default 'a')",
            "insert into t_enum_else_t values (1, 'b')",
        ),
        told=("of which the target has another one", "a default is not carried"),
        differs=("column t_enum_else_t.v", "type t_enum_else"),
    ),
    Trap(
        name="t_domain",
        statements=(
            "create domain t_domain_positive as int default 5 not null constraint t_domain_c check (value > 0)",
            "create domain t_domain_code as varchar(5) collate \"C\" check (value ~ '^[a-z]+$')",
            "create domain t_domain_nested as t_domain_code check (length(value) > 1)",
            "create table t_domain (id t_domain_positive primary key, v t_domain_nested, w t_domain_code[], x t_domain_positive)",
            "insert into t_domain values (1, 'ab', '{a,b}', 3), (2, null, null, default)",
        ),
    ),
    Trap(
        name="t_domain_key",
        statements=(
            "create domain t_domain_key_d as bigint",
            "create table t_domain_key (id t_domain_key_d primary key)",
            "create table t_domain_key_child (id int primary key, p int references t_domain_key)",
            "insert into t_domain_key values (1)",
            "insert into t_domain_key_child values (1, 1)",
        ),
    ),
    Trap(
        name="t_composite",
        statements=(
            'create type t_composite_pair as (a int, "B c" text collate "C")',
            "create type t_composite_nest as (p t_composite_pair, q t_composite_pair[])",
            "create table t_composite (id int primary key, v t_composite_nest)",
            "insert into t_composite values (1, row(row(1, 'x,\"y'), array[row(2, null)::t_composite_pair]))",
        ),
    ),
    Trap(
        name="t_range",
        statements=(
            "create type t_range_float as range (subtype = float8, subtype_diff = float8mi, multirange_type_name = t_range_floats)",
            "create table t_range (id int primary key, v t_range_float, w t_range_floats)",
            "insert into t_range values (1, '[1.5,2)', '{[1,2),(3,4)}')",
        ),
    ),
    Trap(
        name="t_text_key",
        statements=(
            'create table t_text_key (k text collate "C" primary key, v text collate "POSIX")',
            "insert into t_text_key values ('b', 'B'), ('a', 'A'), ('', null)",
        ),
    ),
    Trap(
        name="t_vector_index",
        statements=(
            "create table t_vector_index (id int primary key, v vector(2))",
            "insert into t_vector_index values (1, '[1,2]')",
            "create index t_vector_index_hnsw on t_vector_index using hnsw (v vector_l2_ops) with (m = 8)",
        ),
    ),
    Trap(
        name="t_enum_key",
        statements=(
            "create type t_enum_key_e as enum ('z', 'a')",
            "create table t_enum_key (k t_enum_key_e primary key)",
            "insert into t_enum_key values ('a'), ('z')",
        ),
    ),
)

_NUMBERS = (
    Trap(
        name="t_identity",
        statements=(
            "create table t_identity (id bigint generated always as identity (start with 100 increment by 10) primary key, v text)",
            "insert into t_identity (v) values ('a'), ('b')",
        ),
    ),
    Trap(
        name="t_identity_down",
        statements=(
            "create table t_identity_down (id int generated by default as identity (increment by -1) primary key)",
            "insert into t_identity_down default values",
            "insert into t_identity_down default values",
        ),
    ),
    Trap(
        name="t_identity_two",
        statements=(
            "create table t_identity_two (id int generated always as identity primary key, n smallint generated by default as identity (sequence name t_identity_odd cycle maxvalue 5))",
            "insert into t_identity_two default values",
        ),
    ),
    Trap(
        name="t_serial",
        statements=(
            "create table t_serial (id serial primary key, v text)",
            "insert into t_serial (v) values ('a'), ('b')",
            "select nextval('t_serial_id_seq')",
        ),
        told=("serial columns become identity columns",),
        differs=("column t_serial.id",),
    ),
    Trap(
        name="t_sequence",
        statements=(
            "create sequence t_sequence_a as smallint increment by 5 minvalue 5 maxvalue 100 start with 10 cache 3 cycle",
            "select setval('t_sequence_a', 40)",
            "create sequence t_sequence_b",
            "comment on sequence t_sequence_b is 'new'",
            "create sequence t_sequence_c",
            "select setval('t_sequence_c', 9, false)",
        ),
        has_rows=False,
    ),
    Trap(
        name="t_shared_sequence",
        statements=(
            "create table t_shared_sequence (id serial primary key)",
            "create table t_shared_sequence_a (id int primary key default nextval('t_shared_sequence_id_seq'))",
            "insert into t_shared_sequence default values",
            "insert into t_shared_sequence_a default values",
        ),
    ),
    Trap(
        name="t_default",
        statements=(
            "create table t_default (id int primary key default 7, a text default 'it''s %s', b timestamptz default now(),"
            " c uuid default gen_random_uuid(), d int[] default '{1,2}'::int[], e text default (current_user || 'x'),"
            " f jsonb not null default '{\"a\": 1}', g interval default '1 day', h bigint default (2 ^ 3)::bigint)",
            "insert into t_default (id) values (1)",
        ),
    ),
    Trap(
        name="t_function_default",
        statements=(
            "create function t_function_default_f() returns int language sql as 'select 1'",
            "create table t_function_default (id int primary key, v int default t_function_default_f(), w int default other.twice(2))",
            "insert into t_function_default values (1)",
        ),
        told=("a default is not carried", "functions are not carried", "t_function_default_f"),
        differs=("column t_function_default.v", "column t_function_default.w"),
    ),
    Trap(
        name="t_generated",
        statements=(
            "create table t_generated (a int, s int generated always as (a * 2) stored, b text, u text generated always as (upper(b)) stored, id int primary key)",
            "insert into t_generated (a, b, id) values (1, 'x', 1), (2, 'y', 2)",
            "create index t_generated_s on t_generated (s)",
        ),
    ),
    Trap(
        name="t_virtual",
        statements=(
            "create table t_virtual (id int primary key, v int generated always as (id + 1) virtual)",
            "insert into t_virtual values (1)",
        ),
    ),
)

_CONSTRAINTS = (
    Trap(
        name="t_check",
        statements=(
            "create table t_check (id int primary key, a int constraint t_check_a check (a > 0), b int, constraint t_check_b check (a < b) no inherit)",
            "insert into t_check values (1, 1, 2)",
            "alter table t_check add constraint t_check_late check (b > 100) not valid",
            "comment on constraint t_check_a on t_check is 'why'",
        ),
        told=("comments on indexes, constraints and partitions",),
    ),
    Trap(
        name="t_check_function",
        statements=(
            "create table t_check_function (id int primary key, a int check (other.twice(a) > 0))",
            "insert into t_check_function values (1, 1)",
        ),
        told=("a constraint that rests on function other.twice",),
        differs=("constraint t_check_function.t_check_function_a_check",),
    ),
    Trap(
        name="t_not_enforced",
        statements=(
            "create table t_not_enforced (id int primary key, a int constraint t_not_enforced_a check (a > 0) not enforced)",
            "insert into t_not_enforced values (1, -1)",
        ),
    ),
    Trap(
        name="t_exclude",
        statements=(
            "create table t_exclude (id int primary key, during tsrange, constraint t_exclude_e exclude using gist (during with &&) where (id > 0))",
            "insert into t_exclude values (1, '[2024-01-01,2024-02-01)')",
        ),
    ),
    Trap(
        name="t_unique",
        statements=(
            "create table t_unique (id int constraint t_unique_odd_key primary key, a int constraint t_unique_a unique, b int, c int,"
            " constraint t_unique_b unique nulls not distinct (b), constraint t_unique_c unique (c) include (b) deferrable initially deferred,"
            " constraint t_unique_d unique (a, b) include (c))",
            "insert into t_unique values (1, 1, null, 1), (2, null, 2, 2)",
            "create unique index t_unique_e on t_unique (b, c) nulls not distinct",
        ),
    ),
    Trap(
        name="t_key",
        statements=(
            "create table t_key (a int, b int, c int, constraint t_key_p primary key (b, a) include (c) deferrable)",
            "insert into t_key values (1, 2, 3)",
        ),
    ),
    Trap(
        name="t_temporal",
        statements=(
            "create table t_temporal (id int4range, during daterange, primary key (id, during without overlaps))",
            "insert into t_temporal values ('[1,2)', '[2024-01-01,2024-02-01)')",
        ),
    ),
    Trap(
        name="t_reference",
        statements=(
            "create table t_reference_p (a int, b int, primary key (a, b), c int unique)",
            "create table t_reference (id int primary key, a int, b int, c smallint, d int,"
            " constraint t_reference_full foreign key (a, b) references t_reference_p match full on update cascade,"
            " constraint t_reference_late foreign key (c) references t_reference_p (c) on delete set null deferrable initially deferred,"
            " constraint t_reference_some foreign key (d, b) references t_reference_p (a, b) on delete set null (d))",
            "insert into t_reference_p values (1, 2, 3)",
            "insert into t_reference values (1, 1, 2, 3, 1), (2, null, null, null, null)",
            "alter table t_reference add constraint t_reference_open foreign key (id) references t_reference_p (c) not valid",
        ),
        told=("rows that name no row of t_reference_p",),
    ),
    Trap(
        name="t_not_valid",
        statements=(
            "create table t_not_valid_p (id int primary key)",
            "create table t_not_valid (id int primary key, p int)",
            "alter table t_not_valid add constraint t_not_valid_fk foreign key (p) references t_not_valid_p not valid",
            "insert into t_not_valid_p values (1)",
            "insert into t_not_valid values (1, 1)",
        ),
    ),
    Trap(
        name="t_elsewhere",
        statements=(
            "create table t_elsewhere (id int primary key references other.parent)",
            "insert into t_elsewhere values (1)",
        ),
        told=("the foreign key to other.parent is not carried", "tables of other schemas", "other (1 table)"),
        differs=("constraint t_elsewhere.t_elsewhere_id_fkey",),
    ),
    Trap(
        name="t_unchecked",
        statements=(
            "create table t_unchecked (id int primary key, v int)",
            "insert into t_unchecked values (1, null)",
            "alter table t_unchecked add constraint t_unchecked_nn not null v not valid",
        ),
        told=("rules of columns and domains", "t_unchecked.t_unchecked_nn"),
        differs=("column t_unchecked.v", "constraint t_unchecked.t_unchecked_nn"),
    ),
)

_INDEXES = (
    Trap(
        name="t_index",
        statements=(
            "create table t_index (id int primary key, a text, b int, c jsonb, d int4range, e timestamptz)",
            "insert into t_index select n, 'x' || n, n, jsonb_build_object('n', n), int4range(n, n + 1), now() from generate_series(1, 50) as n",
            "create index t_index_partial on t_index (b) where (b > 10)",
            "create unique index t_index_expression on t_index (lower(a), (b + 1))",
            "create index t_index_order on t_index (a desc nulls last, b nulls first)",
            "create index t_index_like on t_index (a text_pattern_ops)",
            'create index t_index_c on t_index (a collate "C")',
            "create index t_index_cover on t_index (a) include (b) with (fillfactor = 70)",
            "create index t_index_gin on t_index using gin (c jsonb_path_ops)",
            "create index t_index_gist on t_index using gist (d)",
            "create index t_index_brin on t_index using brin (e) with (pages_per_range = 8)",
            "create index t_index_hash on t_index using hash (a)",
            "create index t_index_double on t_index (b)",
            "create index t_index_double_too on t_index (b)",
        ),
    ),
    Trap(
        name="t_index_function",
        statements=(
            "create table t_index_function (id int primary key)",
            "create index t_index_function_i on t_index_function (other.twice(id))",
            "insert into t_index_function values (1)",
        ),
        told=("an index that rests on function other.twice",),
        differs=("index t_index_function_i",),
    ),
)

_TABLES = (
    Trap(
        name="t_part",
        statements=(
            "create table t_part (id int, day date not null, v text not null, u text, primary key (id, v, day), constraint t_part_u unique (u, v, day)) partition by range (day)",
            "create table t_part_old partition of t_part for values from (minvalue) to ('2024-01-01')",
            "create table t_part_new partition of t_part for values from ('2024-01-01') to ('2025-01-01') partition by list (v)",
            "create table t_part_new_a partition of t_part_new for values in ('A', 'it''s')",
            "create table t_part_new_rest partition of t_part_new default",
            "create table t_part_rest partition of t_part default",
            "create index t_part_v on t_part (v) where (id > 0)",
            "create table t_part_child (id int primary key, p int, v text, d date, foreign key (p, v, d) references t_part)",
            "insert into t_part select n, date '2023-12-01' + n * 20, case n % 3 when 0 then 'A' when 1 then 'it''s' else 'z' end, 'u' || n from generate_series(1, 40) as n",
            "insert into t_part_child values (1, 1, 'it''s', date '2023-12-21')",
        ),
        differs=(
            "index t_part_old",
            "index t_part_new_",
            "index t_part_rest",
            "constraint t_part_new_",
            "constraint t_part_old",
            "constraint t_part_rest",
            "index t_part_new",
        ),
    ),
    Trap(
        name="t_part_hash",
        statements=(
            "create table t_part_hash (id int) partition by hash (id)",
            "create table t_part_hash_0 partition of t_part_hash for values with (modulus 2, remainder 0)",
            "create table t_part_hash_1 partition of t_part_hash for values with (modulus 2, remainder 1)",
            "create index t_part_hash_own on t_part_hash_1 (id)",
            "insert into t_part_hash select generate_series(1, 30)",
        ),
        told=("indexes and constraints of single partitions", "t_part_hash_1.t_part_hash_own"),
        differs=("index t_part_hash_own",),
    ),
    Trap(
        name="t_inherit",
        statements=(
            "create table t_inherit (id int primary key, v text)",
            "create table t_inherit_child (w int) inherits (t_inherit)",
            "insert into t_inherit values (1, 'a')",
            "insert into t_inherit_child values (2, 'b', 3)",
        ),
        told=("inheritance is not carried", "t_inherit_child of"),
        differs=("inherits",),
    ),
    Trap(
        name="t_unlogged",
        statements=(
            "create unlogged table t_unlogged (id int primary key)",
            "insert into t_unlogged values (1)",
        ),
        told=("unlogged tables become ordinary ones",),
    ),
    Trap(
        name="t_wide",
        statements=(
            "create table t_wide (id int primary key, " + ", ".join(f"c{n} int" for n in range(300)) + ")",
            "insert into t_wide select n, n from generate_series(1, 20) as n",
        ),
    ),
    Trap(
        name="t_dropped",
        statements=(
            "create table t_dropped (gone int, id int primary key, also int, v text generated always as (repeat('x', id)) stored)",
            "insert into t_dropped values (1, 2, 3)",
            "alter table t_dropped drop column gone, drop column also, add column w text default 'old'",
            "create index t_dropped_w on t_dropped (w) where (v <> '')",
        ),
    ),
    Trap(name="t_empty", statements=("create table t_empty (id int primary key, v text)",)),
    Trap(
        name="t_no_columns",
        statements=(
            "create table t_no_columns_v (v text)",
            "insert into t_no_columns_v values (null), (null), ('a')",
        ),
        told=("the table has no primary key",),
    ),
    Trap(
        name='T Odd "name"',
        statements=(
            'create table "T Odd ""name""" ("Select" int primary key, "a""b%s" text default \'%\', "ctid x" int)',
            'insert into "T Odd ""name""" values (1, \'x\', 2)',
            'create index "T Odd ""name"" USING x" on "T Odd ""name""" (lower("a""b%s"))',
        ),
    ),
    Trap(
        name="t_comment",
        statements=(
            "create table t_comment (id int primary key, v text)",
            "comment on table t_comment is 'it''s {} %s'",
            "comment on column t_comment.v is 'the value'",
            "insert into t_comment values (1, 'x')",
        ),
    ),
)

_AROUND = (
    Trap(
        name="t_view",
        statements=(
            "create table t_view (id int primary key, v text)",
            "insert into t_view values (1, 'a'), (2, 'b')",
            "create view t_view_b as select id, upper(v) as up from t_view where id > 0",
            "create view t_view_a with (security_barrier) as select up from t_view_b order by up",
            "create view t_view_checked as select id, v from t_view where id < 10 with local check option",
            "create materialized view t_view_mat as select up, count(*) as n from t_view_b group by up",
            "create unique index t_view_mat_up on t_view_mat (up)",
            "create materialized view t_view_mat_empty as select 1 as one with no data",
            "comment on view t_view_b is 'seen'",
            "comment on column t_view_b.up is 'loud'",
            "create recursive view t_view_count (n) as values (1) union all select n + 1 from t_view_count where n < 5",
        ),
    ),
    Trap(
        name="t_view_else",
        statements=(
            "create view t_view_else_a as select id from other.parent",
            "create view t_view_else_b as select other.twice(id) from t_view",
            "create view t_view_else_c as select id from t_view_else_a",
        ),
        told=("table other.parent", "function other.twice", "t_view_else_a, which is not carried"),
        differs=("view t_view_else_", "column t_view_else_"),
        has_rows=False,
    ),
    Trap(
        name="t_rules",
        statements=(
            "create table t_rules (id int primary key, v text)",
            "insert into t_rules values (1, 'x')",
            "create function t_rules_f() returns trigger language plpgsql as 'begin return new; end'",
            "create trigger t_rules_trigger before insert on t_rules for each row execute function t_rules_f()",
            "create rule t_rules_rule as on delete to t_rules do instead nothing",
            "alter table t_rules enable row level security",
            "create policy t_rules_policy on t_rules using (id > 0)",
            "grant select on t_rules to public",
            "create statistics t_rules_statistics on id, v from t_rules",
            "alter table t_rules set (fillfactor = 50)",
            "alter table t_rules alter v set storage external",
            "alter table t_rules replica identity full",
        ),
        told=(
            "triggers are not carried", "t_rules_trigger", "rules are not carried", "t_rules_rule",
            "row security policies are not carried", "t_rules_policy", "row security is not switched on",
            "rights of other roles are not carried", "t_rules to public", "extended statistics are not carried",
            "t_rules_statistics", "publications are not carried", "storage settings", "t_rules (fillfactor=50)", "t_rules.v", "replica identities",
        ),
    ),
)  # fmt: skip

TRAPS: tuple[Trap, ...] = (*_VALUES, *_TYPES, *_NUMBERS, *_CONSTRAINTS, *_INDEXES, *_TABLES, *_AROUND)
