"""Open data: the public objects for programs."""
