package text

import (
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// fillEvent writes the parts that depend on the kind.
func (f *LineFormatter) fillEvent(o *plogs.Observation) {
	switch e := o.Event.(type) {
	case *sysflow.ProcessEvent:
		f.begin(e.TS, e.OpFlags)
		f.processEvent(e, o.Process)
	case *sysflow.FileEvent:
		f.begin(e.TS, e.OpFlags)
		f.paths(o)
		f.result(e.Ret)
	case *sysflow.NetworkEvent:
		f.begin(e.TS, e.OpFlags)
		f.connection(e.Proto, e.SIP, e.SPort, e.DIP, e.DPort)
		f.result(e.Ret)
	case *sysflow.FileFlow:
		f.begin(e.TS, e.OpFlags)
		f.paths(o)
		f.counters(&e.Counters)
		f.duration(e.TS, e.EndTS)
	case *sysflow.NetworkFlow:
		f.begin(e.TS, e.OpFlags)
		f.connection(e.Proto, e.SIP, e.SPort, e.DIP, e.DPort)
		f.counters(&e.Counters)
		f.duration(e.TS, e.EndTS)
	case *sysflow.ProcessFlow:
		f.begin(e.TS, e.OpFlags)
		f.number("threads started ", e.NumThreadsCloned)
		f.number("ended ", e.NumThreadsExited)
		f.number("failed ", e.NumCloneErrors)
		f.duration(e.TS, e.EndTS)
	case *sysflow.K8sEvent:
		f.setClock(e.TS)
		f.resource = append(append(f.resource, e.ComponentKind.String()...), ' ')
		f.resource = append(append(f.resource, e.Action.String()...), ' ')
		f.resource = AppendPrintable(f.resource, e.Message)
	}
}

func (f *LineFormatter) begin(ts int64, ops sysflow.OpFlags) {
	f.setClock(ts)
	f.ops = AppendOps(f.ops, ops)
}

func (f *LineFormatter) processEvent(e *sysflow.ProcessEvent, p *sysflow.Process) {
	switch {
	case e.OpFlags&sysflow.OpExit != 0:
		f.waitStatus(e.Ret)
		return
	case e.OpFlags&sysflow.OpClone != 0 && e.Ret > 0:
		f.number("child ", int64(e.Ret))
		return
	case e.OpFlags&sysflow.OpExec != 0 && p != nil:
		f.resource = AppendPrintable(f.resource, p.Exe)
		if p.ExeArgs != "" {
			f.resource = AppendPrintable(append(f.resource, ' '), p.ExeArgs)
		}
	case len(e.Args) > 0:
		for i, arg := range e.Args {
			if i > 0 {
				f.resource = append(f.resource, ' ')
			}
			f.resource = AppendPrintable(f.resource, arg)
		}
	}
	f.result(e.Ret)
}

func (f *LineFormatter) paths(o *plogs.Observation) {
	if o.File != nil {
		f.resource = AppendPrintable(f.resource, o.File.Path)
	}
	if o.NewFile != nil {
		f.resource = AppendPrintable(append(f.resource, " -> "...), o.NewFile.Path)
	}
}

func (f *LineFormatter) connection(proto int32, sip netip.Addr, sport int32, dip netip.Addr, dport int32) {
	f.resource = append(appendProto(f.resource, proto), ' ')
	f.resource = AppendEndpoint(f.resource, sip, sport)
	f.resource = AppendEndpoint(append(f.resource, " -> "...), dip, dport)
}

// result writes a failure; that a call succeeded is not worth a word.
func (f *LineFormatter) result(ret int32) {
	if ret >= 0 {
		return
	}
	f.bad = true
	f.word("failed: ")
	f.detail = append(f.detail, syscall.Errno(-int64(ret)).Error()...)
}

// waitStatus writes how a process ended, from the status that wait reports.
func (f *LineFormatter) waitStatus(status int32) {
	const coreDumped = 0x80
	signal, code := status&0x7f, status>>8&0xff
	if signal == 0 {
		f.bad = code != 0
		f.word("status ")
		f.detail = strconv.AppendInt(f.detail, int64(code), 10)
		return
	}
	f.bad = true
	f.word("killed by signal ")
	f.detail = strconv.AppendInt(f.detail, int64(signal), 10)
	if status&coreDumped != 0 {
		f.detail = append(f.detail, " (core dumped)"...)
	}
}

// counters writes "r operations/bytes" and "w operations/bytes".
func (f *LineFormatter) counters(c *sysflow.Counters) {
	for _, x := range [...]struct {
		name       string
		ops, bytes int64
	}{{"r ", c.NumRRecvOps, c.NumRRecvBytes}, {"w ", c.NumWSendOps, c.NumWSendBytes}} {
		if x.ops == 0 && x.bytes == 0 {
			continue
		}
		f.word(x.name)
		f.detail = append(strconv.AppendInt(f.detail, x.ops, 10), '/')
		f.detail = append(strconv.AppendInt(f.detail, x.bytes, 10), 'B')
	}
}

func (f *LineFormatter) number(name string, n int64) {
	if n != 0 {
		f.word(name)
		f.detail = strconv.AppendInt(f.detail, n, 10)
	}
}

// duration writes how long a flow was, to three digits or so.
func (f *LineFormatter) duration(begin, end int64) {
	d := time.Duration(end - begin)
	if d < time.Microsecond {
		return
	}
	unit := time.Microsecond
	for _, u := range [...]time.Duration{time.Millisecond, time.Second} {
		if d >= 100*u {
			unit = u
		}
	}
	f.word("")
	f.detail = append(f.detail, d.Round(unit).String()...)
}

// word starts the next word of the detail.
func (f *LineFormatter) word(w string) {
	if len(f.detail) > 0 {
		f.detail = append(f.detail, "  "...)
	}
	f.detail = append(f.detail, w...)
}
