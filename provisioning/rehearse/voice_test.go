package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
	"yimen/ui/voice/sound"
)

// scribe stands for espeak-ng: it writes down all that it is given, and answers with a moment of silence.
func scribe(t *testing.T) (log string) {
	t.Helper()
	dir := t.TempDir()
	log = filepath.Join(dir, "given")
	silence := sound.Clip{Rate: 22050, Samples: make([]int16, 200)}
	must(t, os.WriteFile(filepath.Join(dir, "silence.wav"), silence.Encode(), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "espeak-ng"), []byte("#!/bin/sh\nprintf '%s: ' \"$2\" >> "+log+"\ncat >> "+log+"\nexec cat "+dir+"/silence.wav\n"), 0o700))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return log
}

func written(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(b)
}

// TestAVisitIsSpokenAndNothingOfThePersonIsGivenToWhatSpeaks plays an application with the voice on, from the first screen to the
// slip, on the real processes; what follows it is silent.
func TestAVisitIsSpokenAndNothingOfThePersonIsGivenToWhatSpeaks(t *testing.T) {
	log, heard := scribe(t), t.TempDir()
	h := startHall(t, func(o *hall.Options) { o.Voice = "  loudspeaker: wav:" + heard + "\n" })
	ctx := within(t, 5*time.Minute)
	q := quick(t, h)
	first, err := q.Line.Until(ctx, "the voice is offered", func(s visitor.Seen) bool { return s.Screen == "attract" && strings.Contains(s.Text, "打开语音") })
	must(t, err)
	must(t, q.Line.Voice(ctx, first, "on"))
	slip, err := q.To(ctx, "slip")
	must(t, err)
	eventually(t, "the last screen is said", func() bool { return strings.Contains(written(t, log), "ban4 wan2 le5") })
	given := written(t, log)
	for _, want := range []string{"cmn-latn-pinyin: nin2 hao3, huan1 ying2", "qing3 ba3 shen1 fen4 zheng4 fang4 zai4 du2 ka3 qu1", "qing3 kan4 kan4, shi4 nin2 ben3 ren2 ma5", "shou1 jian4, bu4 deng3 yu2 shou4 li3"} {
		if !strings.Contains(given, want) {
			t.Errorf("not said: %s", want)
		}
	}
	number := regexp.MustCompile(`SJ-\d{6}-\d{4}-\d{8}-(\d{5})-[0-9A-Z]`).FindString(slip.Text)
	if number == "" {
		t.Fatalf("no number on the slip: %s", slip.Text)
	}
	code := regexp.MustCompile(`\d{4} \d{4}`).FindString(slip.Text)
	for name, datum := range map[string]string{
		"the name": "liu2 gui4 lan2", "the name's end": "gui4 lan2", "the card's number": "990000", "its digits": "jiu3 jiu3 ling2 ling2", "the slip's number": number,
		"its digits, said": "yao1 wu3 ling2 yao1 ling2 er4", "the code": code, "the code in one": strings.ReplaceAll(code, " ", ""), "Chinese characters": "刘",
	} {
		if strings.Contains(given, datum) {
			t.Errorf("%s was said: %s", name, datum)
		}
	}
	slip, err = q.Line.Until(ctx, "the slip is printed", func(s visitor.Seen) bool { return strings.Contains(s.Text, "凭条已打印") })
	must(t, err)
	must(t, q.Line.Press(ctx, slip, "finish", ""))
	_, err = q.Line.Until(ctx, "the first screen", func(s visitor.Seen) bool { return s.Screen == "attract" })
	must(t, err)
	over := written(t, log)
	must(t, q.Bench.TakeCard(ctx))
	_, err = q.To(ctx, "card", "confirm")
	must(t, err)
	if now := written(t, log); now != over {
		t.Errorf("the next visit was spoken to: %s", strings.TrimPrefix(now, over))
	}
	private, err := filepath.Glob(filepath.Join(heard, "*-earpiece.wav"))
	clips, _ := filepath.Glob(filepath.Join(heard, "*-loudspeaker.wav"))
	if err != nil || len(private) > 0 || len(clips) < 10 { // a visitor in a hurry lets few come to their end
		t.Errorf("%d clips, %d of them into the ear-piece, %v", len(clips), len(private), err)
	}
	t.Logf("%d pieces were spoken", strings.Count(over, "\n"))
}
