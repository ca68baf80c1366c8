# A rec set keeps its keyword.
rec { a = b; b = 1; inherit (a) c; }
