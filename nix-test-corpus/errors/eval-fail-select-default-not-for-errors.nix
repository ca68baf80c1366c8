# A default covers missing attributes, not failing ones.
{ a = throw "failing attribute"; }.a or "default"
