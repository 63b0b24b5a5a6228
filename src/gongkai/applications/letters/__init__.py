"""Letters of a case: kinds, wording, drafting and signing, and what they look like on paper."""
