"""Register of documents issued, and the life of normative documents."""
