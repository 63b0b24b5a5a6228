"""What holds for documents whatever the database: numbers (发文字号), the life of a document, clauses.

Pure: no Django, no clock but the one handed in.
"""
