# The source of `inherit (…)` is one delayed value that all its names select from; a plain `inherit` leaves no trace.
source: other: {
  inherit (source.set) a b;
  inherit other;
}
