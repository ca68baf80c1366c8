# A formal is a plain name.
{ a.b }: a
