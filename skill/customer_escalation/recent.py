"""What was worked out lately, so that it is not worked out each time that somebody asks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


def one(value: object) -> int:
    """Every value is as large as any other."""
    del value
    return 1


class Recent(Generic[K, T]):
    """Values by a key for which they never change; the ones used longest ago are given up first. Any thread may ask.

    `most` bounds the `size` of all together, each of which counts for one at least.
    """

    def __init__(self, most: int, size: Callable[[T], int] = one) -> None:
        self._size, self._most = size, most
        self._kept: OrderedDict[K, tuple[T, int]] = OrderedDict()
        self._sizes = 0
        self._turn = Lock()

    def get(self, key: K) -> T | None:
        """The value of this key, where it is kept."""
        with self._turn:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: K, value: T) -> T:
        """Keep this one for the next who asks, and give it back."""
        size = max(self._size(value), 1)
        with self._turn:
            if key not in self._kept:
                self._kept[key] = value, size
                self._sizes += size
            while self._sizes > self._most and self._kept:
                _, (_, given_up) = self._kept.popitem(last=False)
                self._sizes -= given_up
        return value
