"""OAI-PMH 2.0: libraries and archives take the metadata of everything public, and learn of what was withdrawn.

http://www.openarchives.org/OAI/2.0/openarchivesprotocol.htm. The records, their times and what was withdrawn are those of the
change list (``gongkai.api.following``).
"""
