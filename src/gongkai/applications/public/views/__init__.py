"""Views of the applicant's side."""
