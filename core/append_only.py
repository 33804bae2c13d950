"""Rows that are written once: the database itself refuses to change or delete them, on both databases.

A model says so by `is_append_only = True`; a migration puts the triggers on (`refuse_changes`), and a test compares the
two. A change of such a table that rebuilds it on SQLite loses them there, so that migration puts them on again.
"""

from django.apps import apps
from django.db import migrations, models
from django.db.backends.base.base import BaseDatabaseWrapper

FUNCTION = "tandem_refuse_change"
# 23001, restrict_violation: an IntegrityError, as what SQLite raises.
POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23001';
END $$
"""
POSTGRES = {
    "kept": f"BEFORE UPDATE OR DELETE ON {{table}} FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()",
    "not_emptied": f"BEFORE TRUNCATE ON {{table}} FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()",
}
REFUSE = "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
SQLITE = {
    "not_updated": f"BEFORE UPDATE ON {{table}} {REFUSE}",
    "not_deleted": f"BEFORE DELETE ON {{table}} {REFUSE}",
    # INSERT OR REPLACE takes the old row away without asking the trigger above.
    "not_replaced": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {pk} = NEW.{pk}) " + REFUSE,
}


def append_only_models() -> list[type[models.Model]]:
    """The models whose rows are written once."""
    return [model for model in apps.get_models() if getattr(model, "is_append_only", False)]


def put_on(connection: BaseDatabaseWrapper, table: str, pk: str) -> None:
    """Let `table`, whose key is the column `pk`, refuse changes from now on."""
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgres:
            cursor.execute(POSTGRES_FUNCTION)
        for name, body in (POSTGRES if is_postgres else SQLITE).items():
            cursor.execute(f"CREATE TRIGGER {table}_{name} {body.format(table=table, pk=pk)}")


def take_off(connection: BaseDatabaseWrapper, table: str) -> None:
    """Let `table` be changed again."""
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for name in POSTGRES if is_postgres else SQLITE:
            cursor.execute(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if is_postgres else ""))


def refuse_changes(table: str, pk: str = "id") -> migrations.RunPython:
    """The operation of a migration that puts the triggers on `table`."""
    return migrations.RunPython(
        lambda _apps, editor: put_on(editor.connection, table, pk),
        lambda _apps, editor: take_off(editor.connection, table),
    )


def allow_changes(table: str, pk: str = "id") -> migrations.RunPython:
    """The operation of a migration that takes the triggers off `table`, to put them on again at its end."""
    return migrations.RunPython(
        lambda _apps, editor: take_off(editor.connection, table),
        lambda _apps, editor: put_on(editor.connection, table, pk),
    )


def triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that stand in the database, those of foreign keys aside."""
    asked = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name for (name,) in cursor.fetchall()}


def expected_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that ought to stand there."""
    names = POSTGRES if connection.vendor == "postgresql" else SQLITE
    return {f"{model._meta.db_table}_{name}" for model in append_only_models() for name in names}
