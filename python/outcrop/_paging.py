"""Pages of the operations that list things, as boto3's paginators give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from outcrop import _values, exceptions
from outcrop._siblings import dressed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

Page = TypeVar("Page")
"""An answer of the operation that pages."""

TRUNCATED = "boto_truncate_amount"
"""botocore's name for how many rows of a page were taken, so that its tokens and ours continue each other's lists."""


class Rules(NamedTuple):
    """Where an operation's token, page size and rows are."""

    input_token: str
    output_token: str
    limit_key: str | None
    result_key: str


class Walk:
    """One walk through the pages: what to ask for next, and what of an answer counts."""

    def __init__(self, rules: Rules, arguments: dict[str, Any]) -> None:
        config = dict(arguments.pop("PaginationConfig", None) or {})
        self.rules = rules
        self.request = arguments
        self.resume_token: str | None = None
        self._left = _whole(config.pop("MaxItems", None), "MaxItems")
        self._skip = 0
        self._token: str | None = None
        self._previous: str | None = None
        page_size = _whole(config.pop("PageSize", None), "PageSize")
        if page_size is not None and rules.limit_key is not None:
            self.request[rules.limit_key] = page_size
        starting = config.pop("StartingToken", None)
        if config:
            raise ValueError(
                f"unknown key of PaginationConfig {', '.join(map(repr, config))}; there are: "
                "MaxItems, PageSize, StartingToken"
            )
        if starting is not None:
            self._token, self._skip = _decoded(starting, rules.input_token)
            if self._token is not None:
                self.request[rules.input_token] = self._token

    def take(self, page: dict[str, Any]) -> bool:
        """Cut the page to what was asked for; say whether there is another."""
        rules, skipped = self.rules, self._skip
        rows = page.get(rules.result_key) or []
        if skipped:
            rows = page[rules.result_key] = rows[skipped:]
            self._skip = 0
        if self._left is not None and len(rows) > self._left:
            page[rules.result_key] = rows[: self._left]
            self.resume_token = _encoded({rules.input_token: self._token, TRUNCATED: self._left + skipped})
            return False
        token = page.get(rules.output_token) or None
        if token is None:
            return False
        if self._left is not None:
            self._left -= len(rows)
            if self._left == 0:
                self.resume_token = _encoded({rules.input_token: token})
                return False
        if token == self._previous:
            raise dressed(exceptions.PaginationError)(message=f"The same next token was received twice: {token}")
        self._previous = self._token = self.request[rules.input_token] = token
        return True


class _Pages:
    def __init__(self, method: Callable[..., Any], rules: Rules, arguments: dict[str, Any]) -> None:
        self._method = method
        self._rules = rules
        self._arguments = arguments
        if rules.limit_key is None and (arguments.get("PaginationConfig") or {}).get("PageSize") is not None:
            raise dressed(exceptions.PaginationError)(
                message="PageSize parameter is not supported for the pagination interface for this operation."
            )
        self.resume_token: str | None = None
        """Where to go on when `MaxItems` ended the pages; goes into `StartingToken`."""

    def _walk(self) -> Walk:
        return Walk(self._rules, dict(self._arguments))

    def _add(self, result: dict[str, Any], page: dict[str, Any]) -> None:
        rows = page.get(self._rules.result_key)
        if rows is not None:
            result.setdefault(self._rules.result_key, []).extend(rows)

    def _finish(self, result: dict[str, Any]) -> dict[str, Any]:
        if self.resume_token is not None:
            result["NextToken"] = self.resume_token
        return result


class PageIterator(_Pages, Generic[Page]):
    """The pages of one list, each a boto3 answer."""

    def __iter__(self) -> Iterator[Page]:
        """Fetch page after page."""
        walk = self._walk()
        more = True
        while more:
            page = self._method(**walk.request)
            more = walk.take(page)
            self.resume_token = walk.resume_token
            yield page

    def build_full_result(self) -> Page:
        """All rows in one dict, and `NextToken` when `MaxItems` left some.

        Returns:
            The rows under the name that they have in a page.
        """
        result: dict[str, Any] = {}
        for page in self:
            self._add(result, cast("dict[str, Any]", page))
        return cast("Page", self._finish(result))

    def search(self, expression: str) -> Iterator[Any]:
        """What a JMESPath expression finds in each page; needs the package jmespath, which boto3 brings.

        Args:
            expression: Such as `inferenceProfileSummaries[].inferenceProfileId`.

        Returns:
            The matches, one by one.

        Raises:
            ImportError: jmespath is not installed.
        """
        finds = _finder(expression)
        for page in self:
            yield from finds(cast("dict[str, Any]", page))


