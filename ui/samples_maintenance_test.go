package ui

import "yimen/kiosk/journey/view"

// maintenanceSamples is a locked terminal with every kind of finding.
func maintenanceSamples() []sample {
	v := base(view.ScreenMaintenance, "", 0)
	v.Visit, v.Progress, v.Service, v.Offers = "", view.Progress{}, nil, []view.Do{view.DoHelp}
	v.Maintenance = &view.Maintenance{Lines: []view.MaintenanceLine{
		{Name: "软件", Outcome: "正常", Text: "版本 0.7.386 (bf86b23)，摘要 529d5166 0197c0e8", Mark: view.MarkGood},
		{Name: "时钟", Outcome: "正常", Text: "2026-11-23 08:30，网络对时正常", Mark: view.MarkGood}, {Name: "磁盘", Outcome: "正常", Text: "还剩 20.1 GiB，共 58.4 GiB", Mark: view.MarkGood},
		{Name: "证书", Outcome: "请留意", Text: "只到 2026-12-08，快到期了", Mark: view.MarkLook}, {Name: "政策包", Outcome: "正常", Text: "2026.01-1 版", Mark: view.MarkGood},
		{Name: "待送材料", Outcome: "有问题", Text: "12 份在等着送，最早的是 2026-11-20 15:12 收下的，请检查网络", Mark: view.MarkBad},
		{Name: "日志", Outcome: "正常", Text: "第 4711 条，摘要 529d5166 01970c8e", Mark: view.MarkGood},
		{Name: "高拍仪", Outcome: "正常", Text: "就绪；11-23 08:12 自检正常", Mark: view.MarkGood}, {Name: "身份证阅读器", Outcome: "正常", Text: "就绪；11-23 08:12 自检正常", Mark: view.MarkGood},
		{Name: "指示灯", Outcome: "请留意", Text: "就绪；还没有自检过", Mark: view.MarkLook}, {Name: "小票打印机", Outcome: "有问题", Text: "现在不能用，请检查线缆、电源、纸", Mark: view.MarkBad},
		{Name: "扫码器", Outcome: "正常", Text: "就绪；11-23 08:12 自检正常", Mark: view.MarkGood}, {Name: "检修", Outcome: "请留意", Text: "正在检修，居民现在不能用", Mark: view.MarkLook},
	}}
	return []sample{{"maintenance", v}}
}
