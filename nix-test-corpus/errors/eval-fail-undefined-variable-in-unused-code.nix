# Names are checked before evaluation, also in code that never runs.
if true then 1 else missing
