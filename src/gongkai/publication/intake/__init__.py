"""How content comes in: pasted, read from a file, or by the thousand from a spreadsheet.

``outline``, ``paste``, ``images``, ``guessing`` and ``rows`` are pure: they know no database. ``reading`` turns a file into
fields and blocks; ``services`` and ``migration`` keep what was read and make items of it.
"""
