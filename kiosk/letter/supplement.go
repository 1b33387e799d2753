package letter

// Supplied is the record of a supplement: which of the pages that a case lacks have come now.
type Supplied struct {
	Papers []SuppliedPaper `json:"papers"`
}

// SuppliedPaper is one paper that the case lacked.
type SuppliedPaper struct {
	Code  string `json:"code"`  // material, M07
	Pages int    `json:"pages"` // scanned now; 0 where it still lacks
	Later bool   `json:"later"` // the resident brings it
}

func (Supplied) Kind() Kind   { return Supplement }
func (Supplied) Version() int { return 1 }
