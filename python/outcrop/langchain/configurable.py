"""Fields that a call's `config` sets (`configurable_fields`), without a new connection for each call."""

from __future__ import annotations

from typing import Any

from langchain_core.runnables import RunnableConfig, configurable


class RunnableConfigurableFields(configurable.RunnableConfigurableFields):
    """langchain-core's class of this name, which makes the model anew for every call: here it keeps its clients.

    What followed from the id of the model, as its profile does, is not taken along to another id.
    """

    def _prepare(self, config: RunnableConfig | None = None) -> tuple[Any, RunnableConfig]:
        prepared, config = super()._prepare(config)
        if prepared is self.default or type(prepared) is not type(self.default):
            return prepared, config
        now, before = vars(prepared), vars(self.default)
        changed = {name: now[name] for name in self.fields if now.get(name) != before.get(name)}
        return self.default._changed(changed), config  # type: ignore[attr-defined]
