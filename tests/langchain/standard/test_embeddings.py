"""langchain-tests' integration suite for embeddings, for each family."""

from __future__ import annotations

from typing import Any, ClassVar

from langchain_tests.integration_tests import EmbeddingsIntegrationTests

from outcrop.langchain import BedrockEmbeddings


class Embeddings(EmbeddingsIntegrationTests):
    connection: ClassVar[dict[str, str]]
    model_id: ClassVar[str]

    @property
    def embeddings_class(self) -> type[BedrockEmbeddings]:
        return BedrockEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"model_id": self.model_id, **self.connection}


class TestTitan(Embeddings):
    model_id = "amazon.titan-embed-text-v2:0"


class TestCohere(Embeddings):
    model_id = "cohere.embed-english-v3"


class TestNova(Embeddings):
    model_id = "amazon.nova-2-multimodal-embeddings-v1:0"
