"""The examples of the guide, each as a reader would run it: what each printed, as one line of JSON."""

from __future__ import annotations

import contextlib
import io
import json
import sys


def main(asked):
    said = {}
    for title, code in asked["examples"].items():
        names = {}
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(asked["router"], "router", "exec"), names)
            exec(compile(code, title, "exec"), names)
        said[title] = printed.getvalue()
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
