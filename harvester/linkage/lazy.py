"""Attributes that are made when they are first asked for.

As functools.cached_property, but without its lock, which up to Python 3.11 costs
more than most of what is made here.  Pure.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_Value = TypeVar("_Value", covariant=True)


class lazy(Generic[_Value]):  # noqa: N801 - it is used as a decorator, as property is
    """Makes an attribute of what a method returns, once for each object."""

    def __init__(self, make: Callable[[Any], _Value]) -> None:
        self._make, self.__doc__ = make, make.__doc__
        self._name = make.__name__

    def __get__(self, instance: Any, owner: type | None = None) -> _Value:
        """Make the value, and keep it where it is looked for first."""
        value = instance.__dict__[self._name] = self._make(instance)
        return value
