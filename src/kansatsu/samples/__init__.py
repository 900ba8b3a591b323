"""Made-up people, organisations and services that go through the cycle by the same acts as real ones."""
