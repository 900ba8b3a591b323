"""Reviews: applying, the acceptance check, the technical review, and the committee's decision."""
