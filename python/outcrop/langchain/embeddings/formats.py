"""Embedding bodies, a family a class: what a request holds and where the vectors are in an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

COHERE_BATCH = 96
"""Texts that one request to a Cohere model may hold."""

_COHERE_V3_CHARACTERS = 2048
_COHERE_V4_CHARACTERS = 512_000  # 128K tokens


class EmbeddingFormat:
    """Amazon Titan's format, and that of anything unknown: a text a request.

    Args:
        model_id: The base model id.
        dimensions: The length of the vectors, or `None` for the model's own.
    """

    media: tuple[str, ...] = ()
    s3 = False

    def __init__(self, model_id: str, dimensions: int | None) -> None:
        self.model_id, self.dimensions = model_id, dimensions
        if "titan-embed-image" in model_id:
            self.media = ("image",)

    def batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """Split texts into what one request takes."""
        yield from ([text] for text in texts)

    def texts(self, texts: list[str], purpose: str) -> dict[str, Any]:
        """Make the body for a batch of texts."""
        if "titan-embed-image" in self.model_id:
            return {"inputText": texts[0], **self._image_length()}
        return {"inputText": texts[0], **({"dimensions": self.dimensions} if self.dimensions else {})}

    def medium(self, kind: str, source: dict[str, str]) -> dict[str, Any]:
        """Make the body for an image, audio or video: `source` has `format` and either `base64` or `s3`."""
        return {"inputImage": source["base64"], **self._image_length()}

    def vectors(self, body: dict[str, Any]) -> list[list[float]]:
        """Find the vectors in an answer.

        Raises:
            ValueError: If there are none.
        """
        found = body.get("embedding")
        if found is None:
            found = body.get("embeddings") or body.get("data")
        if isinstance(found, dict):
            found = found.get("float") or next(iter(found.values()), None)
        if not found:
            raise ValueError(f"no embedding returned from model {self.model_id}: the answer has {sorted(body)}.")
        if not isinstance(found[0], (dict, list)):
            return [found]
        return [item["embedding"] if isinstance(item, dict) else item for item in found]

    def _image_length(self) -> dict[str, Any]:
        return {"embeddingConfig": {"outputEmbeddingLength": self.dimensions}} if self.dimensions else {}


class CohereEmbeddings(EmbeddingFormat):
    """Cohere Embed: up to 96 texts a request, told apart by what they are for."""

    media = ("image",)

    def batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """Split texts into batches, none too long for the model."""
        limit = _COHERE_V4_CHARACTERS if self._v4 else _COHERE_V3_CHARACTERS
        if longest := max((len(text) for text in texts), default=0) > limit:
            longest = max(map(len, texts))
            raise ValueError(
                f"the Cohere embedding API does not support texts longer than {limit} characters: one has {longest}. "
                "Split it."
            )
        yield from (list(texts[i : i + COHERE_BATCH]) for i in range(0, len(texts), COHERE_BATCH))

    def texts(self, texts: list[str], purpose: str) -> dict[str, Any]:
        """Make the body for a batch of texts."""
        return {"input_type": f"search_{purpose}", "texts": texts, **self._length()}

    def medium(self, kind: str, source: dict[str, str]) -> dict[str, Any]:
        """Make the body for an image."""
        images = [f"data:image/{source['format']};base64,{source['base64']}"]
        if self._v4:
            return {"input_type": "search_document", "images": images, **self._length()}
        return {"input_type": "image", "images": images, "embedding_types": ["float"]}

    @property
    def _v4(self) -> bool:
        return "cohere.embed-v4" in self.model_id

    def _length(self) -> dict[str, Any]:
        return {"output_dimension": self.dimensions} if self.dimensions and self._v4 else {}


class NovaEmbeddings(EmbeddingFormat):
    """Amazon Nova multimodal embeddings."""

    media = ("image", "audio", "video")
    s3 = True

    def texts(self, texts: list[str], purpose: str) -> dict[str, Any]:
        """Make the body for a text."""
        return self._single({"text": {"truncationMode": "END", "value": texts[0]}})

    def medium(self, kind: str, source: dict[str, str]) -> dict[str, Any]:
        """Make the body for a medium."""
        place = {"s3Location": {"uri": source["s3"]}} if "s3" in source else {"bytes": source["base64"]}
        mode = {"embeddingMode": "AUDIO_VIDEO_COMBINED"} if kind == "video" else {}
        return self._single({kind: {"format": source["format"], **mode, "source": place}})

    def _single(self, content: dict[str, Any]) -> dict[str, Any]:
        length = {"embeddingDimension": self.dimensions} if self.dimensions else {}
        return {
            "taskType": "SINGLE_EMBEDDING",
            "singleEmbeddingParams": {"embeddingPurpose": "GENERIC_INDEX", **content, **length},
        }


class MarengoEmbeddings(EmbeddingFormat):
    """TwelveLabs Marengo."""

    media = ("image",)
    s3 = True

    def texts(self, texts: list[str], purpose: str) -> dict[str, Any]:
        """Make the body for a text."""
        return {"inputType": "text", "text": {"inputText": texts[0]}}

    def medium(self, kind: str, source: dict[str, str]) -> dict[str, Any]:
        """Make the body for an image."""
        place = {"s3Location": {"uri": source["s3"]}} if "s3" in source else {"base64String": source["base64"]}
        return {"inputType": kind, kind: {"mediaSource": place}}


def embedding_format(provider: str | None, model_id: str, dimensions: int | None) -> EmbeddingFormat:
    """Return the format of a model."""
    if provider == "cohere":
        return CohereEmbeddings(model_id, dimensions)
    if "marengo" in model_id.lower():
        return MarengoEmbeddings(model_id, dimensions)
    if "nova" in model_id and "embed" in model_id:
        return NovaEmbeddings(model_id, dimensions)
    return EmbeddingFormat(model_id, dimensions)
