"""The pages of the criteria: browsing, bringing in, discussing, mapping."""
