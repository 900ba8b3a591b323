"""The provider's statement (言明書): control by control, what it does."""
