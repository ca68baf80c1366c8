# The sources of inherit are bound before the attributes.
rec { p = missing1; inherit (missing2) q; }
