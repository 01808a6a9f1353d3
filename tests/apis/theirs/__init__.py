"""The official clients' own tests, in a process of theirs."""
