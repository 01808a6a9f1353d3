"""`outcrop.Cache`: answers kept for requests that are asked again."""

from __future__ import annotations

import atexit
import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from outcrop import _native, _values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from outcrop.cross_region.clock import HeldClock

When: TypeAlias = "Literal['deterministic', 'always', 'never', 'refresh'] | Callable[[str, dict[str, Any]], object]"
"""Which requests go through a cache."""

_WORDS = ("deterministic", "always", "never", "refresh")
_IN_MEMORY, _ON_DISK = 64 * 1024 * 1024, 1024 * 1024 * 1024
_LEAST_ON_DISK = 256 * 1024

# Answers are written while the program goes on; its end waits for the last.
atexit.register(_native.flush_caches)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_native.hold_files,
        after_in_parent=lambda: _native.release_files(in_child=False),
        after_in_child=lambda: _native.release_files(in_child=True),
    )


class CacheUsage(NamedTuple):
    """How full a cache is."""

    entries: int
    """How many answers there are. Those that are too old to be given count until they make room."""
    bytes: int
    """The bytes that they take, in memory or in the file."""


class Cache:
    """Answers kept for requests that are asked again: give it to a client, a session or a router as `cache=`.

    A request is known by a hash of who asks and of all that may change its answer, the model or profile, the source
    Region and the endpoint included; the order of members, white space and `requestMetadata` do not count. Equal
    requests at the same time are sent once. Streams are played as streams. Errors, what is no answer, and streams that
    were cut or left, are not kept.

    An answer that was kept says so: `ResponseMetadata["Cache"]` is `{"Hit": True, "Age": seconds}`, and `usage`, which
    tells what the answer took when it was made, has `servedFromCache: True`.

    Args:
        path: The file to keep answers in, which several processes may share; answers are readable in it, so it is made
            readable for its owner only, and one that others may use is refused. Default: memory.
        max_bytes: How many bytes of answers are kept. In memory the least recently used make room, on disk the oldest.
            Default: 64 MiB in memory, 1 GiB on disk.
        ttl: How many seconds an answer is given again; `None` is for ever.
        scope: A name under which answers are given to all who say it. Default: an answer is given again only to the
            caller who got it, known by its access key or bearer token, or for temporary credentials whose account is
            known by account, role and profile.
        when: Which requests go through it. `"deterministic"`: those whose temperature is 0, counts of tokens and
            embeddings, but none with a tool that Bedrock runs itself or a guardrail's draft. `"always"`: every request
            to a model. `"never"`: none but those in a block of `during`. A function of the operation's name, such as
            `Converse`, and the dict of arguments says it request by request. `"refresh"`: every request is sent, and
            the new answer put in the place of the old.
        clock: A clock for tests.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument has a value that it cannot have.
        OSError: The file cannot be opened, is a database of another program, belongs to another user, or may be used by
            others than its owner.

    Example:
        >>> runtime = bedrock.client("bedrock-runtime", cache=Cache(ttl=600))
        >>> request = {
        ...     "modelId": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        ...     "messages": [{"role": "user", "content": [{"text": "Is basalt igneous?"}]}],
        ...     "inferenceConfig": {"temperature": 0},
        ... }
        >>> [runtime.converse(**request)["ResponseMetadata"]["Cache"]["Hit"] for _ in range(2)]
        [False, True]
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int | None = None,
        ttl: float | None = 3600,
        scope: str | None = None,
        when: When = "deterministic",
        clock: HeldClock | None = None,
    ) -> None:
        self.path = None if path is None else _file(path)
        self.max_bytes = _bytes(max_bytes, on_disk=path is not None)
        self.ttl = _seconds(ttl)
        self.scope = _name(scope)
        self.when = _checked(when)
        self._clock = clock
        self._within: ContextVar[Any] = ContextVar("outcrop.Cache", default=None)
        self._native = _native.Cache(
            self.path,
            self.max_bytes,
            self.ttl,
            self.scope,
            when,
            self._within,
            None if clock is None else clock._native,  # noqa: SLF001  -- the package's own
        )

    def __repr__(self) -> str:
        """What it was made with."""
        where = "" if self.path is None else f"{self.path!r}, "
        scope = "" if self.scope is None else f"scope={self.scope!r}, "
        return f"Cache({where}max_bytes={self.max_bytes}, ttl={self.ttl!r}, {scope}when={self.when!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Made again where it is unpickled: a file is the same there, what is in memory stays here."""
        if self._clock is not None:
            raise TypeError("a cache with a clock for tests cannot be pickled: make it where it is used")
        return _restore, (self.path, self.max_bytes, self.ttl, self.when, self.scope)

    @contextmanager
    def during(self, when: When) -> Iterator[None]:
        """Say for a block of code which requests go through the cache, whatever it was made with.

        It holds for the calls that the block itself makes, and for the tasks that are started in it. A stream counts by
        where it was opened.

        Args:
            when: As for the cache; `"always"` marks the block's requests, `"never"` lets them by, and `"refresh"` asks
                for their answers anew.

        Yields:
            Nothing.

        Raises:
            ValueError: There is no such word.

        Example:
            >>> cache = Cache(when="never")
            >>> runtime = bedrock.client("bedrock-runtime", cache=cache)
            >>> with cache.during("always"):
            ...     answer = runtime.converse(
            ...         modelId="us.anthropic.claude-haiku-4-5-20251001-v1:0",
            ...         messages=[{"role": "user", "content": [{"text": "Hello"}]}],
            ...     )
            >>> answer["ResponseMetadata"]["Cache"]
            {'Hit': False}
        """
        token = self._within.set(_checked(when))
        try:
            yield
        finally:
            self._within.reset(token)

    def clear(self) -> None:
        """Forget all answers, for every process that shares the file.

        Raises:
            OSError: The file cannot be used, so they are still there.
        """
        self._native.clear()

    def usage(self) -> CacheUsage:
        """How full it is.

        Returns:
            The number of answers, and the bytes that they take.

        Raises:
            OSError: The file cannot be used.
        """
        return CacheUsage(*self._native.usage())


