# Only names that nothing written defines are looked up by name, in the nearest set first.
let known = 1; in
outer: with outer; with { x = 2; }; [ known x y ]
