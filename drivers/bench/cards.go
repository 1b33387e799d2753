package main

import "yimen/drivers/emulator/idcard"

// sample is one thing that can be laid down from the panel.
type sample[T any] struct {
	ID    string
	Label string
	Thing T
}

// listed is a sample as the API lists it.
type listed struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

func list[T any](samples []sample[T]) []listed {
	var out []listed
	for _, s := range samples {
		out = append(out, listed{s.ID, s.Label})
	}
	return out
}

func pick[T any](samples []sample[T], id string) (thing T, ok bool) {
	for _, s := range samples {
		if s.ID == id {
			return s.Thing, true
		}
	}
	return thing, false
}

func cardList() []listed                       { return list(cards) }
func sampleCard(id string) (idcard.Card, bool) { return pick(cards, id) }

const xincheng = "呼和浩特市公安局新城区分局"

// citizen fills what is alike on the invented citizens' cards. Area code 990000 belongs to no place, so
// nobody has such a number.
func citizen(name, sex, ethnic, number, address, from, to string) idcard.Card {
	return idcard.Card{Name: name, Sex: sex, Ethnic: ethnic, Birth: number[6:14], Address: address, Number: number, Issuer: xincheng, ValidFrom: from, ValidTo: to}
}

// cards are invented people, and the specimens that standards and test suites publish.
var cards = []sample[idcard.Card]{
	{"liu", "刘桂兰 · 普通身份证", citizen("刘桂兰", "2", "01", "990000196203150022", "内蒙古自治区呼和浩特市新城区测试东街12号3单元201室", "20160510", "20360510")},
	{"batu", "巴图孟和 · 蒙古族，有新址", func() idcard.Card {
		c := citizen("巴图孟和", "1", "02", "990000197811020031", "内蒙古自治区呼和浩特市武川县测试镇1号", "20180901", "20380901")
		c.NewestAddress = "内蒙古自治区呼和浩特市新城区测试北路5号"
		return c
	}()},
	{"rare", "王𠮷䶮 · 姓名有生僻字", citizen("王𠮷䶮", "1", "03", "990000198507210054", "内蒙古自治区呼和浩特市新城区测试南街8号", "20190301", "20390301")},
	{"rare2", "㛃𬭎 · 姓名全是生僻字", citizen("㛃𬭎", "2", "11", "990000199012050065", "内蒙古自治区呼和浩特市新城区测试西巷2号", "20200617", "20400617")},
	{"expired", "赵秀英 · 身份证已过期", citizen("赵秀英", "2", "01", "990000197004180020", "内蒙古自治区呼和浩特市新城区测试东街30号", "20040401", "20240401")},
	{"wrongdigit", "钱有才 · 号码校验位错误", citizen("钱有才", "1", "01", "990000197506060030", "内蒙古自治区呼和浩特市新城区测试东街31号", "20150101", "20350101")},
	{"longterm", "孙老汉 · 长期有效", citizen("孙老汉", "1", "01", "990000195109090014", "内蒙古自治区呼和浩特市新城区测试中路66号", "20110909", "长期")},
	{"child", "周小满 · 未成年人", citizen("周小满", "2", "01", "990000201505210020", "内蒙古自治区呼和浩特市新城区测试东街12号", "20230601", "20280601")},
	{"foreign-i", "TEST, JOHN · 外国人永居证（2017 版）", idcard.Card{Kind: idcard.Foreigner2017, EnglishName: "TEST, JOHN", Sex: "1",
		Number: "SAU320185010109", Country: "SAU", Name: "测约翰", ValidFrom: "20180101", ValidTo: "20280101", Birth: "19850101", Version: "01", Issuer: "3200"}},
	{"foreign-y", "TEST, JOHN · 外国人永居证（2023 版）", idcard.Card{Kind: idcard.Foreigner2023, Name: "测约翰", Sex: "1", Issues: "00", Birth: "19850101",
		EnglishName: "TEST, JOHN", Number: "932682198501010017", ValidFrom: "20231201", ValidTo: "20331130", Country: "SAU", OldNumber: "010"}},
	{"hmt", "陈测港 · 港澳台居民居住证", idcard.Card{Kind: idcard.HongKongMacauTwn, Name: "陈测港", Sex: "2", Birth: "18800101", Address: "广东省深圳市福田区测试路3号",
		Number: "810000188001010023", Issuer: "深圳市公安局福田分局", ValidFrom: "20240101", ValidTo: "20290101", PassNumber: "H12345678", Issues: "01"}},
	{"specimen", "张测试 · 公开样例号码", idcard.Card{Name: "张测试", Sex: "2", Ethnic: "01", Birth: "19491231", Address: "北京市朝阳区测试街道1号",
		Number: "11010519491231002X", Issuer: "北京市公安局朝阳分局", ValidFrom: "20200101", ValidTo: "20400101"}},
}
