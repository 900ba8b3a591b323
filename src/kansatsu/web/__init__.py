"""The portal's frame: addresses, gate, refusals as pages, base templates and the stylesheet; no domain."""
