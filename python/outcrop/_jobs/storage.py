"""Where jobs read and write: a boto3 S3 client, obstore's stores, or a mapping such as the local Bedrock's objects."""

from __future__ import annotations

import io
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, Protocol

from outcrop import _values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from outcrop._jobs.places import Place

PIECE = 1 << 20
"""Bytes that are read at once."""
_TRIES = 3
"""How often in a row an answer may break off before the next byte."""
_MISSING = {"NoSuchKey", "NoSuchBucket", "404", "NotFound"}
_DENIED = {"403", "Forbidden", "AccessDenied"}


class MissingObjectError(LookupError):
    """There is no such object.

    Args:
        uri: Where it was looked for.
    """

    def __init__(self, uri: str) -> None:
        super().__init__(f"there is no object {uri}")


class Storage(Protocol):
    """What jobs need of it."""

    def put(self, place: Place, body: BinaryIO, size: int) -> None:
        """Write an object, whole or not at all."""
        ...

    def size(self, place: Place) -> int | None:
        """How many bytes an object has; `None` when it is not there."""
        ...

    def pieces(self, place: Place) -> Iterator[bytes]:
        """The bytes of an object, piece by piece; raises `MissingObjectError`."""
        ...

    def region(self, place: Place) -> str | None:
        """Where the bucket is, as far as one can ask."""
        ...

    def key(self, place: Place) -> str | None:
        """The KMS key that the bucket encrypts with by itself; `None` where it has none, or nobody says."""
        ...


class ClientStorage:
    """S3 through a client of boto3's kind."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def put(self, place: Place, body: BinaryIO, size: int) -> None:
        """Write an object."""
        self._client.put_object(Bucket=place.bucket, Key=place.key, Body=body, ContentLength=size)

    def size(self, place: Place) -> int | None:
        """How many bytes it has."""
        try:
            return self._client.head_object(Bucket=place.bucket, Key=place.key)["ContentLength"]
        except Exception as error:
            if error_code(error) in _MISSING:
                return None
            raise

    def pieces(self, place: Place) -> Iterator[bytes]:
        """The bytes; where an answer breaks off, the rest of the same object is asked for."""
        start, failures, same = 0, 0, {}
        while True:
            more = {"Range": f"bytes={start}-", **same} if start else {}
            try:
                answer = self._client.get_object(Bucket=place.bucket, Key=place.key, **more)
            except Exception as error:
                if error_code(error) in _MISSING:
                    raise MissingObjectError(place.uri) from None
                if error_code(error) == "InvalidRange":
                    return
                raise
            same = {"IfMatch": answer["ETag"]} if "ETag" in answer else {}
            body = answer["Body"]
            try:
                while piece := body.read(PIECE):
                    start += len(piece)
                    failures = 0
                    yield piece
            except Exception as error:
                failures += 1
                if failures == _TRIES or error_code(error) is not None:
                    raise
            else:
                return
            finally:
                body.close()

    def region(self, place: Place) -> str | None:
        """Where the bucket is."""
        try:
            answer = self._client.head_bucket(Bucket=place.bucket)
        except Exception as error:
            if error_code(error) in _MISSING:
                raise ValueError(f"there is no bucket {place.bucket}: make it, or name another") from None
            if error_code(error) in _DENIED:
                # Whoever may put an object need not be allowed to look at the bucket.
                return None
            raise
        found = answer.get("BucketRegion")
        return found or answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("x-amz-bucket-region")

    def key(self, place: Place) -> str | None:
        """The KMS key of the bucket's default encryption."""
        if not hasattr(self._client, "get_bucket_encryption"):
            return None
        try:
            answer = self._client.get_bucket_encryption(Bucket=place.bucket)
        except Exception as error:
            if error_code(error) == "ServerSideEncryptionConfigurationNotFoundError":
                return None
            raise
        rules = answer["ServerSideEncryptionConfiguration"].get("Rules", ())
        defaults = [rule.get("ApplyServerSideEncryptionByDefault", {}) for rule in rules]
        return next((it.get("KMSMasterKeyID") for it in defaults if "kms" in it.get("SSEAlgorithm", "")), None)


