package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"
)

const (
	okMark   = "ok"
	failMark = "FAIL"
	gap      = "  "
	// green is what text calls it.
	green = text.StyleProcess
)

// writeText writes a line per check, the remedy below each that failed, and what
// follows from it all.
func writeText(w io.Writer, results []capture.Result, color bool) error {
	names := 0
	for _, r := range results {
		names = max(names, utf8.RuneCountInString(r.Name))
	}
	indent := strings.Repeat(" ", len(failMark)+len(gap)+names+len(gap))
	paint := func(s text.Style, words string) string {
		if !color {
			return words
		}
		return string(s.Append(nil, []byte(words)))
	}
	var b strings.Builder
	for _, r := range results {
		mark, style := okMark, green
		if !r.OK {
			mark, style = failMark, text.StyleBad
		}
		b.WriteString(paint(style, mark) + strings.Repeat(" ", len(failMark)-len(mark)) + gap)
		writeItem(&b, fmt.Sprintf("%-*s", names, r.Name)+gap+r.Detail, indent)
		if !r.OK && r.Remedy != "" {
			b.WriteString(indent)
			writeItem(&b, paint(text.StyleTitle, "remedy:")+" "+r.Remedy, indent)
		}
	}
	failed := failures(results)
	if failed == 0 {
		b.WriteString("\n" + paint(green, "Live capture is possible on this host.") + "\n")
	} else {
		b.WriteString("\n" + paint(text.StyleBad, "Live capture is not possible here") +
			fmt.Sprintf(": %d of %d checks failed.\n", failed, len(results)))
	}
	_, err := io.WriteString(w, b.String())
	return err // of the caller's writer
}

// writeItem writes words that may be several lines (what the kernel's verifier says is)
// and keeps them in their column.
func writeItem(b *strings.Builder, words, indent string) {
	first, rest, _ := strings.Cut(strings.TrimSpace(words), "\n")
	b.WriteString(strings.TrimRight(first, " ") + "\n")
	for line := range strings.Lines(rest) {
		b.WriteString(indent + strings.TrimSpace(line) + "\n")
	}
}

// document is the form of -o json.
type document struct {
	OK     bool        `json:"ok"`
	Checks []checkItem `json:"checks"`
}

type checkItem struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

func writeJSON(w io.Writer, results []capture.Result) error {
	doc := document{OK: failures(results) == 0, Checks: make([]checkItem, len(results))}
	for i, r := range results {
		doc.Checks[i] = checkItem(r)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc) // of the caller's writer
}
