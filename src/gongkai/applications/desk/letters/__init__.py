"""Letters in the desk: list, page with editing, review and signing, printing, the office's templates."""
