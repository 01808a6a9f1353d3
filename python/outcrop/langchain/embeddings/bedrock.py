"""`BedrockEmbeddings`: vectors of texts and media, natively sync and async."""

from __future__ import annotations

import asyncio
import json
import math
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from langchain_core.embeddings import Embeddings
from langchain_core.runnables.config import ContextThreadPoolExecutor
from pydantic import Field

from outcrop.langchain.connection import BedrockConnection
from outcrop.langchain.embeddings.formats import EmbeddingFormat, embedding_format
from outcrop.langchain.embeddings.sources import media_source
from outcrop.langchain.errors import translated
from outcrop.langchain.identity import identify
from outcrop.langchain.resolution import aresolve, known_base_model, resolve

MediaInput = str | bytes
_Item = TypeVar("_Item")
_Vectors = list[list[float]]


class BedrockEmbeddings(BedrockConnection, Embeddings):
    """Embed texts and media with Titan, Cohere, Nova and Marengo; a drop-in for `langchain_aws.BedrockEmbeddings`.

    Requests run at once, up to `max_concurrency`; Cohere takes 96 texts in each.

    Example:
        >>> from outcrop.langchain import BedrockEmbeddings
        >>> embeddings = BedrockEmbeddings(model_id="amazon.titan-embed-text-v2:0", region_name="us-east-1")
        >>> embeddings.max_concurrency
        8
    """

    model_id: str = Field(default="amazon.titan-embed-text-v1", alias="model")
    """Any id or ARN that Bedrock takes."""

    base_model_id: str | None = Field(default=None, alias="base_model")
    """The model behind `model_id`, where that does not tell it."""

    provider: str | None = None
    """The publisher of the model, where the id does not tell it."""

    model_kwargs: dict[str, Any] | None = None
    """Parameters of the model, sent as they are."""

    normalize: bool = False
    """Whether vectors are brought to length 1."""

    dimensions: int | None = Field(default=None, ge=1)
    """The length of the vectors, for models that let one choose."""

    max_concurrency: int = Field(default=8, ge=1)
    """The most requests at once."""

    # --- whose format it is -------------------------------------------------------------------------------------------

    def _known_base(self) -> str | None:
        """Return the model behind the id, as far as it is known without asking."""
        return self.base_model_id or identify(self.model_id).base_model_id or known_base_model(self.model_id)[1]

    def _must_ask(self) -> bool:
        known = self._known_base() is not None or known_base_model(self.model_id)[0]
        return not known and identify(self.model_id).is_application_profile

    def _form(self) -> EmbeddingFormat:
        """Return the format of the model that answers, asking Bedrock what is behind an application profile."""
        base = resolve(self.model_id, self.bedrock_client) if self._must_ask() else self._known_base()
        return self._form_of(base)

    async def _aform(self) -> EmbeddingFormat:
        """Return the format of the model that answers, without blocking the loop."""
        base = await aresolve(self.model_id, self._async_control()) if self._must_ask() else self._known_base()
        return self._form_of(base)

    def _form_of(self, base: str | None) -> EmbeddingFormat:
        provider = self.provider or identify(base or self.model_id).provider
        if base is None and provider is None:
            raise ValueError(
                f"the model behind {self.model_id} is unknown, and with it the format of its bodies: pass "
                "base_model_id=, or allow bedrock:GetInferenceProfile."
            )
        return embedding_format(provider, base or self.model_id, self.dimensions)

    # --- texts --------------------------------------------------------------------------------------------------------

    def embed_documents(self, texts: list[str]) -> _Vectors:
        """Embed texts that are searched.

        Args:
            texts: The texts.

        Returns:
            A vector a text, in their order.
        """
        form = self._form()
        bodies = self._bodies(form, texts, "document")
        if len(bodies) <= 1:
            return [vector for body in bodies for vector in self._embed(form, body)]
        with ContextThreadPoolExecutor(max_workers=min(self.max_concurrency, len(bodies))) as pool:
            found = pool.map(lambda body: self._embed(form, body), bodies)
            return [vector for vectors in found for vector in vectors]

    async def aembed_documents(self, texts: list[str]) -> _Vectors:
        """Embed texts that are searched, without blocking the loop."""
        form = await self._aform()
        bodies = self._bodies(form, texts, "document")
        found = await self._gather(lambda body: self._aembed(form, body), bodies)
        return [vector for vectors in found for vector in vectors]

    def embed_query(self, text: str) -> list[float]:
        """Embed a text that searches."""
        form = self._form()
        (body,) = self._bodies(form, [text], "query")
        return self._embed(form, body)[0]

    async def aembed_query(self, text: str) -> list[float]:
        """Embed a text that searches, without blocking the loop."""
        form = await self._aform()
        (body,) = self._bodies(form, [text], "query")
        return (await self._aembed(form, body))[0]

    # --- media --------------------------------------------------------------------------------------------------------

    def embed_image(self, image: MediaInput) -> list[float]:
        """Embed an image given as bytes, base64, a data URL, a file's path or an `s3://` address."""
        return self._shown("image", image)

    def embed_images(self, images: list[MediaInput]) -> _Vectors:
        """Embed images."""
        return [self.embed_image(image) for image in images]

    def embed_audio(self, audio: MediaInput) -> list[float]:
        """Embed up to 30 seconds of audio, given as an image may be."""
        return self._shown("audio", audio)

    def embed_video(self, video: MediaInput) -> list[float]:
        """Embed up to 30 seconds of video, given as an image may be."""
        return self._shown("video", video)

    async def aembed_image(self, image: MediaInput) -> list[float]:
        """Embed an image without blocking the loop."""
        return await self._amedium("image", image)

    async def aembed_images(self, images: list[MediaInput]) -> _Vectors:
        """Embed images without blocking the loop."""
        return await self._gather(self.aembed_image, images)

    async def aembed_audio(self, audio: MediaInput) -> list[float]:
        """Embed audio without blocking the loop."""
        return await self._amedium("audio", audio)

    async def aembed_video(self, video: MediaInput) -> list[float]:
        """Embed video without blocking the loop."""
        return await self._amedium("video", video)

    # --- one request --------------------------------------------------------------------------------------------------

    def _bodies(self, form: EmbeddingFormat, texts: Sequence[str], purpose: str) -> list[dict[str, Any]]:
        if isinstance(texts, str):
            raise TypeError("texts must be a list of texts, not one text: pass it to embed_query, or in a list.")
        texts = list(texts)
        if strangers := [type(text).__name__ for text in texts if not isinstance(text, str)]:
            raise TypeError(f"texts to embed must be str, not {strangers[0]}: convert them first.")
        # Line ends carry no meaning here and disturb some models.
        plain = [text.replace(os.linesep, " ") for text in texts]
        return [form.texts(batch, purpose) for batch in form.batches(plain)]

    def _medium(self, form: EmbeddingFormat, kind: str, data: MediaInput) -> dict[str, Any]:
        if kind not in form.media:
            raise ValueError(f"{kind.capitalize()} embeddings not supported for model {self.model_id}.")
        return form.medium(kind, media_source(data, s3=form.s3))

    def _shown(self, kind: str, data: MediaInput) -> list[float]:
        form = self._form()
        return self._embed(form, self._medium(form, kind, data))[0]

    async def _amedium(self, kind: str, data: MediaInput) -> list[float]:
        form = await self._aform()
        body = await asyncio.to_thread(self._medium, form, kind, data)  # may read a file
        return (await self._aembed(form, body))[0]

    def _options(self, body: dict[str, Any]) -> dict[str, Any]:
        whole = json.dumps({**body, **(self.model_kwargs or {})})
        return {
            "body": whole,
            "modelId": self.model_id,
            "accept": "application/json",
            "contentType": "application/json",
        }

    def _embed(self, form: EmbeddingFormat, body: dict[str, Any]) -> _Vectors:
        with translated():
            answer = json.loads(self._runtime().invoke_model(**self._options(body)).get("body").read())
        return self._vectors(form, answer)

    async def _aembed(self, form: EmbeddingFormat, body: dict[str, Any]) -> _Vectors:
        client = self._async_runtime()
        if client is None:
            return await asyncio.to_thread(self._embed, form, body)
        with translated():
            response = await client.invoke_model(**self._options(body))
            answer = json.loads(await response.get("body").read())
        return self._vectors(form, answer)

    def _vectors(self, form: EmbeddingFormat, answer: dict[str, Any]) -> _Vectors:
        vectors = form.vectors(answer)
        return [_normalized(vector) for vector in vectors] if self.normalize else vectors

    async def _gather(self, call: Callable[[_Item], Awaitable[Any]], items: Sequence[_Item]) -> list[Any]:
        """Call for every item, a bounded number at once; the first error cancels the rest."""
        slots = asyncio.Semaphore(self.max_concurrency)

        async def bounded(item: _Item) -> Any:
            async with slots:
                return await call(item)

        tasks = [asyncio.ensure_future(bounded(item)) for item in items]
        try:
            return await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise


def _normalized(vector: list[float]) -> list[float]:
    length = math.sqrt(math.fsum(value * value for value in vector))
    return [value / length for value in vector] if length else vector
