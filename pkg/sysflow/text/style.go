package text

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// Style is an ANSI colour or weight for a terminal.
type Style uint8

// Styles. StyleProcess to StyleOther tell the kinds of records apart, see KindStyle.
const (
	StylePlain Style = iota
	StyleTitle
	StyleDim
	StyleProcess
	StyleFile
	StyleNetwork
	StyleOther
	StyleBad
	StyleWarn
	StyleAlert
)

var sequences = [...]string{
	StyleTitle:   "\x1b[1m",
	StyleDim:     "\x1b[2m",
	StyleProcess: "\x1b[32m",
	StyleFile:    "\x1b[34m",
	StyleNetwork: "\x1b[36m",
	StyleOther:   "\x1b[35m",
	StyleBad:     "\x1b[31m",
	StyleWarn:    "\x1b[33m",
	StyleAlert:   "\x1b[1;31m",
}

const styleEnd = "\x1b[0m"

// Append appends value in the style.
func (s Style) Append(dst, value []byte) []byte {
	if s == StylePlain || len(value) == 0 {
		return append(dst, value...)
	}
	dst = append(append(dst, sequences[s]...), value...)
	return append(dst, styleEnd...)
}

// KindStyle returns the style of a kind of record.
func KindStyle(kind sysflow.Kind) Style {
	switch kind {
	case sysflow.KindProcess, sysflow.KindProcessEvent, sysflow.KindProcessFlow:
		return StyleProcess
	case sysflow.KindFile, sysflow.KindFileEvent, sysflow.KindFileFlow:
		return StyleFile
	case sysflow.KindNetworkEvent, sysflow.KindNetworkFlow:
		return StyleNetwork
	case sysflow.KindGap:
		return StyleBad
	default:
		return StyleOther
	}
}
