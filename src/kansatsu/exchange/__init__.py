"""Codecs of outside formats: bytes to plain values and back. No Django, no domain."""
