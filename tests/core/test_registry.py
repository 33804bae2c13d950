"""A registry is whole for everybody who looks, however many look at once."""

import threading

import pytest

from core import registry
from core.registry import Registry


def test_a_second_thread_waits_until_all_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    known: Registry[int] = Registry("nothing_of_that_name")
    begun, go_on = threading.Event(), threading.Event()

    def declare_slowly(module: str) -> None:
        begun.set()
        assert go_on.wait(10)
        known.register("one", 1)

    monkeypatch.setattr(registry, "autodiscover_modules", declare_slowly)
    seen: list[list[int]] = []
    first = threading.Thread(target=lambda: seen.append(list(known)))
    first.start()
    assert begun.wait(10)
    second = threading.Thread(target=lambda: seen.append([known["one"]]))
    second.start()
    second.join(0.05)
    assert second.is_alive()
    go_on.set()
    first.join(10)
    second.join(10)
    assert seen == [[1], [1]]


def test_what_fails_while_it_is_found_is_said_again_at_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    known: Registry[int] = Registry("broken_declarations")

    def break_down(module: str) -> None:
        raise ImportError(module)

    monkeypatch.setattr(registry, "autodiscover_modules", break_down)
    for _look in range(2):
        with pytest.raises(ImportError, match="broken_declarations"):
            list(known)
