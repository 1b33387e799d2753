package handout

// Slip is a slip's rows; {…} are filled by kiosk/slip. A row has exactly one of its fields set.
type Slip struct {
	ID   string `yaml:"id"`
	Rows []Row  `yaml:"rows"`
}

// Row is one row of a Slip.
type Row struct {
	Text  string `yaml:"text"`
	Align string `yaml:"align"` // left, centre, right
	Size  int    `yaml:"size"`
	Bold  bool   `yaml:"bold"`
	Left  string `yaml:"left"` // with Right: two columns
	Right string `yaml:"right"`
	Rule  bool   `yaml:"rule"`
	QR    string `yaml:"qr"`
	Feed  int    `yaml:"feed"`
	Each  string `yaml:"each"` // the row repeats for each "material" or "paragraph"; for each "estimate", with the "line" rows among them for its lines
	When  string `yaml:"when"` // "delivered", "waiting", "agent", "household", "example", "also", "category": row only then
}
