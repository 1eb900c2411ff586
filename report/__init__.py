"""Room 3, showing: a Release and its statistics in, pages, charts, tables and data files out."""
