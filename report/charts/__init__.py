"""One function for each kind of chart: rows in, Vega-Lite specification out."""
