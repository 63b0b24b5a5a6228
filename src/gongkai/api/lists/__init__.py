"""The public lists of each duty: what stands in the columns, the register of documents, the yearly website forms."""
