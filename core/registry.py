"""A named place where rooms declare things to a lower room, found the way Django's admin finds `admin.py`."""

import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

from django.utils.module_loading import autodiscover_modules

Declared = TypeVar("Declared")


class Registry(Generic[Declared]):
    """Declarations by name. The first look imports the module of that name in every app."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._declared: dict[str, Declared] = {}
        self._discovered = False
        self._discovering = threading.RLock()

    def register(self, name: str, declared: Declared) -> Declared:
        """Declare `declared` as `name`; raises ValueError if the name is taken."""
        if name in self._declared:
            raise ValueError(f"{name!r} is already declared in {self._module}.")
        self._declared[name] = declared
        return declared

    def forget(self, name: str) -> None:
        """Take a declaration back (tests declare their own)."""
        self._declared.pop(name, None)

    def __getitem__(self, name: str) -> Declared:
        self._discover_once()
        return self._declared[name]

    def __iter__(self) -> Iterator[Declared]:
        self._discover_once()
        return iter(list(self._declared.values()))

    def items(self) -> list[tuple[str, Declared]]:
        """Name and declaration, in order of declaration."""
        self._discover_once()
        return list(self._declared.items())

    def discover(self) -> None:
        """Import the module in every installed app; those known already stay as they are."""
        with self._discovering:
            autodiscover_modules(self._module)
            self._discovered = True

    def _discover_once(self) -> None:
        # A second thread that looks meanwhile waits: half of what is declared is as wrong as none of it.
        if self._discovered:
            return
        with self._discovering:
            if not self._discovered:
                self.discover()
