package render

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// style is an ANSI colour or weight.
type style uint8

const (
	stylePlain style = iota
	styleTitle
	styleDim
	styleProcess
	styleFile
	styleNetwork
	styleOther
	styleBad
)

var sequences = [...]string{
	styleTitle:   "\x1b[1m",
	styleDim:     "\x1b[2m",
	styleProcess: "\x1b[32m",
	styleFile:    "\x1b[34m",
	styleNetwork: "\x1b[36m",
	styleOther:   "\x1b[35m",
	styleBad:     "\x1b[31m",
}

const styleEnd = "\x1b[0m"

func (s style) append(dst, value []byte) []byte {
	if s == stylePlain || len(value) == 0 {
		return append(dst, value...)
	}
	dst = append(append(dst, sequences[s]...), value...)
	return append(dst, styleEnd...)
}

// styleOf colours what tells the kinds of rows apart, and failures.
func styleOf(field string, v fields.Value, kind sysflow.Kind) style {
	switch field {
	case "type", "opflags", "res":
		return kindStyle(kind)
	case "ret":
		if v.Kind == fields.Int && v.Int < 0 {
			return styleBad
		}
	case "idx", "ts", "ts_uts", "endts", "endts_uts", "container.id":
		return styleDim
	}
	return stylePlain
}

func kindStyle(kind sysflow.Kind) style {
	switch kind {
	case sysflow.KindProcessEvent, sysflow.KindProcessFlow:
		return styleProcess
	case sysflow.KindFileEvent, sysflow.KindFileFlow:
		return styleFile
	case sysflow.KindNetworkEvent, sysflow.KindNetworkFlow:
		return styleNetwork
	default:
		return styleOther
	}
}
