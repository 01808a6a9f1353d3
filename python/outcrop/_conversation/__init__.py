"""Repairs of conversations that Bedrock would refuse, on Converse's dicts: the one place, with LangChain and without.

`repairing` goes through a conversation; `blocks` cleans each block by itself, `results` brings calls and their
results together, `order` the blocks of a turn into order, `cache_points` knows where a point may stand, `names` what
things may be called, and `api` is `outcrop.repair`.
"""
