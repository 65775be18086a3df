package collector

import (
	"encoding/json"
	"strings"
)

// CaptureStarted is logged when the live capture knows what was open before it.
const CaptureStarted = "Capture started"

// LogLine is a line of the collector's log.
type LogLine struct {
	Level string `json:"level"`
	Msg   string `json:"msg"`
	// Fields are all of them, by name.
	Fields map[string]any `json:"-"`
	Text   string         `json:"-"`
}

// Tail returns the last n lines of the log, without what is the same in all of them.
func (c *Collector) Tail(n int) string {
	lines := c.LogLines()
	var out strings.Builder
	for _, l := range lines[max(0, len(lines)-n):] {
		if l.Fields == nil {
			out.WriteString(l.Text + "\n")
			continue
		}
		delete(l.Fields, "resource")
		short, _ := json.Marshal(l.Fields)
		out.Write(append(short, '\n'))
	}
	return out.String()
}

// LogLines parses what the collector has logged so far; other output (a panic) comes
// as lines of level "output".
func (c *Collector) LogLines() []LogLine {
	var out []LogLine
	for text := range strings.Lines(c.Logs()) {
		l := LogLine{Level: "output", Text: strings.TrimSpace(text)}
		if json.Unmarshal([]byte(text), &l) == nil {
			_ = json.Unmarshal([]byte(text), &l.Fields)
		}
		if l.Text != "" {
			out = append(out, l)
		}
	}
	return out
}

// Complaints returns the log lines above level info.
func (c *Collector) Complaints() []string {
	var out []string
	for _, l := range c.LogLines() {
		if l.Level != "info" && l.Level != "debug" {
			out = append(out, l.Text)
		}
	}
	return out
}
