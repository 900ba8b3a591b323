"""Editions of the control criteria: what a provider has to state."""
