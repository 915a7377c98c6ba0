"""Queries that Django compiles to SQL once per process, for what every page and reply asks.

Compiling a query takes Django ten times as long as the database takes for a lookup by index.
"""

from collections import namedtuple
from datetime import UTC
from functools import cached_property

from django.db import DEFAULT_DB_ALIAS, connection, models

# Stand-ins for the parameters while the SQL is compiled: integers that any column accepts, and
# that no query contains otherwise.
FIRST_PLACEHOLDER = 2_147_480_000


class CompiledQuery:
    """The query `make(*parameters)`, whose parameters are integers or texts.

    `make` returns a queryset with `values_list()`. It is called once, with placeholders, so it
    may only pass the parameters on. An integer parameter has to fit its column.
    """

    def __init__(self, make, parameter_count=1):
        self.make, self.parameter_count = make, parameter_count

    @cached_property
    def compiled(self):
        """The SQL; its values, with a `Parameter` for each that is one; and the row type."""
        placeholders = [FIRST_PLACEHOLDER + n for n in range(self.parameter_count)]
        queryset = self.make(*placeholders)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        parameters = {}
        for n, number in enumerate(placeholders):
            parameters[number] = parameters[str(number)] = Parameter(n)
        values = [parameters.get(value, value) for value in values]
        return sql, values, RowType(queryset.query, [column for column, *_ in compiler.select])

    def rows(self, *parameters):
        """Named tuples with the same values as Django's, times in UTC."""
        sql, values, row_type = self.compiled
        values = [parameters[v] if isinstance(v, Parameter) else v for v in values]
        return list(map(row_type.convert, run_sql(sql, values)))

    def first(self, *parameters):
        """The first row, or None."""
        return next(iter(self.rows(*parameters)), None)

    def value(self, *parameters):
        """The first value of the first row, or None where there is no row."""
        row = self.first(*parameters)
        return row and row[0]


class Parameter(int):
    """The index of a parameter."""


class RowType:
    """Makes named tuples of a cursor's rows, and gives SQLite's values their Python type."""

    def __init__(self, query, columns):
        self.make = namedtuple("Row", query.selected)._make
        self.converters = [
            (index, CONVERTERS[type(column.output_field)])
            for index, column in enumerate(columns)
            if type(column.output_field) in CONVERTERS
        ]

    def convert(self, values):
        if self.converters:
            values = list(values)
            for index, converter in self.converters:
                if values[index] is not None:
                    values[index] = converter(values[index])
        return self.make(values)


# SQLite returns times without their zone, and 0 and 1 for booleans.
CONVERTERS = {
    models.DateTimeField: lambda time: time if time.tzinfo else time.replace(tzinfo=UTC),
    models.BooleanField: bool,
}


def run_sql(sql, values):
    """All rows of the statement, as the cursor returns them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
