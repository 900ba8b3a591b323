"""People, organisations and roles: who acts."""