class StoreStorage:
    """A store of obstore's, which is of one bucket."""

    def __init__(self, store: Any) -> None:
        self._store = store
        if getattr(store, "prefix", None):
            raise ValueError("an obstore store must be of the whole bucket: leave its prefix out, buckets= has it")

    def put(self, place: Place, body: BinaryIO, size: int) -> None:
        """Write an object."""
        del size
        self._store.put(place.key, body)

    def size(self, place: Place) -> int | None:
        """How many bytes it has."""
        try:
            return self._store.head(place.key)["size"]
        except FileNotFoundError:
            return None

    def pieces(self, place: Place) -> Iterator[bytes]:
        """The bytes."""
        try:
            found = self._store.get(place.key)
        except FileNotFoundError:
            raise MissingObjectError(place.uri) from None
        for piece in found.stream(min_chunk_size=PIECE):
            yield bytes(piece)

    def region(self, place: Place) -> str | None:
        """Where the bucket is, as the store was told."""
        del place
        config = getattr(self._store, "config", None)
        return (config.get("region") or config.get("aws_region")) if isinstance(config, Mapping) else None

    def key(self, place: Place) -> str | None:
        """A store does not say."""
        del place


class MappingStorage:
    """Objects by their URI, in memory."""

    def __init__(self, objects: MutableMapping[str, bytes]) -> None:
        self._objects = objects

    def put(self, place: Place, body: BinaryIO, size: int) -> None:
        """Write an object."""
        self._objects[place.uri] = body.read(size)

    def size(self, place: Place) -> int | None:
        """How many bytes it has."""
        found = self._objects.get(place.uri)
        return None if found is None else len(found)

    def pieces(self, place: Place) -> Iterator[bytes]:
        """The bytes; of the local Bedrock's objects no more than a piece is copied at once."""
        part = getattr(self._objects, "part", None)
        if place.uri not in self._objects:
            raise MissingObjectError(place.uri)
        if part is None:
            yield self._objects[place.uri]
            return
        start = 0
        while piece := part(place.uri, start, PIECE):
            start += len(piece)
            yield piece

    def region(self, place: Place) -> str | None:
        """Nobody says."""
        del place

    def key(self, place: Place) -> str | None:
        """There is none."""
        del place


def opened(storage: Any, regions: Mapping[str, Any]) -> dict[str, Storage]:
    """The storage of each Region.

    Args:
        storage: One for all, or one by Region.
        regions: The Regions that need one.

    Raises:
        TypeError: It is nothing that objects can be kept in.
        ValueError: A Region has none.
    """
    if isinstance(storage, Mapping) and any(region in storage for region in regions):
        if without := [region for region in regions if region not in storage]:
            raise ValueError(f"storage has nothing for {without[0]}, whose bucket is among the buckets")
        return {region: _one(storage[region]) for region in regions}
    one = _one(storage)
    if isinstance(one, StoreStorage) and len(regions) > 1:
        raise ValueError("an obstore store is of one bucket: give storage={Region: store} where there are several")
    return dict.fromkeys(regions, one)


def _one(storage: Any) -> Storage:
    if isinstance(storage, MutableMapping):
        return MappingStorage(storage)
    if hasattr(storage, "put_object") and hasattr(storage, "get_object"):
        return ClientStorage(storage)
    if hasattr(storage, "put") and hasattr(storage, "head"):
        return StoreStorage(storage)
    raise TypeError(
        'storage must be a boto3 client of "s3", an obstore store, a mapping of URIs such as the local Bedrock\'s '
        f"objects, or a dict of these by Region, not {type(storage).__name__}"
    )


def whole(storage: Storage, place: Place) -> bytes | None:
    """A small object; `None` when it is not there."""
    try:
        return b"".join(storage.pieces(place))
    except MissingObjectError:
        return None


def put_bytes(storage: Storage, place: Place, body: bytes) -> None:
    """Write a small object."""
    storage.put(place, io.BytesIO(body), len(body))


def lines(storage: Storage, place: Place) -> Iterator[bytes]:
    """The lines of an object, in as much memory as the longest needs.

    Raises:
        MissingObjectError: There is no such object.
    """
    rest: list[bytes] = []
    for piece in storage.pieces(place):
        first, *more = piece.split(b"\n")
        rest.append(first)
        for line in more:
            yield b"".join(rest)
            rest = [line]
    if any(rest):
        yield b"".join(rest)


def error_code(error: Exception) -> str | None:
    """The code that AWS answered with; `None` for an error of another kind."""
    response = getattr(error, "response", None)
    return _values.plain(response.get("Error", {}).get("Code")) if isinstance(response, dict) else None


def reason_of(error: Exception) -> str | None:
    """What AWS answered, or what came in its way: no answer is no verdict. `None` is an error of another kind."""
    if isinstance(getattr(error, "response", None), dict):
        return str(error_code(error) or "")
    return type(error).__name__ if type(error).__module__.startswith("botocore.") else None
