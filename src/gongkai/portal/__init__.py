"""What the public sees around everything else: frame, home, search, organs, site map, error pages."""
