# ... must come last.
{ ..., a }: a
