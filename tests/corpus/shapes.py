"""Traps of shapes: keys, names, defaults, relations and everything that hangs on tables."""

from __future__ import annotations

from tests.corpus.trap import Refused, Trap

_LONG = "a_name_of_seventy_characters_which_is_longer_than_what_postgres_allows"

SHAPES = (
    Trap(
        name="defaults",
        script="""create table defaults (id integer primary key, a text default (strftime('%Y', 'now')), b text default (datetime('now')),
            c text default 'null', d text default "x", e integer default (1 + 1), f integer default -5, g integer default 0x10,
            h text default 'it''s', i date default current_date, j integer default (strftime('%s', 'now')), k real default 1.5,
            l text default null, m text default (lower(hex(randomblob(16)))), n integer default (random()), o timestamp default current_timestamp,
            p blob default x'00ff', q numeric default 1e3, r boolean default 'false', s text default (soundex('x')));
            insert into defaults (id, i, o) values (1, '2024-01-01', '2024-01-01 00:00:00');""",
        told=("F208",),
        asks=(
            ("insert into defaults (id) values (9) returning (c, d, e, f, g, h, k, l, r)::text", "(null,x,2,-5,16,it's,1.5,,f)"),
            ("select a = to_char(now(), 'YYYY') and length(m) = 32 and j > 1700000000 and n is null and p = '\\x00ff' from defaults where id = 9", True),
        ),
    ),
    Trap(
        name="without_rowid",
        script="create table without_rowid (a text, b integer, c real, primary key (a, b)) without rowid;"
        "insert into without_rowid values ('', 1, 1), ('', 2, 2), ('ä', -1, null), ('z', 0, 0.5);",
        asks=(("select count(*) from pg_index where indrelid = 'without_rowid'::regclass and indisprimary", 1),),
    ),
    Trap(
        name="text_key",
        script="create table text_key (k text primary key, n int); insert into text_key values ('b', 1), ('a', 2), (null, 3), ('', 4);",
        told=("F112",), aside={"text_key": 1},
    ),
    Trap(
        name="no_key",
        script="create table no_key (a text, b int); insert into no_key values ('x', 1), ('x', 1), ('x', 1), (null, null), (null, null);",
        told=("F207",),
    ),
    Trap(
        name="self_reference",
        script="create table self_reference (id integer primary key, parent int references self_reference (id));"
        "insert into self_reference values (1, 2), (2, 3), (3, null), (4, 4);",
        asks=(("insert into self_reference values (9, 77)", Refused(sqlstate="23503")),),
    ),
    Trap(
        name="circle_a",
        script="create table circle_a (id integer primary key, b_id int references circle_b (id));"
        "create table circle_b (id integer primary key, a_id int references circle_a (id));"
        "insert into circle_a values (1, 1), (2, null); insert into circle_b values (1, 2), (2, 1);",
        asks=(("select count(*) from pg_constraint where contype = 'f' and convalidated and conrelid::regclass::text like 'circle%'", 2),),
    ),
    Trap(
        name="bare_reference",
        script="create table bare_reference_p (id integer primary key); create table bare_reference (id integer primary key, p int references bare_reference_p);"
        "insert into bare_reference_p values (1); insert into bare_reference values (1, 1);",
        asks=(("insert into bare_reference values (9, 77)", Refused(sqlstate="23503")),),
    ),
    Trap(
        name="missing_parent",
        script="create table missing_parent (id integer primary key, p int references nowhere (id)); insert into missing_parent values (1, 1);",
        told=("F305",),
    ),
    Trap(
        name="orphans",
        script="create table orphans_p (id integer primary key); create table orphans (id integer primary key, p int references orphans_p (id));"
        "insert into orphans_p values (1); insert into orphans values (1, 1), (2, 99), (3, null), (4, 98);",
        told=("F301",),
        asks=(
            ("insert into orphans values (9, 77)", Refused(sqlstate="23503")),
            ("select convalidated from pg_constraint where conrelid = 'orphans'::regclass and contype = 'f'", False),
        ),
    ),
    Trap(
        name="composite_reference",
        script="create table composite_reference_p (a int, b text, primary key (a, b));"
        "create table composite_reference (id integer primary key, a int, b text, foreign key (a, b) references composite_reference_p (a, b)"
        " on delete cascade on update set null deferrable initially deferred);"
        "insert into composite_reference_p values (1, 'x'), (1, 'y'); insert into composite_reference values (1, 1, 'x'), (2, 1, null);",
        asks=(
            ("select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'composite_reference'::regclass and contype = 'f'",
             "FOREIGN KEY (a, b) REFERENCES composite_reference_p(a, b) ON UPDATE SET NULL ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"),
        ),
    ),
    Trap(
        name="no_unique_parent",
        script="create table no_unique_parent_p (id integer primary key, code text); create table no_unique_parent (id integer primary key, code text references no_unique_parent_p (code));"
        "insert into no_unique_parent_p values (1, 'x'); insert into no_unique_parent values (1, 'x');",
        told=("F306",),
    ),
    Trap(
        name="autoincrement",
        script="create table autoincrement_ (id integer primary key autoincrement, t text); insert into autoincrement_ values (5, 'x'), (90, 'y'); delete from autoincrement_ where id = 90;"
        "create table autoincrement_empty (id integer primary key autoincrement, t text); insert into autoincrement_empty values (40, 'x'); delete from autoincrement_empty;"
        "create table autoincrement_never (id integer primary key autoincrement, t text); create table autoincrement_plain (id integer primary key, t text); insert into autoincrement_plain values (7, 'x');",
        asks=(
            ("insert into autoincrement_ (t) values ('z') returning id", 91),
            ("insert into autoincrement_empty (t) values ('z') returning id", 41),
            ("insert into autoincrement_never (t) values ('z') returning id", 1),
            ("insert into autoincrement_plain (t) values ('z') returning id", 8),
        ),
    ),
    Trap(
        name="generated",
        script="create table generated (id integer primary key, a int, b real, t text, s int as (a + 1) stored, v text generated always as (upper(t) || '-' || a) virtual,"
        " r as (b / a), odd text as (soundex(t)), j text as (printf('%d', a)) stored);"
        "insert into generated (id, a, b, t) values (1, 2, 1.5, 'é-x'), (2, null, 2, 'y'), (3, 0, 1, '');",
        told=("F204",),
        asks=(
            ("insert into generated (id, a, b, t) values (9, 4, 2, 'q') returning (s, v, r, j)::text", "(5,Q-4,0.5,)"),
            ("select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = 'generated'::regclass and attgenerated = 's'", "s,v,r"),
        ),
    ),
    Trap(
        name="checks",
        script="""create table checks (id integer primary key, qty int check (qty > 0 and qty < 1000), "the name" text constraint named check (length("the name") <= 10),
            state text check (state in ('open', "closed")), is_on boolean check (is_on in (0, 1)), odd int check (odd glob '1*'), j text,
            check (qty <> 13 or state = 'open') check (j is null or json_valid(j)));
            insert into checks values (1, 5, 'x', 'open', 1, 1, '{}'), (2, null, null, null, null, null, null), (3, 999, '', 'closed', 0, 12, '[]');""",
        told=("F215",),
        asks=(
            ("insert into checks (id, qty) values (9, 0)", Refused(sqlstate="23514")),
            ("insert into checks (id, qty, state) values (9, 13, 'closed')", Refused(sqlstate="23514")),
            ("insert into checks (id, state) values (9, 'other')", Refused(sqlstate="23514")),
            ("select count(*) from pg_constraint where conrelid = 'checks'::regclass and contype = 'c' and convalidated", 5),
        ),
    ),
    Trap(
        name="indexes",
        script="create table indexes (id integer primary key, a int, t text, is_on boolean, u text collate nocase unique, w text);"
        "create index indexes_partial on indexes (a) where is_on = 1 and t is not null; create unique index indexes_one on indexes (t) where a = 1;"
        "create index indexes_lower on indexes (lower(t), a desc); create index indexes_down on indexes (a desc, t);"
        "create index indexes_nocase on indexes (w collate nocase); create index indexes_odd on indexes (soundex(t));"
        "insert into indexes values (1, 1, 'x', 1, 'Ä', 'W'), (2, 2, 'x', 0, 'ä', 'w'), (3, 2, 'x', null, 'b', 'w');",
        told=("F202", "F203"),
        asks=(
            ("insert into indexes (id, u) values (9, 'B')", Refused(sqlstate="23505")),
            ("insert into indexes (id, a, t) values (9, 1, 'x')", Refused(sqlstate="23505")),
            ("select string_agg(relname, ' ' order by relname) from pg_class where relkind = 'i' and relname like 'indexes\\_%'",
             "indexes_down indexes_lower indexes_nocase indexes_one indexes_partial indexes_pkey indexes_u_key"),
        ),
    ),
    Trap(
        name="nocase_key",
        script="create table nocase_key (k text collate nocase primary key, n int); insert into nocase_key values ('Ab', 1), ('c', 2);",
        told=("F203",),
        asks=(("insert into nocase_key values ('aB', 3)", Refused(sqlstate="23505")),),
    ),
    Trap(
        name="views",
        script="""create table views_t (id integer primary key, "Name" text, qty int, price numeric(8,2), is_on boolean, born date);
            insert into views_t values (1, 'Bob', 3, 1.25, 1, '2000-01-01'), (2, 'alice', null, 2, 0, '1990-06-07'), (3, 'bert', 7, null, 1, null);
            create view views_b as select * from views_a where half > 1;
            create view views_a (id, "Label", half) as select id, "Name" || ' #' || id, qty / 2 from views_t where "Name" like 'b%' and is_on = 1;
            create view views_sum as select is_on, count(*) as n, sum(qty) as q, max("Name") as top from views_t group by is_on order by n desc, 1;
            create view views_join as select t.id, (select count(*) from views_a a where a.id = t.id) hits, case when t.qty > 5 then 'many' else 'few' end size,
              t.born >= '2000-01-01' young from views_t t left join views_a as a on a.id = t.id where t.id in (select id from views_t) or exists (select 1 from views_b);
            create view views_with as with x as (select qty q from views_t union all select id from views_t) select q, coalesce(q, 0) + 1 as more from x where q between 2 and 7;
            create view views_odd as select printf('%d', qty) from views_t; create view views_broken as select x from nowhere;""",
        told=("F210",),
        asks=(
            ("select string_agg(viewname, ' ' order by viewname) from pg_views where schemaname = 'public' and viewname like 'views%'",
             "views_a views_b views_join views_sum views_with"),
            ("select string_agg(v::text, ' ' order by v) from views_a as v", '(1,"Bob #1",1) (3,"bert #3",3)'),
            ("select string_agg(v::text, ' ' order by v) from views_b as v", '(3,"bert #3",3)'),
            ("select string_agg(v::text, ' ' order by v) from views_sum as v", "(f,1,,alice) (t,2,10,bert)"),
            ("select string_agg(v::text, ' ' order by v) from views_join as v", "(1,1,few,1) (2,0,few,0) (3,1,many,)"),
            ("select string_agg(v::text, ' ' order by v) from views_with as v", "(2,3) (3,4) (3,4) (7,8)"),
        ),
    ),
    Trap(
        name="triggers",
        script="create table triggers (id integer primary key, n int); insert into triggers values (1, 1);"
        "create trigger triggers_up after insert on triggers begin update triggers set n = 0; end;",
        told=("F211",),
    ),
    Trap(
        name="virtual",
        script="create virtual table virtual_fts using fts5(body); insert into virtual_fts values ('words'); create virtual table virtual_box using rtree(id, x0, x1);"
        "insert into virtual_box values (1, 0, 1); create table virtual_plain (id integer primary key); insert into virtual_plain values (1);",
        told=("F212",),
        asks=(("select string_agg(relname, ' ') from pg_class where relkind = 'r' and relname like 'virtual%'", "virtual_plain"),),
    ),
    Trap(
        name="names",
        script=f"""create table "names select" ("user" text, "order" int, "a ""quoted"" one" text, "CamelCase" int, "with space" text, "percent % {{brace}}" text, "größe" real);
            insert into "names select" values ('a', 1, 'b', 2, 'c', 'd', 1.5);
            create table names_{_LONG} (id integer primary key, {_LONG}_one int, {_LONG}_two int references "NamesCamel" ("Id"));
            create table "NamesCamel" ("Id" integer primary key, "xmin" text); insert into "NamesCamel" values (1, 'x');
            insert into names_{_LONG} values (1, 2, 1); create index "names index" on "names select" ("order");""",
        asks=(
            ('insert into "NamesCamel" ("xmin_") values (\'y\') returning "Id"', 2),
            ("select count(*) from pg_constraint where contype = 'f' and confrelid = '\"NamesCamel\"'::regclass", 1),
        ),
    ),
    Trap(
        name="empty_tables",
        script="create table empty_tables (id integer primary key, n numeric(5,2), d date, b boolean, t text unique, check (n > 0));",
        asks=(("insert into empty_tables (n, d, b, t) values (1.5, '2024-01-01', true, 'x') returning id", 1),),
    ),
)  # fmt: skip
