"""Room 1, reading: foreign files in, one checked Release out."""
