"""Older releases of the official clients."""
