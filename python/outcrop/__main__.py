"""`python -m outcrop` is `outcrop`."""

from __future__ import annotations

import sys

from outcrop.cli import main

sys.exit(main())
