"""Repairs of conversations that Bedrock would refuse, on Converse's dicts: the one place, with LangChain and without.

`repairing` goes through a conversation once, `results` brings calls of tools and their results together, `cache_points`
knows where a point may stand, `names` what things may be called, and `api` is `outcrop.repair`.
"""
