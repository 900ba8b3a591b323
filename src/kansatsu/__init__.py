"""Kansatsu (鑑札): self-hosted software for Japan's government cloud assurance programme."""

__version__ = "0.1.0"
