"""What comes from botocore where it is installed: models, its `Config`, and events around calls.

Nothing here is imported before somebody asks a client for it, and nothing else imports botocore.
"""
