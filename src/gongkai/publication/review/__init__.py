"""Review before publication: scans, three reviews with three proofreadings, secrecy review, the form they are signed on."""
