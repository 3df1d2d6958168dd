"""Many rows with one prepared statement, by the driver's own `executemany`.

An ORM object for each row costs five to ten times what the database needs to store it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import IntegrityError, connection, connections, models

_PLAIN = (models.CharField, models.IntegerField, models.FloatField, models.BooleanField, models.ForeignKey)
"""Columns whose values the drivers take as they are; of a foreign key the key itself is given."""


def insert_objects(objects: Collection[models.Model]) -> None:
    """Insert new objects of one model that know their own primary key."""
    if objects:
        names = [column.attname for column in next(iter(objects))._meta.concrete_fields]
        insert_rows(
            type(next(iter(objects))), names, [[getattr(each, name) for name in names] for each in objects]
        )


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Collection[Sequence[object]]) -> None:
    """Insert rows with one prepared statement."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(_column(model, name)) for name in names)
    places = ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - names only
    _run(statement, _adapted(model, names, rows))


def update_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Collection[Sequence[object]],
    *,
    where: Sequence[str],
    keys: Sequence[Sequence[object]],
) -> None:
    """Update one row a key with one prepared statement.

    Raises:
        IntegrityError: a row is not there.
    """
    quote = connection.ops.quote_name
    column = {name: quote(_column(model, name)) for name in (*names, *where)}
    changes = ", ".join(f"{column[name]} = %s" for name in names)
    condition = " AND ".join(f"{column[name]} = %s" for name in where)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {condition}"  # noqa: S608 - names only
    changed = _adapted(model, names, rows)
    values = [[*row, *key] for row, key in zip(changed, _adapted(model, where, keys), strict=True)]
    if _run(statement, values) != len(values):
        raise IntegrityError(f"{model.__name__}: a row to write is gone")


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]  # relations have none


def _adapted(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]
) -> list[list[object]]:
    """Return rows as the driver takes them."""
    real = connections[connection.alias]
    adapted = [list(row) for row in rows]
    for at, name in enumerate(names):
        column = model._meta.get_field(name)
        assert isinstance(column, models.Field), "a column, not a relation from elsewhere"
        if isinstance(column, _PLAIN):
            # Typed by msgspec already; Django's adaption of each value would take most of the time.
            continue
        for row in adapted:
            row[at] = column.get_db_prep_save(row[at], real)
    return adapted


def _run(statement: str, rows: Sequence[Sequence[Any]]) -> int:  # Any: what the driver takes
    """Run a statement for each row; return how many rows of the table it touched."""
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        return int(cursor.rowcount)
