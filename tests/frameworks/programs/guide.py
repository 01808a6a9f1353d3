"""Runs examples of the guide, each as it is printed, after the one that makes the router."""

import ast
import asyncio
import contextlib
import inspect
import io
import json
import sys

said = {}
blocks = json.loads(sys.argv[1])
for title, code in blocks["examples"]:
    namespace = {}
    exec(blocks["router"], namespace)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        waiting = eval(compile(code, title, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), namespace)
        if inspect.iscoroutine(waiting):
            asyncio.run(waiting)
    said[title] = printed.getvalue()
sys.stdout.write(f"\n{json.dumps(said)}\n")
