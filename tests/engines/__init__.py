"""Rows of the user's engine: by themselves, and through Ray, Spark and Dask where they are installed."""