def cache_of(value: Any) -> Cache | Literal[False]:
    """What `cache=` stands for: a cache, `True` for one in memory, a path for one on disk, `False` for none.

    Raises:
        TypeError: It is something else.
    """
    if isinstance(value, Cache) or value is False:
        return value
    if value is True:
        return Cache()
    if isinstance(value, (str, os.PathLike)):
        return Cache(value)
    raise TypeError(
        f"cache must be an outcrop.Cache, a path, True for a cache in memory or False, not {type(value).__name__}"
    )


def _restore(path: str | None, max_bytes: int, ttl: float | None, when: When, scope: str | None) -> Cache:
    return Cache(path, max_bytes=max_bytes, ttl=ttl, when=when, scope=scope)


def _file(path: Any) -> str:
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path must be a str or a path, not {type(path).__name__}")
    text = os.fspath(path)
    if not isinstance(text, str):
        raise TypeError("path must be text, not bytes")
    if not text:
        raise ValueError("path must not be empty: leave it out to keep answers in memory")
    # A program may change its folder between two openings.
    name = "path of the cache"
    return str(_values.path(name, _values.text(name, text)).absolute())


def _bytes(value: Any, *, on_disk: bool) -> int:
    if value is None:
        return _ON_DISK if on_disk else _IN_MEMORY
    found = _values.whole("max_bytes", value, most=2**62)
    if on_disk and found < _LEAST_ON_DISK:
        raise ValueError(f"max_bytes must be {_LEAST_ON_DISK:,} or more on disk, not {found:,}")
    return found


def _seconds(value: Any) -> float | None:
    return _values.seconds("ttl", value, "None keeps answers for ever")


def _name(scope: Any) -> str | None:
    if scope is not None and not isinstance(scope, str):
        raise TypeError(f"scope must be a str or None, not {type(scope).__name__}")
    if scope == "":
        raise ValueError("scope must not be empty: leave it out to give answers to the same caller only")
    return None if scope is None else _values.text("scope", scope)


def _checked(when: Any) -> Any:
    if not isinstance(when, str) and not callable(when):
        raise TypeError(f"when must be a str or a function, not {type(when).__name__}")
    found = _values.plain(when)
    if isinstance(found, str) and found not in _WORDS:
        raise ValueError(f"when must be one of {', '.join(_WORDS)} or a function, not {_values.shown(found)}")
    return found
