"""A snapshot of a small market written as one of many accounts, each under ids of its own.

Every row that names a contact, site, account or record is written so many times; what counts rows
(the funnel, weights, segments) stays as it was. It is no market anybody has, but as long.
"""

import duckdb

from tieline.engine.snapshot import current

AS_IT_IS = {"review_queue", "registry_entries", "registry_hierarchy", "list_sample_rows"}
NOT_READ = {
    "company_profiles", "person_profiles", "record_sites", "site_profiles", "site_links",
    "site_registry_matches", "family_links",
}  # fmt: skip
"""Tables that no page reads: left as they are."""
EVENTS = ("response_id", "touch_id", "opportunity_id", "note_id")
NODES = ("node", "left_node", "right_node")
NAMES = ("member", "left_record", "right_record")
TEXTS = {"identifier_contacts": ("value",), "touches": ("attached_value",)}
TEXTS["responses"] = TEXTS["touches"]


def multiply(workspace, accounts):
    """Write the current snapshot so many times over that it has that many accounts; how many."""
    snapshot = current(workspace / ".tieline")
    with duckdb.connect() as database:
        held = _one(database, f"SELECT count(*) FROM {_files(snapshot.table('accounts'))}")
        times = -(-accounts // held)
        for name in snapshot.tables:
            if name not in AS_IT_IS | NOT_READ and times > 1:
                _multiply(database, name, snapshot.table(name), times)
    return held * times


def _multiply(database, name, path, times):
    described = database.sql(f"DESCRIBE SELECT * FROM {_files(path)}").fetchall()
    columns = {row[0]: row[1] for row in described}
    changed = {c: _changed(name, c) for c, kind in columns.items() if _is_id(name, c, kind)}
    if not changed:
        return
    replaced = ", ".join(f'{sql} AS "{column}"' for column, sql in changed.items())
    beside = path.with_suffix(".new")
    database.sql(
        f"SELECT * REPLACE ({replaced}) FROM {_files(path)}, range({times}) copies(n)"
    ).write_parquet(str(beside))
    if path.is_dir():
        for part in path.iterdir():
            part.unlink()
        beside.rename(path / "00.parquet")
    else:
        beside.rename(path)


def _is_id(table, column, kind):
    if column in NODES:
        return True
    named = column.endswith("_id") or column in NAMES or column in TEXTS.get(table, ())
    return kind == "VARCHAR" and named


def _changed(table, column):
    told = f'"{column}"'
    if column in NODES:
        return f"xor({told}, n * 1000003)"
    if column in EVENTS or column in TEXTS.get(table, ()):
        return f"CASE WHEN n = 0 THEN {told} ELSE {told} || '#' || n END"
    return (
        f"CASE WHEN n = 0 THEN {told} "
        f"WHEN regexp_matches({told}, '^[ASC][0-9a-f]{{14}}$') "
        f"THEN left({told}, 1) || left(md5({told} || n), 14) "
        f"WHEN regexp_matches({told}, '^r[0-9a-f]{{16}}$') "
        f"THEN 'r' || left(md5({told} || n), 16) ELSE {told} END"
    )


def _files(path):
    return f"'{path}/*.parquet'" if path.is_dir() else f"'{path}'"


def _one(database, select):
    return database.sql(select).fetchall()[0][0]
