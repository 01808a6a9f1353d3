"""Embedding bodies, a family a class: what a request holds and where the vectors are in an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from outcrop.langchain.errors import warn

COHERE_BATCH = 96
"""Texts that one request to a Cohere model may hold."""

_TITAN_CHARACTERS = 50_000
_COHERE_V3_CHARACTERS = 2048
_COHERE_V4_CHARACTERS = 512_000  # 128K tokens
_TITAN_OF_ONE_LENGTH = ("titan-embed-text-v1", "titan-embed-g1")


class EmbeddingFormat:
    """Amazon Titan's format, and that of anything unknown: a text a request.

    Args:
        model_id: The base model id.
        dimensions: The length of the vectors, or `None` for the model's own.
    """

    media: tuple[str, ...] = ()
    s3 = False
    batch = 1
    """Texts that one request takes."""

    def __init__(self, model_id: str, dimensions: int | None) -> None:
        if dimensions and self._of_one_length(model_id):
            warn(f"model {model_id} has vectors of one length; ignoring dimensions.")
            dimensions = None
        self.model_id, self.dimensions = model_id, dimensions
        if "titan-embed-image" in model_id:
            self.media = ("image",)

    def _of_one_length(self, model_id: str) -> bool:
        return any(name in model_id for name in _TITAN_OF_ONE_LENGTH)

    def _longest(self) -> int | None:
        """Return how many characters a text may have; `None` if that is not known."""
        return _TITAN_CHARACTERS if "titan-embed" in self.model_id else None

    def batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """Split texts into what one request takes.

        Raises:
            ValueError: If Bedrock would refuse one of them.
        """
        limit = self._longest()
        for position, text in enumerate(texts):
            if not text:
                raise ValueError(f"text number {position} is empty, and Bedrock embeds none such: leave it out.")
            if limit and len(text) > limit:
                raise ValueError(
                    f"model {self.model_id} embeds no text longer than {limit} characters: one has {len(text)}. Split "
                    "it."
                )
        for start in range(0, len(texts), self.batch):
            yield list(texts[start : start + self.batch])

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
            found = found.get("float") or found.get("embedding") or next(iter(found.values()), None)
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
    batch = COHERE_BATCH

    def _of_one_length(self, model_id: str) -> bool:
        return "cohere.embed-v4" not in model_id

    def _longest(self) -> int | None:
        return _COHERE_V4_CHARACTERS if self._v4 else _COHERE_V3_CHARACTERS

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
    """TwelveLabs Marengo: from version 3 on, what is embedded stands under its kind."""

    media = ("image",)
    s3 = True

    def _of_one_length(self, model_id: str) -> bool:
        return True

    def texts(self, texts: list[str], purpose: str) -> dict[str, Any]:
        """Make the body for a text."""
        said = {"inputText": texts[0]}
        return {"inputType": "text", **(said if self._v2 else {"text": said})}

    def medium(self, kind: str, source: dict[str, str]) -> dict[str, Any]:
        """Make the body for an image."""
        place = {"s3Location": {"uri": source["s3"]}} if "s3" in source else {"base64String": source["base64"]}
        shown = {"mediaSource": place}
        return {"inputType": kind, **(shown if self._v2 else {kind: shown})}

    @property
    def _v2(self) -> bool:
        return "marengo-embed-2" in self.model_id.lower()


def embedding_format(provider: str | None, model_id: str, dimensions: int | None) -> EmbeddingFormat:
    """Return the format of a model."""
    if provider == "cohere":
        return CohereEmbeddings(model_id, dimensions)
    if "marengo" in model_id.lower():
        return MarengoEmbeddings(model_id, dimensions)
    if "nova" in model_id and "embed" in model_id:
        return NovaEmbeddings(model_id, dimensions)
    return EmbeddingFormat(model_id, dimensions)
