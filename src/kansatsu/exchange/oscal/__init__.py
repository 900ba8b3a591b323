"""OSCAL, NIST's format for controls: read, write, validate and resolve documents as JSON and YAML. No network."""
