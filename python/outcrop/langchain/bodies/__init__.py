"""InvokeModel bodies, a publisher a module.

Each publisher's models have a JSON format of their own. A module here makes the body of a request from messages and
reads the body
of an answer and of a stream's chunks; `common` says what they give each other, `registry` which is whose.
"""
