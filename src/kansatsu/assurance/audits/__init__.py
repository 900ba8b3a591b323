"""Audits: a registered audit body tests a statement and reports the result."""
