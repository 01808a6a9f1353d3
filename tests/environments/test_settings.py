"""What botocore reads: a setting that is new there must be decided upon here."""

from __future__ import annotations

import re
from pathlib import Path

from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

PAGE = Path(__file__).parents[2] / "docs" / "dev" / "environment.md"
SOURCES = PAGE.parents[2] / "src" / "client" / "src"


def decided():
    return dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE.read_text(), re.MULTILINE))


def test_each_setting_of_botocores_is_decided_upon():
    assert decided().keys() == BOTOCORE_DEFAUT_SESSION_VARIABLES.keys()


def test_what_is_read_is_read_by_botocores_names():
    """The variable and the key of each stand in the code that reads them."""
    code = "".join(path.read_text() for path in SOURCES.rglob("*.rs"))
    for name, how in decided().items():
        key, variables, _, _ = BOTOCORE_DEFAUT_SESSION_VARIABLES[name]
        variables = [variables] if isinstance(variables, str) else variables or []
        if how.startswith("read"):
            missing = [each for each in (*variables, *([key] if key else [])) if f'"{each}"' not in code]
            assert not missing, (name, missing)
