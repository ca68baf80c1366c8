# // does not merge nested sets.
{ a = { x = 1; }; b = 0; } // { a = { y = 2; }; }
