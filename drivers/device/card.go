package device

import "time"

// CardKind tells the four cards that a SAM_V reader knows (device-protocols.md §1.6).
type CardKind string

const (
	CitizenCard     CardKind = "citizen"
	ForeignCard2017 CardKind = "I" // foreigner's permanent residence, 2017 edition
	ForeignCard2023 CardKind = "Y" // the 2023 edition
	HMTResidence    CardKind = "J" // Hong Kong, Macao and Taiwan residence permit
)

// Card is what the reader found on an identity card. All text is trimmed. Fields that the kind does not
// have are empty. Nothing here is checked against rules: a reader reports, the desk judges.
type Card struct {
	Kind      CardKind
	Name      Personal // Chinese name
	Latin     Personal // I and Y: name in Latin letters
	Sex       string   // GB/T 2261.1 code: "0", "1", "2", "9"
	Ethnic    string   // GB/T 3304 code: "01".."58", "97", "98"; empty where the card has none
	Birth     Personal // YYYYMMDD
	Address   Personal // as printed; the newest address where the card carries one
	Number    Personal // 18 characters, 15 for I
	Issuer    string
	ValidFrom string // YYYYMMDD
	ValidTo   string // YYYYMMDD; empty when LongTerm
	LongTerm  bool   // 长期
	Country   string // I and Y: three letters
	PassNo    Personal
	Issues    string   // J: number of issues; Y: renewals; I: version
	OldNumber Personal // Y: the previous 15-character number, empty where none is linked
	Photo     []byte   // 1,024 bytes of WLT as read; nil where not read
	Picture   []byte   // Photo decoded, as PNG; nil: not decoded
	// Fingerprint is 512 or 1,024 bytes of GA/T 1012 templates as read, for whoever can match them; nil where the card has
	// none or the reader was not told to read it.
	Fingerprint []byte
	ReadAt      time.Time
}

// Frame is one picture from a camera, compressed as the camera sent it.
type Frame struct {
	JPEG []byte // owned by whoever holds the Frame; never written to after it was handed out
	At   time.Time
}
