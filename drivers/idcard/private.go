package idcard

// Cards are personalised from files that older systems wrote in GB 18030 of 2000 or 2005. Those editions gave 25
// characters two bytes that Unicode then had no character for, and that became private code points; the 2022 edition
// names the characters (GB 18030-2022, 附录; the two-byte codes A6D9–A6DF, A6EC, A6ED, A6F3, A8BC, FE51–FEA0). The other
// private code points mean nothing here: they stay as they are, and whoever draws them shows a crossed box.
var formerlyPrivate = map[rune]rune{
	0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11, 0xE790: 0xFE13, 0xE791: 0xFE14, 0xE792: 0xFE15, 0xE793: 0xFE16,
	0xE794: 0xFE17, 0xE795: 0xFE18, 0xE796: 0xFE19, 0xE7C7: 0x1E3F,
	0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7,
	0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE, 0xE864: 0x9FBB,
}

// public gives a text with each formerly private character as what it is now.
func public(text []rune) []rune {
	for i, r := range text {
		if now, ok := formerlyPrivate[r]; ok {
			text[i] = now
		}
	}
	return text
}
