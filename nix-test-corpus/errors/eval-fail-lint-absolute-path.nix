# A path from the root, where the settings refuse it.
{ a = /b; }
