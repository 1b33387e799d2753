package typeface

// Level3 are the Chinese characters of GB 18030-2022, implementation level 3, 87,887 of them: the unified blocks as far as
// Unicode 11 had filled them, and twelve that stand among the compatibility forms. Ascending within each.
func Level3() []rune {
	var all []rune
	for _, block := range [][2]rune{
		{0x4E00, 0x9FEF}, {0x3400, 0x4DB5}, {0x20000, 0x2A6D6}, {0x2A700, 0x2B734}, {0x2B740, 0x2B81D}, {0x2B820, 0x2CEA1}, {0x2CEB0, 0x2EBE0},
	} {
		for r := block[0]; r <= block[1]; r++ {
			all = append(all, r)
		}
	}
	return append(all, 0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29)
}
