"""Room 2, measuring: arrays in, frozen results out. No input, no output, no text for readers."""
