# A top-level function is called once arguments are given; then none may be missing.
{ needed, optional ? 1 }: needed
