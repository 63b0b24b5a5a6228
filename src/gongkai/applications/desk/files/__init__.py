"""Files of a case in the desk: downloading, taking in, redacting, releasing."""
