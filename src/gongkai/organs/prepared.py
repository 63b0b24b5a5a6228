"""Querysets whose SQL is written once.

Django writes the SQL of a queryset anew each time it is used. For the pages that everybody reads that was most of the
work: the database needed one part in a hundred of the time that its questions took to write. A prepared queryset is
written at its first use and after that only given its values; what it finds is what the queryset would have found.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models.pages import AbstractPage, ShowInMenusMixin

T = TypeVar("T")
#: Of the largest integer that a database takes as a value, without its sign.
_BITS: Final = 63
#: Stand-ins that nothing else is equal to: where they turn up among the parameters, the caller's values go.
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda n: 2_070_605_040 + n,  # within the range of every integer column
    str: lambda n: f"\x01prepared {n}\x01",
}


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    params: tuple[Any, ...]
    #: For each parameter the place of the caller's value, None for one that never changes.
    places: tuple[int | None, ...]
    rows: Callable[[Iterable[Any]], list[Any]]
    #: The SQL as SQLite itself takes it; "" for other databases.
    plain: str


class Prepared(Generic[T]):
    """``build(value, …)`` gives the queryset; ``kinds`` are the types of its values: int or str.

    ``build`` may only hand its values to lookups. Raises TypeError at the first use for a queryset that is not of
    objects or ``values_list`` rows, prefetches, or does not use a value as it is.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, T]], *kinds: type) -> None:
        self._build = build
        self._marks = [_MARKS[kind](n) for n, kind in enumerate(kinds)]
        self._numbers = [n for n, kind in enumerate(kinds) if kind is int]
        self._statement: _Statement | None = None

    def all(self, *values: Any) -> list[T]:
        """What the queryset finds for ``values``. One query."""
        if any(values[n].bit_length() > _BITS for n in self._numbers):
            # A number out of an address that no column can hold: the queryset knows, the database would fail.
            return list(self._build(*values))
        statement = self._statement
        if statement is None:  # two threads may both write it: the same
            statement = self._statement = self._write()
        params = [
            param if place is None else values[place]
            for place, param in zip(statement.places, statement.params, strict=True)
        ]
        found = _ask(statement, params)
        return statement.rows(found) if found else []

    def first(self, *values: Any) -> T | None:
        """The first of them, None for none; the queryset should be cut to one."""
        found = self.all(*values)
        return found[0] if found else None

    def _write(self) -> _Statement:
        queryset = self._build(*self._marks)
        if queryset._prefetch_related_lookups or queryset._known_related_objects:  # type: ignore[attr-defined]
            raise TypeError("A prepared queryset cannot prefetch or begin at an object.")
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        places = tuple(
            next((n for n, mark in enumerate(self._marks) if param == mark), None) for param in params
        )
        if set(places) - {None} != set(range(len(self._marks))):
            raise TypeError("A prepared queryset must use every value as it is.")
        return _Statement(sql, tuple(params), places, _reader(queryset, compiler), _plain(sql))


def _plain(sql: str) -> str:
    """``sql`` with SQLite's own marks for values, which Django puts in anew at each use of a statement."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        convert = getattr(cursor.cursor, "convert_query", None)
        return convert(sql) if convert else ""


def _ask(statement: _Statement, params: list[Any]) -> list[Any]:
    """The rows as the database gives them."""
    connection = connections[DEFAULT_DB_ALIAS]
    # Whoever counts or watches the queries sees them pass through Django's cursor.
    if statement.plain and not connection.execute_wrappers and not connection.queries_logged:
        own = connection.connection
        if own is None:
            connection.ensure_connection()
            own = connection.connection
        try:
            return own.execute(statement.plain, params).fetchall()
        except own.Error:
            # Said once more in Django's way, which knows the names of its own errors.
            with connection.wrap_database_errors:
                raise
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, params)
        return list(cursor.fetchall())


def _reader(queryset: QuerySet[Any, Any], compiler: Any) -> Callable[[Iterable[Any]], list[Any]]:
    """What makes rows of the database into what the queryset gives."""
    kind = queryset._iterable_class  # type: ignore[attr-defined]
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    converters = [
        (at, *found)
        for at, found in compiler.get_converters(columns).items()
        # The body of a page reads its own text as it is set; Wagtail's converter makes a field of JSON at each row first.
        if not (isinstance(getattr(columns[at], "target", None), StreamField) and kind is ModelIterable)
    ]
    if kind is ValuesListIterable:
        make: Callable[[Any], Any] = tuple
    elif kind is ModelIterable:
        make = _maker(compiler)
    else:
        raise TypeError("A prepared queryset gives objects or values_list rows.")

    def rows(found: Iterable[Any]) -> list[Any]:
        out = []
        for row in map(list, found):
            for at, functions, column in converters:
                value = row[at]
                for function in functions:
                    value = function(value, column, compiler.connection)
                row[at] = value
            out.append(make(row))
        return out

    return rows


def _maker(compiler: Any) -> Callable[[Any], Any]:
    """A row as an object, with the objects that were selected beside it."""
    info, select, annotations = compiler.klass_info, compiler.select, compiler.annotation_col_map or {}
    model, at = info["model"], info["select_fields"]
    start, end = at[0], at[-1] + 1
    names = [column[0].target.attname for column in select[start:end]]
    populators = get_related_populators(info, select, DEFAULT_DB_ALIAS)
    for populator in populators:
        # Asked for nothing but ``from_db``: what stands beside begins as the object itself does.
        beside = _beginner(populator.model_cls, populator.init_list)
        populator.model_cls = SimpleNamespace(from_db=lambda _db, _names, values, begin=beside: begin(values))
    picked = [(name, itemgetter(place)) for name, place in annotations.items()]
    begin = _beginner(model, names)

    def make(row: Any) -> Any:
        found = begin(row[start:end])
        for populator in populators:
            populator.populate(row, found)
        for name, pick in picked:
            setattr(found, name, pick(row))
        return found

    return make


#: Whose ``__init__`` does nothing to a row of the database but take its values.
_TAKERS = (Model, ClusterableModel, AbstractPage, ShowInMenusMixin)


def _beginner(model: type[Model], names: list[str]) -> Callable[[Any], Any]:
    """The object of a row. Where nothing of the model's own happens as it begins, the values are put in directly."""
    own = any(
        not {"__init__", "from_db"}.isdisjoint(vars(each))
        for each in model.__mro__
        if each not in (*_TAKERS, object)
    )
    if own or pre_init.has_listeners(model) or post_init.has_listeners(model):
        return lambda values: model.from_db(DEFAULT_DB_ALIAS, names, values)
    # A field that makes something of its value (the body of a page) is given it as an attribute.
    making = {
        name: n
        for n, name in enumerate(names)
        if hasattr(found := inspect.getattr_static(model, name, None), "__set__")
        and not isinstance(found, DeferredAttribute)
    }

    def begin(values: Any) -> Any:
        found = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        found.__dict__.update(zip(names, values, strict=True))
        found._state = state
        for name, n in making.items():
            del found.__dict__[name]
            setattr(found, name, values[n])
        return found

    return begin


__all__ = ["Prepared"]
