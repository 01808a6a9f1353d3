"""Embeddings: vectors of texts and media through InvokeModel."""
