# The two routers. Written by tools/stubs.py from the operation tables: do not edit.

from collections.abc import Mapping, Sequence
from typing import IO, Any

from outcrop._clients import AsyncClient, Client
from outcrop.cross_region._base import Routed
from outcrop.cross_region.planning import Plan

class CrossRegion(Routed, Client):
    def plan(self) -> Plan: ...
    def converse(
        self,
        *,
        modelId: str = ...,
        messages: Sequence[Any] = ...,
        system: Sequence[Any] = ...,
        inferenceConfig: Mapping[str, Any] = ...,
        toolConfig: Mapping[str, Any] = ...,
        guardrailConfig: Mapping[str, Any] = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, Any] = ...,
        additionalModelResponseFieldPaths: Sequence[Any] = ...,
        requestMetadata: Mapping[str, Any] = ...,
        performanceConfig: Mapping[str, Any] = ...,
        serviceTier: Mapping[str, Any] = ...,
        outputConfig: Mapping[str, Any] = ...,
    ) -> dict[str, Any]: ...
    def converse_stream(
        self,
        *,
        modelId: str = ...,
        messages: Sequence[Any] = ...,
        system: Sequence[Any] = ...,
        inferenceConfig: Mapping[str, Any] = ...,
        toolConfig: Mapping[str, Any] = ...,
        guardrailConfig: Mapping[str, Any] = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, Any] = ...,
        additionalModelResponseFieldPaths: Sequence[Any] = ...,
        requestMetadata: Mapping[str, Any] = ...,
        performanceConfig: Mapping[str, Any] = ...,
        serviceTier: Mapping[str, Any] = ...,
        outputConfig: Mapping[str, Any] = ...,
    ) -> dict[str, Any]: ...
    def count_tokens(
        self,
        *,
        input: Mapping[str, Any],
        modelId: str = ...,
    ) -> dict[str, Any]: ...
    def invoke_model(
        self,
        *,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        modelId: str = ...,
        trace: str = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: str = ...,
        serviceTier: str = ...,
        requestMetadata: str = ...,
    ) -> dict[str, Any]: ...
    def invoke_model_with_response_stream(
        self,
        *,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        modelId: str = ...,
        trace: str = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: str = ...,
        serviceTier: str = ...,
        requestMetadata: str = ...,
    ) -> dict[str, Any]: ...

class AsyncCrossRegion(Routed, AsyncClient):
    async def plan(self) -> Plan: ...
    async def converse(
        self,
        *,
        modelId: str = ...,
        messages: Sequence[Any] = ...,
        system: Sequence[Any] = ...,
        inferenceConfig: Mapping[str, Any] = ...,
        toolConfig: Mapping[str, Any] = ...,
        guardrailConfig: Mapping[str, Any] = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, Any] = ...,
        additionalModelResponseFieldPaths: Sequence[Any] = ...,
        requestMetadata: Mapping[str, Any] = ...,
        performanceConfig: Mapping[str, Any] = ...,
        serviceTier: Mapping[str, Any] = ...,
        outputConfig: Mapping[str, Any] = ...,
    ) -> dict[str, Any]: ...
    async def converse_stream(
        self,
        *,
        modelId: str = ...,
        messages: Sequence[Any] = ...,
        system: Sequence[Any] = ...,
        inferenceConfig: Mapping[str, Any] = ...,
        toolConfig: Mapping[str, Any] = ...,
        guardrailConfig: Mapping[str, Any] = ...,
        additionalModelRequestFields: Any = ...,
        promptVariables: Mapping[str, Any] = ...,
        additionalModelResponseFieldPaths: Sequence[Any] = ...,
        requestMetadata: Mapping[str, Any] = ...,
        performanceConfig: Mapping[str, Any] = ...,
        serviceTier: Mapping[str, Any] = ...,
        outputConfig: Mapping[str, Any] = ...,
    ) -> dict[str, Any]: ...
    async def count_tokens(
        self,
        *,
        input: Mapping[str, Any],
        modelId: str = ...,
    ) -> dict[str, Any]: ...
    async def invoke_model(
        self,
        *,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        modelId: str = ...,
        trace: str = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: str = ...,
        serviceTier: str = ...,
        requestMetadata: str = ...,
    ) -> dict[str, Any]: ...
    async def invoke_model_with_response_stream(
        self,
        *,
        body: bytes | bytearray | str | IO[bytes] | IO[str] = ...,
        contentType: str = ...,
        accept: str = ...,
        modelId: str = ...,
        trace: str = ...,
        guardrailIdentifier: str = ...,
        guardrailVersion: str = ...,
        performanceConfigLatency: str = ...,
        serviceTier: str = ...,
        requestMetadata: str = ...,
    ) -> dict[str, Any]: ...
