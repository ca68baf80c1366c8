# A set whose __toString gives no string.
"${{ __toString = self: 1; }}"
