"""The ground floor: what every stage needs and no stage owns; it knows nothing of any programme."""
