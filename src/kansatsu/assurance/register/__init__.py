"""The register: entering, adopting, renewing, remarking, removing; and the public list."""
