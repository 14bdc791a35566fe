"""Traps of values: what SQLite stores and PostgreSQL has other ideas of."""

from __future__ import annotations

from tests.corpus.trap import Trap

_WIDE = ", ".join(f"c{n} {'text' if n % 2 else 'integer'}" for n in range(299))
_WIDE_ROW = ", ".join(f"'v{n}'" if n % 2 else str(n) for n in range(299))

VALUES = (
    Trap(
        name="text_in_integer",
        script="create table text_in_integer (id integer primary key, n integer);"
        "insert into text_in_integer values (1, 5), (2, 'abc'), (3, ''), (4, null), (5, '12x');",
        told=("F101",), types={"text_in_integer.n": "text"},
    ),
    Trap(
        name="fraction_in_integer",
        script="create table fraction_in_integer (id integer primary key, n integer);"
        "insert into fraction_in_integer values (1, 5), (2, 1.5), (3, -0.25);",
        told=("F102",), types={"fraction_in_integer.n": "double precision"},
    ),
    Trap(
        name="blob_in_integer",
        script="create table blob_in_integer (id integer primary key, n integer);"
        "insert into blob_in_integer values (1, 5), (2, x'00ff'), (3, 7);",
        told=("F101", "F115"), aside={"blob_in_integer": 1},
    ),
    Trap(
        name="empty_number",
        script="create table empty_number (id integer primary key, a real, b numeric(8,2), c int);"
        "insert into empty_number values (1, '', '', ''), (2, 1.5, 2.25, 3), (3, null, null, null);",
        told=("F101",),
    ),
    Trap(
        name="empty_date",
        script="create table empty_date (id integer primary key, d date, t datetime);"
        "insert into empty_date values (1, '', ''), (2, '2024-02-29', '2024-02-29 01:02:03'), (3, null, null);",
        told=("F104",), types={"empty_date.d": "text"},
    ),
    Trap(
        name="bool_numbers",
        script="create table bool_numbers (id integer primary key, b boolean not null default 0, c bool default 'true', d boolean default 1);"
        "insert into bool_numbers values (1, 0, 1, null), (2, 1, 0, 1);",
        types={"bool_numbers.b": "boolean", "bool_numbers.c": "boolean"},
        asks=(("insert into bool_numbers (id) values (9) returning (b, c, d)::text", "(f,t,t)"),),
    ),
    Trap(
        name="bool_words",
        script="create table bool_words (id integer primary key, b boolean);"
        "insert into bool_words values (1, 't'), (2, 'FALSE'), (3, 'yes'), (4, 'No'), (5, 'on'), (6, 'off'), (7, null), (8, 'y'), (9, 'N');",
        types={"bool_words.b": "boolean"},
    ),
    Trap(
        name="bool_odd",
        script="create table bool_odd (id integer primary key, b boolean);"
        "insert into bool_odd values (1, 1), (2, 2), (3, 0);",
        told=("F103",), types={"bool_odd.b": "bigint"},
    ),
    Trap(
        name="bool_empty",
        script="create table bool_empty (id integer primary key, b boolean);"
        "insert into bool_empty values (1, 1), (2, ''), (3, 'maybe');",
        told=("F103",), types={"bool_empty.b": "text"},
    ),
    Trap(
        name="epoch_seconds",
        script="create table epoch_seconds (id integer primary key, d datetime);"
        "insert into epoch_seconds values (1, 1700000000), (2, 1700000001), (3, null);",
        told=("F104",), types={"epoch_seconds.d": "bigint"},
    ),
    Trap(
        name="epoch_milliseconds",
        script="create table epoch_milliseconds (id integer primary key, d timestamp);"
        "insert into epoch_milliseconds values (1, 1700000000123), (2, 1700000001456);",
        told=("F104",), types={"epoch_milliseconds.d": "bigint"},
    ),
    Trap(
        name="zero_date",
        script="create table zero_date (id integer primary key, d date); insert into zero_date values (1, 0), (2, '2024-01-01');",
        told=("F104",), types={"zero_date.d": "text"},
    ),
    Trap(
        name="zones",
        script="create table zones (id integer primary key, a timestamp, b datetime, c timestamptz);"
        "insert into zones values (1, '2024-03-31T02:30:00+02:00', '2024-03-31 02:30:00', '2024-03-31T00:30:00Z'),"
        " (2, '2024-03-31 00:30:00Z', '2024-03-31T02:30:00Z', '1999-12-31 23:59:59.123456-05:00');",
        told=("F105",), types={"zones.a": "timestamp with time zone", "zones.b": "text"},
    ),
    Trap(
        name="far_dates",
        script="create table far_dates (id integer primary key, d date, t timestamp);"
        "insert into far_dates values (1, '-0044-03-15', '-0044-03-15 12:00:00'), (2, '12024-01-01', '12024-01-01 00:00:00'),"
        " (3, '0000-01-01', '0000-01-01 00:00:00'), (4, '9999-12-31', '9999-12-31 23:59:59.999999');",
        told=("F104",), types={"far_dates.d": "text", "far_dates.t": "text"},
    ),
    Trap(
        name="impossible_dates",
        script="create table impossible_dates (id integer primary key, d date);"
        "insert into impossible_dates values (1, '2023-02-29'), (2, '2024-13-01'), (3, '2024-01-01');",
        told=("F104",), types={"impossible_dates.d": "text"},
    ),
    Trap(
        name="plain_dates",
        script="create table plain_dates (id integer primary key, d date, t datetime, c time);"
        "insert into plain_dates values (1, '0001-01-01', '2024-02-29T23:59:59.5', '23:59'), (2, '9999-12-31', '2024-02-29 00:00', '00:00:00.000001');",
        types={"plain_dates.d": "date", "plain_dates.t": "timestamp without time zone", "plain_dates.c": "time without time zone"},
    ),
    Trap(
        name="free_types",
        script="create table free_types (id integer primary key, a number, b longtext, c byte[], d unsigned big int, e NUMERIC(10, 2),"
        " f timestampz, g national varying character(20), h anything of it, i);"
        "insert into free_types values (1, 7, 'x', x'00ff', 18, 1.25, '2024-01-01T00:00:00Z', 'y', 'z', 1), (2, 1.5, '', null, -1, 3, null, null, 4, 'q');",
    ),
    Trap(
        name="decimals",
        script="create table decimals (id integer primary key, fits numeric(10,2), beyond decimal(5,2), free numeric, text_digits decimal(30,10));"
        "insert into decimals values (1, 12345678.91, 1.005, 0.1, '12345678901234567.0123456789'), (2, -0.5, 123456, 1e20, '0.1'), (3, 0, 1, 9007199254740993, 5);",
        told=("F109",), types={"decimals.fits": "numeric(10,2)", "decimals.beyond": "numeric"},
    ),
    Trap(
        name="integers",
        script="create table integers (id integer primary key, n int, small tinyint, big bigint);"
        "insert into integers values (-9223372036854775808, 9223372036854775807, -128, -9223372036854775808),"
        " (9223372036854775806, -1, 0, 9007199254740993);",
        types={"integers.n": "bigint"},
    ),
    Trap(
        name="reals",
        script="create table reals (id integer primary key, r real, f float, d double precision, n int);"
        "insert into reals values (1, 9e999, -9e999, 1e308, 9e999), (2, 0.1, -0.0, 5e-324, 1), (3, 9e999 - 9e999, 1, 2, null);",
        told=("F102",),
    ),
    Trap(
        name="blobs",
        script="create table blobs (id integer primary key, b blob, c blob not null default x'00');"
        "insert into blobs values (1, x'', x'00'), (2, x'00ff5c27', x'5c'), (3, null, x'" + "ab" * 300 + "');",
        types={"blobs.b": "bytea"},
    ),
    Trap(
        name="text_in_blob",
        script="create table text_in_blob (id integer primary key, b blob); insert into text_in_blob values (1, x'00'), (2, 'text');",
        told=("F115",), aside={"text_in_blob": 1},
    ),
    Trap(
        name="nul_text",
        script="create table nul_text (id integer primary key, t text);"
        "insert into nul_text values (1, 'a'), (2, 'b' || char(0) || 'c'), (3, char(0)), (4, '');",
        told=("F110",), aside={"nul_text": 2},
    ),
    Trap(
        name="bad_utf8",
        script="create table bad_utf8 (id integer primary key, t text);"
        "insert into bad_utf8 values (1, 'größe'), (2, cast(x'c3' as text)), (3, cast(x'eda080' as text)), (4, '😀');",
        told=("F111",), aside={"bad_utf8": 2},
    ),
    Trap(
        name="varchars",
        script="create table varchars (id integer primary key, t varchar(3), c char(2));"
        "insert into varchars values (1, 'abcdef', 'x'), (2, 'ab ', 'y ');",
        told=("F109",), types={"varchars.t": "text"},
    ),
    Trap(
        name="json_texts",
        script="create table json_texts (id integer primary key, j json, meta text);"
        """insert into json_texts values (1, '{"a": 1.10}', '{"b": [1, 2]}'), (2, 'null', 'no json'), (3, '"\\\\u00e9"', '');""",
        told=("F107",), types={"json_texts.j": "jsonb", "json_texts.meta": "text"},
    ),
    Trap(
        name="bad_json",
        script="create table bad_json (id integer primary key, j json); insert into bad_json values (1, '{}'), (2, '{a:1}'), (3, '');",
        told=("F106",), types={"bad_json.j": "text"},
    ),
    Trap(
        name="uuids",
        script="create table uuids (id uuid primary key, other uuid);"
        "insert into uuids values ('0189f7ea-ae2c-7ecc-9d00-000000000001', '0189F7EA-AE2C-7ECC-9D00-00000000000A');",
        told=("F121",), types={"uuids.id": "uuid", "uuids.other": "text"},
    ),
    Trap(
        name="large_text",
        script="create table large_text (id integer primary key, t text, b blob);"
        "insert into large_text values (1, replace(hex(zeroblob(2621440)), '0', 'x'), zeroblob(5242880)), (2, '', null);",
    ),
    Trap(
        name="wide",
        script=f"create table wide (id integer primary key, {_WIDE}); insert into wide values (1, {_WIDE_ROW});",
    ),
    Trap(
        name="strict_table",
        script="create table strict_table (id integer primary key, i int, r real, t text, b blob, a any) strict;"
        "insert into strict_table values (1, 5, 1.5, 'x', x'00', 'any'), (2, null, 2, '', x'', 'thing');",
    ),
)  # fmt: skip
