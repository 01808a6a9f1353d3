"""What batch jobs do with their objects, through obstore's stores: in memory, and in an S3 that is given by its URL."""

from __future__ import annotations

import io
import json
import sys

import boto3
import obstore.store

from outcrop._jobs.places import Place
from outcrop._jobs.storage import MissingObjectError, Storage, lines, opened

MEGABYTE = 1 << 20
PLACE = Place("rocks", "in/a.jsonl")


def found(storage: Storage) -> dict[str, object]:
    """What comes of an object that is missing, written, read and empty."""
    sizes = [storage.size(PLACE)]
    try:
        list(storage.pieces(PLACE))
    except MissingObjectError as error:
        missing = str(error)
    body = b"granite\n" + b"x" * (9 * MEGABYTE) + b"\nbasalt"
    storage.put(PLACE, io.BytesIO(body), len(body))
    sizes.append(storage.size(PLACE))
    pieces = list(storage.pieces(PLACE))
    read = [len(line) for line in lines(storage, PLACE)]
    storage.put(PLACE, io.BytesIO(b""), 0)
    return {
        "missing": missing,
        "sizes": sizes,
        "same": b"".join(pieces) == body,
        "in_pieces": len(pieces) > 1,
        "lines": read,
        "empty": list(lines(storage, PLACE)),
        "region": storage.region(PLACE),
    }


url = sys.argv[1]
keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
client = boto3.client("s3", endpoint_url=url, region_name="us-east-1", **keys)
client.create_bucket(Bucket="rocks")
client.close()
s3 = obstore.store.S3Store(
    "rocks", endpoint=url, region="us-east-1", client_options={"allow_http": True}, virtual_hosted_style_request=False,
    access_key_id="a", secret_access_key="b",
)  # fmt: skip
stores = {"memory": obstore.store.MemoryStore(), "s3": s3}
sys.stdout.write(
    json.dumps({name: found(opened(it, {"us-east-1": PLACE})["us-east-1"]) for name, it in stores.items()})
)
