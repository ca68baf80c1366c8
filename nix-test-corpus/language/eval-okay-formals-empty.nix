# An empty pattern accepts only the empty set.
({ }: "ok") { }
