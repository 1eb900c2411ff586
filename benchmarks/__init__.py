"""Speed, memory and coverage, measured: what the pages on speed and correctness are made from."""
