# scopedImport needs what it reads to be built too.
scopedImport { } (derivation { name = "x"; system = "s"; builder = "b"; })