class AsyncPageIterator(_Pages, Generic[Page]):
    """The pages of one list, for `async for`."""

    async def __aiter__(self) -> AsyncIterator[Page]:
        """Fetch page after page."""
        walk = self._walk()
        more = True
        while more:
            page = await self._method(**walk.request)
            more = walk.take(page)
            self.resume_token = walk.resume_token
            yield page

    async def build_full_result(self) -> Page:
        """All rows in one dict, and `NextToken` when `MaxItems` left some.

        Returns:
            The rows under the name that they have in a page.
        """
        result: dict[str, Any] = {}
        async for page in self:
            self._add(result, cast("dict[str, Any]", page))
        return cast("Page", self._finish(result))

    async def search(self, expression: str) -> AsyncIterator[Any]:
        """What a JMESPath expression finds in each page; needs the package jmespath, which boto3 brings.

        Args:
            expression: Such as `inferenceProfileSummaries[].inferenceProfileId`.

        Yields:
            The matches, one by one.

        Raises:
            ImportError: jmespath is not installed.
        """
        finds = _finder(expression)
        async for page in self:
            for found in finds(cast("dict[str, Any]", page)):
                yield found


class Paginator:
    """Makes pages of one operation; from `client.get_paginator`."""

    def __init__(self, method: Callable[..., dict[str, Any]], rules: Rules) -> None:
        self._method = method
        self._rules = rules

    def paginate(self, **arguments: Any) -> PageIterator[dict[str, Any]]:
        """The pages for these arguments.

        Args:
            **arguments: The operation's own, and `PaginationConfig` with `MaxItems`, `PageSize` and `StartingToken`.

        Returns:
            The pages, fetched as they are iterated.
        """
        return PageIterator(self._method, self._rules, arguments)


class AsyncPaginator:
    """Makes pages of one operation; from `get_paginator` of an async client."""

    def __init__(self, method: Callable[..., Awaitable[dict[str, Any]]], rules: Rules) -> None:
        self._method = method
        self._rules = rules

    def paginate(self, **arguments: Any) -> AsyncPageIterator[dict[str, Any]]:
        """The pages for these arguments.

        Args:
            **arguments: The operation's own, and `PaginationConfig` with `MaxItems`, `PageSize` and `StartingToken`.

        Returns:
            The pages, fetched as they are iterated.
        """
        return AsyncPageIterator(self._method, self._rules, arguments)


def _finder(expression: str) -> Callable[[dict[str, Any]], list[Any]]:
    try:
        import jmespath
    except ImportError:
        raise ImportError("search() is jmespath's: pip install jmespath") from None
    compiled = jmespath.compile(expression)

    def finds(page: dict[str, Any]) -> list[Any]:
        found = compiled.search(page)
        return found if isinstance(found, list) else [found]

    return finds


_DIGITS = 18
"""No number of rows has more."""


def _whole(value: Any, name: str) -> int | None:
    found = _values.plain(value)
    if found is None:
        return None
    if isinstance(found, str) and found.isdecimal() and len(found) <= _DIGITS:
        found = int(found)
    if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 10**_DIGITS:
        return found
    raise ValueError(f"{name} of PaginationConfig must be a whole number, not {_values.shown(found)}")


def _encoded(token: dict[str, Any]) -> str:
    import base64
    import json

    return base64.b64encode(json.dumps(token).encode()).decode()


def _decoded(token: str, name: str) -> tuple[str | None, int]:
    """The service's own token, and how many rows of its page were taken. A bare service token stands for itself."""
    import base64
    import json

    if not isinstance(token, str):
        raise TypeError(f"StartingToken of PaginationConfig must be a str, not {type(token).__name__}")
    try:
        decoded = json.loads(base64.b64decode(token.encode(), validate=True))
    except ValueError:
        return token, 0
    if not isinstance(decoded, dict) or name not in decoded:
        return token, 0
    return decoded[name], int(decoded.get(TRUNCATED, 0))
