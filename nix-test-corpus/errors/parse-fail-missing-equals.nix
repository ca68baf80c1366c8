# A name alone is no binding.
{ a; }
