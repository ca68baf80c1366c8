# A formal twice is told once the function is complete, before the bracket after it.
({ p, q, p }: p) ]
