package text

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// Widths of the columns of a line; the resource and what follows it are not padded
// beyond resourceWidth.
const (
	timeWidth     = len("15:04:05.000000")
	typeWidth     = 2
	processWidth  = 22
	resourceWidth = 44
	columnGap     = 2
)

// LineOptions say how lines look; the zero value is fine.
type LineOptions struct {
	// Location is the zone of the times, the local one by default.
	Location *time.Location
	// Color makes use of ANSI colours.
	Color bool
	// Width is the room for a line. Longer resources and command lines keep their end,
	// after "..". 0 cuts nothing.
	Width int
}

// LineFormatter renders events and flows as one readable line each: start time,
// type, process, operations, what it is about, counters or result, and
// container. It is not safe for concurrent use.
//
//	15:04:05.123456  FF  cat[4711]               O   R   C    /etc/passwd     r 1/1024B  45us
type LineFormatter struct {
	opts   LineOptions
	second int64 // of clock
	clock  []byte
	// The parts of the line being made.
	process, ops, resource, detail, where []byte
	bad                                   bool
}

// NewLineFormatter returns a formatter.
func NewLineFormatter(opts LineOptions) *LineFormatter {
	if opts.Location == nil {
		opts.Location = time.Local
	}
	return &LineFormatter{opts: opts}
}

// Append appends the line of o, with its line feed. Observations without an event
// add nothing.
func (f *LineFormatter) Append(dst []byte, o *plogs.Observation) []byte {
	if o.Event == nil || o.Event.Kind().IsEntity() {
		return dst
	}
	f.fill(o)
	kind := o.Event.Kind()
	column := f.fit()
	paint, dim, result := StylePlain, StylePlain, StylePlain
	if f.opts.Color {
		paint, dim = KindStyle(kind), StyleDim
		if f.bad {
			result = StyleBad
		}
	}
	dst = dim.Append(dst, f.clock)
	dst = pad(paint.Append(pad(dst, columnGap), []byte(kind.String())), columnGap+typeWidth-len(kind.String()))
	dst = pad(append(dst, f.process...), columnGap+processWidth-utf8.RuneCount(f.process))
	dst = pad(paint.Append(dst, f.ops), columnGap+OpsWidth-len(f.ops))
	dst = append(dst, f.resource...)
	if len(f.detail)+len(f.where) > 0 {
		dst = pad(dst, column-utf8.RuneCount(f.resource))
	}
	if len(f.detail) > 0 {
		dst = result.Append(pad(dst, columnGap), f.detail)
	}
	if len(f.where) > 0 {
		dst = dim.Append(pad(dst, columnGap), f.where)
	}
	return append(bytes.TrimRight(dst, " "), '\n')
}

// fill makes the parts of the line.
func (f *LineFormatter) fill(o *plogs.Observation) {
	f.process, f.ops, f.resource = f.process[:0], f.ops[:0], f.resource[:0]
	f.detail, f.where, f.bad = f.detail[:0], f.where[:0], false
	f.fillProcess(o)
	f.fillEvent(o)
	f.fillWhere(o)
}

// fillProcess writes "name[pid]", where a long name keeps its beginning.
func (f *LineFormatter) fillProcess(o *plogs.Observation) {
	if o.Process == nil {
		return
	}
	exe := o.Process.Exe
	f.process = AppendPrintable(f.process, exe[strings.LastIndexByte(exe, '/')+1:])
	var buf [24]byte
	pid := append(strconv.AppendInt(append(buf[:0], '['), o.Process.OID.HPID, 10), ']')
	for excess := utf8.RuneCount(f.process) + len(pid) - processWidth; excess > 0; excess-- {
		_, size := utf8.DecodeLastRune(f.process)
		f.process = f.process[:len(f.process)-size]
	}
	f.process = append(f.process, pid...)
}

// fillWhere writes the container, with its pod.
func (f *LineFormatter) fillWhere(o *plogs.Observation) {
	if o.Container == nil {
		// it may be one that nothing describes
		if o.Process != nil && o.Process.ContainerID != "" {
			f.where = append(AppendPrintable(append(f.where, '['), o.Process.ContainerID), ']')
		}
		return
	}
	f.where = append(f.where, '[')
	if o.Pod != nil {
		f.where = append(AppendPrintable(f.where, o.Pod.Namespace), '/')
		f.where = append(AppendPrintable(f.where, o.Pod.Name), ' ')
	}
	if o.Container.Name != "" {
		f.where = append(AppendPrintable(f.where, o.Container.Name), ' ')
	}
	f.where = append(AppendPrintable(f.where, o.Container.ID), ']')
}

// setClock makes f.clock the time of day of ts.
func (f *LineFormatter) setClock(ts int64) {
	second, nanos := ts/1e9, ts%1e9
	if nanos < 0 {
		second, nanos = second-1, nanos+1e9
	}
	if len(f.clock) == 0 || second != f.second {
		f.second = second
		f.clock = time.Unix(second, 0).In(f.opts.Location).AppendFormat(f.clock[:0], "15:04:05.000000")
	}
	for i, micros := timeWidth-1, nanos/1000; f.clock[i] != '.'; i, micros = i-1, micros/10 {
		f.clock[i] = byte('0' + micros%10)
	}
}

// fit cuts the resource to the room that the other parts leave, and returns how wide
// its column is.
func (f *LineFormatter) fit() int {
	const shortest = 12
	if f.opts.Width <= 0 {
		return resourceWidth
	}
	room := f.opts.Width - timeWidth - typeWidth - processWidth - OpsWidth - 4*columnGap
	for _, part := range [][]byte{f.detail, f.where} {
		if len(part) > 0 {
			room -= utf8.RuneCount(part) + columnGap
		}
	}
	room = max(room, shortest)
	f.resource = AppendTail(f.resource[:0], f.resource, room)
	return min(room, resourceWidth)
}

func pad(dst []byte, n int) []byte {
	for ; n > 0; n-- {
		dst = append(dst, ' ')
	}
	return dst
}
