"nested answer"
