# Columns count bytes; the marker stands where the byte column says.
{ a = "é"; b = "雪"; c = undefined_name; }
