"""The types of requests and answers, for type checkers: `def f(answer: outcrop.types.ConverseResponse)`.

Names are the API's own, as in boto3-stubs without their suffix `TypeDef`. What is received is called
`…Output` where what is sent has the plain name. The lists of values stay open, because AWS adds to them.
Where both services have a name, it is that of `bedrock-runtime`; the other is in `outcrop.types.bedrock`.
Nothing imports this package while a program runs, unless the program does; then a service's types are made when the
first of them is asked for.

Written by tools/stubs.py: do not edit.
"""

from __future__ import annotations

from typing import Any

_MODULES = ("_common", "_connection", "bedrock_runtime", "bedrock")


def __getattr__(name: str) -> Any:
    """A type, from the module that defines it; `__all__` of all of them."""
    from importlib import import_module

    modules = (import_module(f"outcrop.types.{module}") for module in _MODULES)
    if name == "__all__":
        return sorted({exported for module in modules for exported in module.__all__})
    if not name.startswith("_"):
        for module in modules:
            if name in module.__all__:
                return globals().setdefault(name, getattr(module, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """All names, which makes all types."""
    return sorted({*__getattr__("__all__"), *globals()})
