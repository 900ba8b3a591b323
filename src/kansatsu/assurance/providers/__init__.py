"""Providers' cloud services, and each service's standing: what the register has said of it, by period."""
