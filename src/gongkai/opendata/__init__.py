"""Taking the open data of a site whole: no Django, no database, the standard library only."""
