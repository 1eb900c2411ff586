"""Foreign files in: one module for each format that harnesses write."""
