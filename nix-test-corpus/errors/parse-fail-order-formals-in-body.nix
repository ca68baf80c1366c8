# A function is complete where its body cannot go on, also before what is unexpected there.
({ p, p }: p ]
