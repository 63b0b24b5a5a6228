"""The Regulations on Open Government Information (政府信息公开条例) as values and functions.

Pure Python: no Django, no database, no clock but the dates handed in. Every rule carries its
citation; `gongkai law explain` and `docs/law.md` are printed from the same registry.
"""
